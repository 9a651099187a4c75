"""What a stop would hit where it is about to be put: looked up while somebody edits, and writing nothing.

Two kinds are the database's to refuse at save (a person, or an exclusive place, taken by another stop). All others are
for people to weigh: opening hours, holidays, absences, a full day and short ways stop nobody, because the host who says
yes at eight in the evening knows better than the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from app.core.time import in_venue, venue_date
from app.extensions import db
from app.people.models import Absence, Place
from app.planning.holidays import is_weekend, is_working_day
from app.planning.scene import WEEKDAYS
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.stops import Plan


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing in the way. Kinds: person, place (refused at save); group, hours, weekend, holiday, absence, travel.

    `stop` is what it hits; `minutes` are those the way takes, `has` those there are; `hours` as the host wrote them.
    """

    kind: str
    stop: Appointment | None = None
    absence: Absence | None = None
    minutes: int = 0
    has: int = 0
    hours: tuple[str, str] | None = None

    @property
    def is_refused(self) -> bool:
        """Whether saving would be refused."""
        return self.kind in ("person", "place")


def conflicts_of(visit: Visit, plan: Plan, *, besides: Appointment | None = None) -> list[Conflict]:
    """Everything in the way of that plan for a stop of the visit, what is refused first; `besides`: the stop itself."""
    own = besides.id if besides else 0
    found = [*_taken(plan, own), *_beside(visit, plan, own), *_closed(plan), *_away(plan)]
    return sorted(found, key=lambda conflict: not conflict.is_refused)


def _taken(plan: Plan, own: int) -> Iterator[Conflict]:
    """Stops of any visit that the database would not allow beside this one."""
    wanted: list[tuple[str, ColumnElement[bool]]] = []
    if plan.contact:
        wanted.append(("person", Appointment.contact_id == plan.contact.id))
    if plan.place and plan.place.exclusive:
        wanted.append(("place", Appointment.exclusive_place_id == plan.place.id))
    for kind, condition in wanted:
        query = select(Appointment).options(joinedload(Appointment.visit)).where(condition, Appointment.id != own)
        query = query.where(Appointment.status != "cancelled", Appointment.starts_at < plan.ends_at)
        for stop in db.session.scalars(query.where(Appointment.ends_at > plan.starts_at).order_by(Appointment.id)):
            yield Conflict(kind, stop)


def _beside(visit: Visit, plan: Plan, own: int) -> Iterator[Conflict]:
    """The visit's own stops: the delegation elsewhere at that time, or too far away just before or after."""
    others = [stop for stop in visit.appointments if not stop.is_cancelled and stop.id != own]
    day = venue_date(plan.starts_at)
    for stop in sorted(others, key=lambda one: one.starts_at):
        if stop.starts_at < plan.ends_at and stop.ends_at > plan.starts_at:
            if plan.contact is None or stop.contact_id != plan.contact.id:  # said as the person's already
                yield Conflict("group", stop)
        elif venue_date(stop.starts_at) == day and (has := _gap(stop, plan)) < (needs := _way(stop.place, plan.place)):
            yield Conflict("travel", stop, minutes=needs, has=has)


def _gap(stop: Appointment, plan: Plan) -> int:
    """Minutes between the two, whichever comes first."""
    apart = plan.starts_at - stop.ends_at if stop.ends_at <= plan.starts_at else stop.starts_at - plan.ends_at
    return int(apart.total_seconds()) // 60


def _way(one: Place | None, other: Place | None) -> int:
    """Minutes from one place to the other; 0 where one of them is only words, or the same."""
    return 0


def _closed(plan: Plan) -> Iterator[Conflict]:
    """Days on which nobody works, and times outside the host's hours."""
    starts, ends = in_venue(plan.starts_at), in_venue(plan.ends_at)
    if not is_working_day(starts.date()):
        yield Conflict("weekend" if is_weekend(starts.date()) else "holiday")
        return
    if not plan.host.opening_hours:
        return
    opens = plan.host.opening_hours.get(WEEKDAYS[starts.weekday()])
    if not opens:
        yield Conflict("hours")
    elif f"{starts:%H:%M}" < opens[0] or f"{ends:%H:%M}" > opens[1]:
        yield Conflict("hours", hours=(opens[0], opens[1]))


def _away(plan: Plan) -> Iterator[Conflict]:
    """Absences of the host and of the person, on that day."""
    day = venue_date(plan.starts_at)
    whose = [Absence.host_id == plan.host.id]
    if plan.contact:
        whose.append(Absence.user_id == plan.contact.id)
    query = select(Absence).where(or_(*whose), Absence.starts_on <= day, Absence.ends_on >= day)
    for absence in db.session.scalars(query.order_by(Absence.id)):
        yield Conflict("absence", absence=absence)
