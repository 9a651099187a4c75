"""The form of one appointment: what, by whom, where and when, on the venue's clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from app.core.time import in_venue, now
from app.people.models import Host, Place, User
from app.visits.invitation_models import Invitation
from app.visits.lifecycle import Plan
from app.visits.programme_models import Appointment
from app.web.formats import when
from app.web.host.choices import host_choices, people_choices, place_choices, receivers
from app.web.host.clock_span import ClockSpan
from app.web.host.fields import LINE, ChoiceField, ClockField, DayField, at_most, required, text_area
from app.web.language import page_language
from app.web.meanwhile import EditForm

KEPT_AS = {"on": "starts_at"}  # as arranging.py writes it down: day, start and end are one


class AppointmentForm(ClockSpan, EditForm):
    """One stop of the programme."""

    TOGETHER = (("on", "starts", "ends"), ("host", "contact"), ("place", "place_text"))
    BESIDE = ("reason",)
    KEPT_AS = KEPT_AS

    title = StringField(
        _l("What happens?"),
        description=_l("The visitor reads this. For example: Tour of the fish market."),
        validators=[required(_l("Say in a few words what happens.")), at_most(LINE)],
    )
    on = DayField(_l("Day"), validators=[required(_l("Choose the day."))])
    starts = ClockField(_l("From"), validators=[required(_l("Say when it starts."))])
    ends = ClockField(_l("Until"), validators=[required(_l("Say when it ends."))])
    host = ChoiceField(
        _l("Which host receives them there?"), description=_l("Another host than your own is asked first.")
    )
    contact = ChoiceField(
        _l("Contact person"), default="", description=_l("Somebody who belongs to the host chosen above.")
    )
    place = ChoiceField(_l("Place"), default="")
    place_text = StringField(
        _l("Meeting point or another place"),
        description=_l("An address if the place is not in the list, or where to meet: main entrance, second floor."),
        validators=[at_most(LINE)],
    )
    fixed = BooleanField(
        _l("The time is fixed"), description=_l("It stays where it is when the visit runs late and later stops move.")
    )
    splits = BooleanField(
        _l("Half the group may be somewhere else meanwhile"),
        description=_l("Where another stop at the same time says so too, the group divides between the two."),
    )
    visitor_note = text_area(
        _l("Note for the visitor"),
        description=_l("For example what to bring or to wear. It stands in the visitor's programme and calendar."),
        rows=3,
    )
    note = text_area(_l("Note for hosts"), description=_l("The visitor does not see it."), rows=3)

    reason = StringField(
        _l("Why all the same?"),
        description=_l("Somebody's own calendar says that this time is taken. The reason is kept in the history."),
        validators=[at_most(LINE)],
    )

    def offer(
        self, hosts: Iterable[tuple[str, list[Host]]], places: Iterable[Place], stop: Appointment | None = None
    ) -> None:
        """Fill in the hosts (in groups), their people, and the places; `stop` is the one that is changed."""
        groups, self.stop = list(hosts), stop
        self.known_hosts = {host.slug: host for _group, members in groups for host in members}
        self.known_places = {place.slug: place for place in places}
        self.host.offer(host_choices(groups))
        self.contact.offer(people_choices(self.known_hosts.values(), stop))
        self.place.offer(place_choices(self.known_places.values()))

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """Each field by itself, then what they say together."""
        if not super().validate(*args, **kwargs):
            return False
        self._check_contact()
        self.check_clock()
        if self.span[1] <= now():
            self.on.errors = [_("This day and time are past. Choose a coming one.")]
        return not self.errors

    @property
    def plan(self) -> Plan:
        """What was asked for; only after validation."""
        chosen = self.known_hosts[self.host.data]
        people = receivers(chosen, self.stop)
        return Plan(
            title=self.title.data,
            host=chosen,
            starts_at=self.span[0],
            ends_at=self.span[1],
            contact=next((user for user in people if str(user.id) == self.contact.data), None),
            place=self.known_places.get(self.place.data),
            place_text=self.place_text.data or "",
            note=self.note.data or "",
            fixed=self.fixed.data,
            splits=self.splits.data,
            visitor_note=self.visitor_note.data or "",
        )

    def words_of(self, part: tuple[str, ...]) -> str:
        """Day and times as they are written elsewhere."""
        return when(*self.span) if part[0] == "on" else super().words_of(part)

    @property
    def why(self) -> str:
        """The reason for taking a time that is taken elsewhere."""
        return self.reason.data or ""

    def _check_contact(self) -> None:
        host = self.known_hosts[self.host.data]
        if self.contact.data and self.contact.data not in {str(user.id) for user in receivers(host, self.stop)}:
            name = host.name_in(page_language())
            self.contact.errors = [_("This person does not belong to %(host)s. Choose one of its people.", host=name)]


def filled_in(appointment: Appointment) -> dict[str, Any]:
    """The form's values for an appointment as it stands."""
    starts, ends = in_venue(appointment.starts_at), in_venue(appointment.ends_at)
    return {
        "title": appointment.title,
        "on": starts.date(),
        "starts": starts.time(),
        "ends": ends.time(),
        "host": appointment.host.slug,
        "contact": str(appointment.contact_id or ""),
        "place": appointment.place.slug if appointment.place else "",
        "place_text": appointment.place_text,
        "note": appointment.note,
        "fixed": appointment.fixed,
        "splits": appointment.splits,
        "visitor_note": appointment.visitor_note,
    }


def proposed(appointment: Appointment, invitation: Invitation) -> dict[str, Any]:
    """The same with the time that somebody proposed in an answer to the invitation."""
    values = filled_in(appointment)
    if invitation.counter_starts_at and invitation.counter_ends_at:
        starts, ends = in_venue(invitation.counter_starts_at), in_venue(invitation.counter_ends_at)
        values |= {"on": starts.date(), "starts": starts.time(), "ends": ends.time()}
    return values


def suggested(user: User, own: Host | None, before: list[Appointment], first_on: date | None) -> dict[str, Any]:
    """The form's values for a new one: after the last stop, or on the first wished day in the morning."""
    starts = time(9)
    if before:
        last = in_venue(max(appointment.ends_at for appointment in before))
        first_on, starts = last.date(), last.time().replace(second=0, microsecond=0)
    ends = time(min(starts.hour + 1, 23), starts.minute if starts.hour < 23 else 59)
    is_member = own is not None and user in own.members
    return {
        "on": first_on,
        "starts": starts,
        "ends": ends,
        "host": own.slug if own else None,
        "contact": str(user.id) if is_member else "",
        "place": "",
    }


def from_address(args: Mapping[str, str]) -> dict[str, Any]:
    """What the page before has chosen already, where it can be read; the form checks it like anything typed."""
    found: dict[str, Any] = {name: args[name] for name in ("title", "host", "contact", "place") if name in args}
    for name, read in (("on", date.fromisoformat), ("starts", _clock), ("ends", _clock)):
        with suppress(KeyError, ValueError):
            found[name] = read(args[name])
    return found


def _clock(written: str) -> time:
    """A time of day at the venue, whatever zone was written with it; raises ValueError for anything else."""
    return time.fromisoformat(written).replace(tzinfo=None)
