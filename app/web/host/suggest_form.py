"""The form of a whole programme: the wished stops and the rules. It lives in the address, so a reload keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FormField, HiddenField, IntegerField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.core.time import from_venue
from app.people.models import Host, Place
from app.planning.wishes import LONGEST_STAY, MOST_A_DAY, Placed, Request, Window, Wish
from app.web.form_words import PlainForm
from app.web.host.fields import LINE, ChoiceField, ClockField, DayField, Within, at_most
from app.web.language import page_language

MOST_STOPS = 8
ANYBODY, NOBODY = "", "nobody"


class StopForm(PlainForm):
    """One wished stop; a row without a title is not wished."""

    title = StringField(_l("What happens?"), validators=[at_most(LINE)])
    host = ChoiceField(_l("Host"))
    or_host = ChoiceField(_l("Or another host"), default="", description=_l("Whichever is free receives them."))
    or_third = ChoiceField(_l("Or a third one"), default="")
    minutes = IntegerField(_l("Minutes"), default=60, validators=[Optional(), Within(15, 480)])
    contact = ChoiceField(_l("Contact person"), default=ANYBODY)
    place = ChoiceField(_l("Place"), default="")
    on = DayField(_l("Only on this day"), validators=[Optional()])
    starts = ClockField(_l("Only at this time"), validators=[Optional()], description=_l("On that day."))
    after = ChoiceField(_l("After which other stop?"), default="")
    splits = BooleanField(_l("Half the group may be somewhere else meanwhile"))
    daylight = BooleanField(_l("Outdoors: only in daylight"))
    serves_lunch = BooleanField(_l("Lunch is eaten here"))

    @property
    def others(self) -> list[str]:
        """Hosts that could receive instead of the first."""
        chosen = dict.fromkeys(field.data for field in (self.or_host, self.or_third) if field.data)
        return [slug for slug in chosen if slug != self.host.data]

    @property
    def is_fixed(self) -> bool:
        """Whether it is wished for one moment only."""
        return _fixed(self.on.data, self) is not None

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Each field by itself; then whether the person belongs to the host, and a fixed time has its day."""
        if not super().validate(*args, **kwargs) or not (self.title.data or "").strip():
            return not self.errors
        host = self.known_hosts[self.host.data]
        if self.contact.data not in {ANYBODY, NOBODY, *(str(user.id) for user in host.members)}:
            name = host.name_in(page_language())
            self.contact.errors = [_("This person does not belong to %(host)s. Choose one of its people.", host=name)]
        if self.starts.data and not self.on.data:
            self.on.errors = [_("A fixed time needs its day too. A day without a time means any time on that day.")]
        return not self.errors


