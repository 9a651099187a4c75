"""What a stop would hit where it is about to be put: looked up while somebody edits, and writing nothing.

A person or an exclusive place taken by another stop, and a host's full day, are refused at save, whoever asks. A time
that somebody's own calendar says is taken needs a reason. All others are for people to weigh: opening hours, holidays,
absences, quiet periods and short ways stop nobody, because a host that says yes at eight in the evening knows better
than the table; a tentative time in an own calendar is not decided yet. A week or
month in which the host has as many visits as it wants stops nobody either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from app.core.errors import DayFull
from app.core.holidays import is_weekend
from app.core.nights import last_date
from app.core.time import end_of_day, in_venue, now, start_of_day, venue_date
from app.extensions import db
from app.people.models import Host, User
from app.planning.holidays import is_working_day
from app.planning.scene import Busy, Calendar, Scene, Span
from app.planning.travel import leg_between
from app.visits.arranging import Step, as_planned
from app.visits.availability import FULL, TENTATIVE, scene_for
from app.visits.caps import keep_daily_limit
from app.visits.halves import beside
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.stops import Plan

REFUSED = frozenset({"person", "place", "full"})
SHOWN = frozenset({"imported", "absence", "quiet", FULL})  # kinds of the scene that are told here
Around = list[tuple[Appointment, Plan]]  # the visit's other stops of a day, and where they are or will be
NEAR = timedelta(hours=3)  # how much of the night before and after may matter for the way
SPANS = {f"{FULL}-week": "week", f"{FULL}-month": "month"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing in the way.

    Kinds: person, place, full (refused at save); imported (needs a reason); tentative, group, travel, hours, weekend,
    holiday, absence, quiet; week, month: the host has enough visits then. `stop` is what it hits, `beside` where that
    stop is, or will be when it moves in the same go; `whose` time it is, `minutes` are those the way takes, `has` those
    there are, `hours` those of that day.
    """

    kind: str
    stop: Appointment | None = None
    beside: Plan | None = None
    whose: Host | User | None = None
    busy: Busy | None = None
    minutes: int = 0
    has: int = 0
    hours: tuple[Span, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether saving would be refused."""
        return self.kind in REFUSED

    @property
    def needs_reason(self) -> bool:
        """Whether saving needs a reason."""
        return self.kind == "imported"


def conflicts_of(
    visit: Visit,
    plan: Plan,
    *,
    besides: Appointment | None = None,
    moving: Sequence[Step] = (),
    at: datetime | None = None,
) -> list[Conflict]:
    """Everything in the way of that plan for a stop of the visit, what is refused first.

    `besides`: the stop itself; `moving`: the visit's other stops that move in the same go.
    """
    own = {step.stop.id for step in moving} | ({besides.id} if besides else set())
    stay = [stop for stop in visit.appointments if not stop.is_cancelled and stop.id not in own]
    others = [*((stop, as_planned(stop)) for stop in stay), *((step.stop, step.plan) for step in moving)]
    around = [one for one in others if _is_near(one[1], plan)]
    scene = scene_of(visit, [plan], [plan, *(other for _stop, other in around)], at or now())
    found = [*_taken(plan, own), *_taken_by(plan, moving), *_full(visit, plan), *weighed(plan, around, scene)]
    return sorted(found, key=lambda conflict: (not conflict.is_refused, not conflict.needs_reason))


def programme_conflicts(visit: Visit, *, at: datetime | None = None) -> dict[int, list[Conflict]]:
    """What each coming stop of the visit meets where it stands, by the stop's id; those that meet nothing are left out.

    Nothing that would be refused is among it: the save has seen to that. The number of queries does not depend on how
    many stops there are.
    """
    at = at or now()
    planned = [(stop, as_planned(stop)) for stop in visit.appointments if not stop.is_cancelled]
    coming = [(stop, plan) for stop, plan in planned if plan.ends_at > at]
    if not coming:
        return {}
    plans = [plan for _stop, plan in planned]
    scene = scene_of(visit, plans, plans, at)
    met = {stop.id: [*weighed(plan, _around(stop, plan, planned), scene)] for stop, plan in coming}
    return {
        number: sorted(found, key=lambda conflict: not conflict.needs_reason) for number, found in met.items() if found
    }


def _around(stop: Appointment, plan: Plan, planned: Around) -> Around:
    return [one for one in planned if one[0].id != stop.id and _is_near(one[1], plan)]


def _is_near(other: Plan, plan: Plan) -> bool:
    """Whether it is on one of the plan's days, or in the night before or after as far as that matters for the way."""
    begins, ends = start_of_day(venue_date(plan.starts_at)), end_of_day(last_date(plan.ends_at))
    return other.starts_at < ends + NEAR and other.ends_at > begins - NEAR


def scene_of(visit: Visit, plans: Sequence[Plan], beside: Sequence[Plan], at: datetime) -> Scene:
    """What is known of those who receive at these plans, on their days, and of the places of those beside them."""
    days = [venue_date(plan.starts_at) for plan in plans]
    users = {plan.contact.id: plan.contact for plan in plans if plan.contact}
    hosts = {plan.host.id: plan.host for plan in plans}
    places = {plan.place.id: plan.place for plan in beside if plan.place}
    return scene_for(
        users=list(users.values()),
        hosts=list(hosts.values()),
        places=list(places.values()),
        first=min(days),
        last=max(last_date(plan.ends_at) for plan in plans),
        at=at,
        besides=visit.id,
    )


def weighed(plan: Plan, around: Around, scene: Scene) -> Iterator[Conflict]:
    """What people weigh, or give a reason for: nothing of it is refused."""
    yield from _calendars(plan, scene)
    yield from _beside(plan, around, scene)
    yield from _closed(plan, scene)


def _taken(plan: Plan, own: Collection[int]) -> Iterator[Conflict]:
    """Stops of any visit that the database would not allow beside this one."""
    wanted: list[tuple[str, ColumnElement[bool]]] = []
    if plan.contact:
        wanted.append(("person", Appointment.contact_id == plan.contact.id))
    if plan.place and plan.place.exclusive:
        wanted.append(("place", Appointment.exclusive_place_id == plan.place.id))
    for kind, condition in wanted:
        query = select(Appointment).options(joinedload(Appointment.visit)).where(condition, Appointment.id.not_in(own))
        query = query.where(Appointment.status != "cancelled", Appointment.starts_at < plan.ends_at)
        for stop in db.session.scalars(query.where(Appointment.ends_at > plan.starts_at).order_by(Appointment.id)):
            yield Conflict(kind, stop)


def _taken_by(plan: Plan, moving: Sequence[Step]) -> Iterator[Conflict]:
    """Stops that move in the same go to where the database would not allow both."""
    for step in moving:
        other = step.plan
        if other.starts_at < plan.ends_at and other.ends_at > plan.starts_at:
            if plan.contact and other.contact and plan.contact.id == other.contact.id:
                yield Conflict("person", step.stop, other)
            if plan.place and plan.place.exclusive and other.place and other.place.id == plan.place.id:
                yield Conflict("place", step.stop, other)


def _full(visit: Visit, plan: Plan) -> Iterator[Conflict]:
    try:
        keep_daily_limit(visit, plan)
    except DayFull:
        yield Conflict("full", whose=plan.host)


def _calendars(plan: Plan, scene: Scene) -> Iterator[Conflict]:
    """What the host's and the person's own time says: calendars kept elsewhere, absences, quiet periods, limits."""
    for whose, calendar in _concerned(plan, scene):
        for busy in calendar.busy:
            later_day = busy.kind == FULL and busy.starts_at > plan.starts_at  # a stop counts on the day it begins
            if busy.kind in SHOWN and not later_day and busy.starts_at < plan.ends_at and busy.ends_at > plan.starts_at:
                if kind := _kind(busy):
                    yield Conflict(kind, whose=whose, busy=busy)


def _kind(busy: Busy) -> str:
    """What the time is called here; empty for a full day, which is counted anew as the save does it."""
    if busy.kind == FULL:
        return SPANS.get(busy.key.rsplit("-", 3)[0], "")
    return TENTATIVE if busy.key.startswith(TENTATIVE) else busy.kind


def _concerned(plan: Plan, scene: Scene) -> Iterator[tuple[Host | User, Calendar]]:
    yield plan.host, scene.hosts[plan.host.slug]
    if plan.contact:
        yield plan.contact, scene.people[str(plan.contact.id)]


def _beside(plan: Plan, around: Around, scene: Scene) -> Iterator[Conflict]:
    """The visit's own stops that day: the delegation elsewhere at that time, or too far away just before or after."""
    halves = beside(plan, [other for _stop, other in around])
    for stop, other in sorted(around, key=lambda one: one[1].starts_at):
        if any(other is half for half in halves):
            continue
        if other.starts_at < plan.ends_at and other.ends_at > plan.starts_at:
            if plan.contact is None or stop.contact_id != plan.contact.id:  # said as the person's already
                yield Conflict("group", stop, other)
        elif plan.place and other.place:  # between places that are only words nobody can tell
            needs, has = leg_between(scene, other.place.slug, plan.place.slug).minutes, _gap(other, plan)
            if has < needs:
                yield Conflict("travel", stop, other, minutes=needs, has=has)


def _gap(other: Plan, plan: Plan) -> int:
    """Minutes between the two, whichever comes first."""
    apart = plan.starts_at - other.ends_at if other.ends_at <= plan.starts_at else other.starts_at - plan.ends_at
    return int(apart.total_seconds()) // 60


def _closed(plan: Plan, scene: Scene) -> Iterator[Conflict]:
    """Days on which nobody works, and times outside the host's hours, or the person's own."""
    starts = in_venue(plan.starts_at)
    if not is_working_day(starts.date()):
        yield Conflict("weekend" if is_weekend(starts.date()) else "holiday")
        return
    begins = starts.hour * 60 + starts.minute
    wanted = Span(begins, begins + int((plan.ends_at - plan.starts_at).total_seconds()) // 60)
    for whose, calendar in _concerned(plan, scene):
        if calendar.hours is None:  # none of one's own; without any times it is closed every day
            continue
        hours = calendar.hours.get(starts.weekday(), ())
        if not any(span.starts <= wanted.starts and wanted.ends <= span.ends for span in hours):
            yield Conflict("hours", whose=whose, hours=hours)
