"""Forms of a person's and a host's time: opening hours by weekday, quiet periods, the address of an own calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, FormField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from app.calendars.targets import read_target
from app.core.errors import Invalid
from app.people.models import Host
from app.people.quiet import Hours
from app.web.coordinator.keeping_forms import People
from app.web.form_words import PlainForm
from app.web.host.absence_form import DaysForm, Who, key_of, words_for
from app.web.host.fields import ChoiceField, ClockField
from app.web.visitor.checks import Filled

LAST_MINUTE = time(23, 59)


class DayForm(PlainForm):
    """One weekday: from when to when, or nothing where it is closed."""

    opens = ClockField(_l("From"))
    closes = ClockField(_l("To"))

    def validate_closes(self, field: Field) -> None:
        """Both or neither, and the first before the second."""
        opens, closes = self.opens.data, field.data
        if (opens is None) != (closes is None) and not self.opens.errors:
            raise ValidationError(_("Write both times, or none where the day is closed."))
        if opens is not None and closes is not None and closes <= opens:
            raise ValidationError(_("The second time must be later than the first."))


class HoursForm(FlaskForm):
    """A week."""

    mon = FormField(DayForm, _l("Monday"))
    tue = FormField(DayForm, _l("Tuesday"))
    wed = FormField(DayForm, _l("Wednesday"))
    thu = FormField(DayForm, _l("Thursday"))
    fri = FormField(DayForm, _l("Friday"))
    sat = FormField(DayForm, _l("Saturday"))
    sun = FormField(DayForm, _l("Sunday"))

    @classmethod
    def of(cls, hours: Hours, **others: Any) -> HoursForm:
        """The form with these hours in it, unless something was typed."""
        return cls(data={day: _times(hours[day]) for day in hours}, **others)

    @property
    def days(self) -> list[Any]:
        """The seven weekdays."""
        return [field for field in self if isinstance(field, FormField)]

    @property
    def hours(self) -> dict[str, list[str]]:
        """As hosts have them; closed weekdays are missing."""
        return {
            day.name: [f"{day.form.opens.data:%H:%M}", f"{day.form.closes.data:%H:%M}"]
            for day in self.days
            if day.form.opens.data is not None
        }


class HostHoursForm(HoursForm):
    """A host's week, and how much it takes."""

    daily_cap = People(_l("At most how many visits a day?"), [Optional()])
    weekly_cap = People(_l("At most how many visits a week?"), [Optional()])
    monthly_cap = People(_l("At most how many visits a month?"), [Optional()])

    def fill(self, host: Host) -> None:
        """Put everything into the row."""
        host.opening_hours = self.hours
        for name in ("daily_cap", "weekly_cap", "monthly_cap"):
            setattr(host, name, self[name].data)


class QuietForm(DaysForm):
    """Days without visits."""

    def __init__(self, *whom: Who, **kwargs: Any) -> None:
        super().__init__(*whom, prefix="quiet", **kwargs)


class CalendarForm(FlaskForm):
    """Whose calendar it is, and where it is published."""

    who = ChoiceField(_l("Whose calendar?"))
    url = StringField(
        _l("Secret address of the calendar"),
        [Filled(_l("Paste the address of the calendar."))],
        description=_l("It begins with https:// or webcal://, and often ends in .ics."),
    )

    def __init__(self, *whom: Who, **kwargs: Any) -> None:
        super().__init__(prefix="calendar", **kwargs)
        self.whom = {key_of(one): one for one in whom}
        self.who.offer(SelectChoice(key, words_for(one)) for key, one in self.whom.items())

    def validate_url(self, field: Field) -> None:
        """Something that could be fetched, by its spelling; whether it can, the fetching shows."""
        try:
            read_target(field.data)
        except Invalid as error:
            raise ValidationError(address_words(error.code)) from error

    @property
    def chosen(self) -> Who:
        """Whose calendar it is."""
        return self.whom[self.who.data]


def address_words(code: str) -> str:
    """What is wrong with an address, in words."""
    return {
        "scheme": _("Write the whole address, beginning with https:// or webcal://."),
        "too-many": _("There are three calendars already. Remove one first."),
    }.get(code, _("This address cannot be used. Copy it once more from your calendar program, without a password."))


def _times(span: Any) -> Mapping[str, time]:
    opens, closes = (LAST_MINUTE if clock == "24:00" else time.fromisoformat(clock) for clock in span)
    return {"opens": opens, "closes": closes}