class SuggestForm(FlaskForm):
    """Everything wished; sent by GET, it changes nothing."""

    class Meta:
        """The address carries the form, and a page that only reads needs no token."""

        csrf = False

    stops = FieldList(FormField(StopForm), description=_l("Stop %(number)d"), min_entries=1, max_entries=MOST_STOPS)
    first_on = DayField(_l("From this day"), validators=[Optional()])
    last_on = DayField(_l("Until this day"), validators=[Optional()])
    stay = IntegerField(_l("On how many days at most?"), default=1, validators=[Optional(), Within(1, LONGEST_STAY)])
    most = IntegerField(_l("At most so many stops a day"), validators=[Optional(), Within(1, MOST_A_DAY)])
    lunch = ChoiceField(_l("Lunch"), default="yes")
    ignore = HiddenField()

    @property
    def ignored(self) -> list[str]:
        """Keys of times from own calendars that shall not count."""
        return (self.ignore.data or "").split()[:20]

    def offer(self, hosts: Sequence[tuple[str, list[Host]]], places: Iterable[Place], most: int) -> None:
        """Fill in the choices of every row, and the city's rule where nothing was said."""
        language = page_language()
        self.known_hosts = {host.slug: host for _group, members in hosts for host in members}
        self.known_places = {place.slug: place for place in places}
        named = sorted((place.name_in(language), place.slug) for place in self.known_places.values())
        people = [
            SelectChoice(str(user.id), user.name, optgroup=host.name_in(language))
            for host in self.known_hosts.values()
            for user in host.members
        ]
        if self.most.data is None:
            self.most.data = most
        self.lunch.offer([SelectChoice("yes", _("Leave time for lunch")), SelectChoice("no", _("No lunch needed"))])
        for number, row in enumerate(self.stops.entries):
            row.form.known_hosts = self.known_hosts
            row.form.host.offer(
                SelectChoice(host.slug, host.name_in(language), optgroup=group or None)
                for group, members in hosts
                for host in members
            )
            for other in (row.form.or_host, row.form.or_third):
                other.offer([SelectChoice("", _("No other host")), *row.form.host.choices])
            first = [SelectChoice(ANYBODY, _("Anybody of the host")), SelectChoice(NOBODY, _("Not decided yet"))]
            row.form.contact.offer([*first, *people])
            row.form.place.offer([SelectChoice("", _("Not in the list")), *(SelectChoice(s, n) for n, s in named)])
            others = [n for n in range(len(self.stops.entries)) if n != number]
            row.form.after.offer(
                [
                    SelectChoice("", _("Any order")),
                    *(SelectChoice(str(n), _("After stop %(n)d", n=n + 1)) for n in others),
                ]
            )

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Each field by itself, then what they say together."""
        if not super().validate(*args, **kwargs):
            return False
        if not self.wished:
            self.form_errors = [_("Say for at least one stop what happens.")]
            return False
        first, last = self.first_on.data, self.last_on.data
        if bool(first) != bool(last) or (first and last and not first <= last <= first + timedelta(days=60)):
            self.last_on.errors = [_("Give both days, the last one not before the first and within 60 days.")]
            return False
        return True

    @property
    def wished(self) -> list[tuple[int, Any]]:
        """The rows that say what happens, with their number."""
        return [(n, row) for n, row in enumerate(self.stops.entries) if (row.form.title.data or "").strip()]

    @property
    def hosts(self) -> list[Host]:
        """The hosts that are wished, those that could receive instead among them."""
        slugs = [slug for _n, row in self.wished for slug in (row.form.host.data, *row.form.others)]
        return [self.known_hosts[slug] for slug in dict.fromkeys(slugs)]

    def question(self, windows: tuple[Window, ...], placed: tuple[Placed, ...]) -> Request:
        """What planning is asked; only after validation."""
        if self.first_on.data and self.last_on.data:
            windows = (Window(self.first_on.data, self.last_on.data),)
        keys = {str(number) for number, _row in self.wished}
        after = [(row.form.after.data, str(number)) for number, row in self.wished]
        return Request(
            tuple(self._wish(number, row.form) for number, row in self.wished),
            windows,
            placed,
            tuple(pair for pair in after if pair[0] in keys),
            longest_stay=self.stay.data or 1,
            lunch=self.lunch.data != "no",
            stops_a_day=self.most.data,
        )

    def _wish(self, number: int, row: StopForm) -> Wish:
        host = self.known_hosts[row.host.data]
        members = self._anybody(host.slug)
        chosen = {ANYBODY: members, NOBODY: ()}.get(row.contact.data, (row.contact.data,))
        return Wish(
            str(number),
            (host.slug,),
            row.minutes.data or 60,
            contacts=chosen,
            spare_contacts=tuple(person for person in members if person not in chosen),
            place=row.place.data or None,
            fixed_at=_fixed(row.on.data, row),
            on=row.on.data,
            splits=row.splits.data,
            daylight=row.daylight.data,
            serves_lunch=row.serves_lunch.data,
            instead=tuple((slug, self._anybody(slug) if row.contact.data != NOBODY else ()) for slug in row.others),
        )

    def _anybody(self, slug: str) -> tuple[str, ...]:
        return tuple(str(user.id) for user in self.known_hosts[slug].members)


def _fixed(day: date | None, row: StopForm) -> datetime | None:
    clock = row.starts.as_written()
    return from_venue(datetime.combine(day, clock)) if day and clock else None
