"""Forms of a person's and a host's time: opening hours by weekday, quiet periods, the address of an own calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, FormField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from app.calendars.external import LONGEST_NAME
from app.calendars.targets import read_target
from app.core.errors import Invalid
from app.core.text import clean_line
from app.people.models import Host
from app.people.quiet import Hours
from app.web.coordinator.keeping_forms import People
from app.web.form_words import PlainForm
from app.web.host.absence_form import DaysForm, Who, key_of, words_for
from app.web.host.fields import ChoiceField, ClockField, at_most
from app.web.meanwhile import EditForm
from app.web.visitor.checks import Filled

LAST_MINUTE = time(23, 59)


class DayForm(PlainForm):
    """One weekday: from when to when, and perhaps once more, or nothing where it is closed."""

    opens = ClockField(_l("From"))
    closes = ClockField(_l("To"))
    opens_again = ClockField(_l("Again from"))
    closes_again = ClockField(_l("To"))

    def validate_closes(self, field: Field) -> None:
        """Both or neither, and the first before the second."""
        _check_span(self.opens, field)

    def validate_closes_again(self, field: Field) -> None:
        """The same once more, and later than the first span."""
        _check_span(self.opens_again, field)
        begins, before = self.opens_again.data, self.closes.data
        if begins is not None and not self.opens.errors and not self.closes.errors:
            if before is None:
                raise ValidationError(_("Write the first times of the day first."))
            if begins <= before:
                raise ValidationError(_("The second opening must be later than the first one ends."))

    @property
    def clocks(self) -> list[str]:
        """The times written, in pairs."""
        fields = (self.opens, self.closes, self.opens_again, self.closes_again)
        return [f"{field.data:%H:%M}" for field in fields if field.data is not None]


def _check_span(opens: Field, closes: Field) -> None:
    if (opens.data is None) != (closes.data is None) and not opens.errors:
        raise ValidationError(_("Write both times, or none where the day is closed."))
    if opens.data is not None and closes.data is not None and closes.data <= opens.data:
        raise ValidationError(_("The second time must be later than the first."))


class HoursForm(EditForm):
    """A week."""

    KEPT_AS = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "opening_hours")

    mon = FormField(DayForm, _l("Monday"))
    tue = FormField(DayForm, _l("Tuesday"))
    wed = FormField(DayForm, _l("Wednesday"))
    thu = FormField(DayForm, _l("Thursday"))
    fri = FormField(DayForm, _l("Friday"))
    sat = FormField(DayForm, _l("Saturday"))
    sun = FormField(DayForm, _l("Sunday"))

    @classmethod
    def of(cls, hours: Hours, **others: Any) -> Self:
        """The form with these hours in it, unless something was typed."""
        return cls(data={day: _times(hours[day]) for day in hours}, **others)

    def over(self, before: Hours) -> dict[str, list[str]]:
        """As hosts have them; weekdays that were not touched stay to the minute what they were."""
        typed = self.hours
        kept = {day.name: before.get(day.name, []) for day in self.days if self.shown and day.name not in self.changed}
        return {name: clocks for name, clocks in (typed | kept).items() if clocks}

    def words_of(self, part: tuple[str, ...]) -> str:
        """The spans of the day."""
        if part[0] not in self.KEPT_AS:
            return super().words_of(part)
        clocks = self[part[0]].form.clocks
        spans = zip(clocks[::2], clocks[1::2], strict=False)
        return ", ".join(f"{opens}–{closes}" for opens, closes in spans) or _("Closed")

    @property
    def days(self) -> list[Any]:
        """The seven weekdays."""
        return [field for field in self if isinstance(field, FormField)]

    @property
    def hours(self) -> dict[str, list[str]]:
        """As hosts have them; closed weekdays are missing."""
        return {day.name: day.form.clocks for day in self.days if day.form.clocks}


class HostHoursForm(HoursForm):
    """A host's week, and how much it takes."""

    daily_cap = People(_l("At most how many visits a day?"), [Optional()])
    weekly_cap = People(_l("At most how many visits a week?"), [Optional()])
    monthly_cap = People(_l("At most how many visits a month?"), [Optional()])

    def fill(self, host: Host) -> None:
        """Put everything into the row."""
        host.opening_hours = self.over(host.opening_hours)
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
    name = StringField(
        _l("Your own name for it"),
        [at_most(LONGEST_NAME)],
        filters=[clean_line],
        description=_l("So that you can tell two calendars apart. Only you and your colleagues see it."),
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


def _times(clocks: Any) -> Mapping[str, time]:
    times = [LAST_MINUTE if clock == "24:00" else time.fromisoformat(clock) for clock in clocks]
    return dict(zip(("opens", "closes", "opens_again", "closes_again"), times, strict=False))
