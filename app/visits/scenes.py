"""What planning must know of those who may take part in a visit: hours, busy times, places and ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select

from app.core.time import end_of_day, start_of_day
from app.extensions import db
from app.people.models import Absence, Host, Place, User
from app.planning.scene import Busy, Calendar, Limits, Minutes, Scene, Site, Span, week_hours
from app.planning.wishes import Placed, Window
from app.strategy.settings import city_rules, travel_minutes
from app.visits.models import Visit
from app.visits.programme_models import Appointment

AROUND = timedelta(days=8)  # beyond the days asked for, so that other days can be suggested
WORKING_HOURS = {day: (Span(9 * 60, 16 * 60),) for day in range(5)}  # of a host that has given none
Found = dict[tuple[str, int], list[Busy]]


def scene_of(hosts: Sequence[Host], places: Sequence[Place], days: tuple[date, date], *, at: datetime) -> Scene:
    """Everything about these hosts, their people and these places around the days."""
    people = {user.id: user for host in hosts for user in host.members}
    first, last = days[0] - AROUND, days[1] + AROUND
    busy = _appointments(list(people), places, first, last)
    _absences(busy, hosts, list(people.values()), first, last)
    return Scene(
        now=at,
        people={str(key): Calendar(str(key), None, tuple(sorted(busy["person", key]))) for key in people},
        hosts={host.slug: _host(host, busy) for host in hosts},
        sites={place.slug: _site(place, busy) for place in places},
        travel={frozenset((one, other)): Minutes(walk, drive) for one, other, walk, drive in travel_minutes()},
        limits=limits(),
    )


def limits() -> Limits:
    """The city's rules for programmes."""
    rules = city_rules()
    return Limits(
        buffer=rules.buffer_minutes,
        stops_a_day=rules.appointments_per_day,
        lunch=rules.lunch_minutes,
        lunch_window=Span(rules.lunch_from_hour * 60, rules.lunch_until_hour * 60),
        longest_walk=rules.longest_walk_minutes,
        unknown_travel=rules.unknown_travel_minutes,
    )


def placed_of(visit: Visit) -> tuple[Placed, ...]:
    """The stops that the visit has already."""
    return tuple(
        Placed(f"own:{stop.id}", stop.starts_at, stop.ends_at, stop.place.slug if stop.place else None)
        for stop in visit.appointments
        if not stop.is_cancelled
    )


def windows_of(visit: Visit) -> tuple[Window, ...]:
    """The days that the visitor gave, the most wished first."""
    return tuple(Window(window.starts_on, window.ends_on) for window in visit.windows)


def _host(host: Host, busy: Found) -> Calendar:
    hours = week_hours(host.opening_hours) if host.opening_hours else WORKING_HOURS
    return Calendar(host.slug, hours, tuple(sorted(busy["host", host.id])))


def _site(place: Place, busy: Found) -> Site:
    taken = tuple(sorted(busy["place", place.id]))
    return Site(Calendar(place.slug, None, taken), place.latitude, place.longitude, place.exclusive)


def _appointments(people: list[int], places: Iterable[Place], first: date, last: date) -> Found:
    """What the people have on, and what is in places that take one group at a time."""
    found: Found = defaultdict(list)
    exclusive = [place.id for place in places if place.exclusive]
    query = select(Appointment).where(
        Appointment.status != "cancelled",
        Appointment.starts_at < end_of_day(last),
        Appointment.ends_at > start_of_day(first),
        or_(Appointment.contact_id.in_(people or [-1]), Appointment.exclusive_place_id.in_(exclusive or [-1])),
    )
    for stop in db.session.scalars(query.order_by(Appointment.id)):
        taken = Busy(stop.starts_at, stop.ends_at, "appointment", str(stop.id))
        if stop.contact_id in people:
            found["person", stop.contact_id].append(taken)
        if stop.exclusive_place_id in exclusive:
            found["place", stop.exclusive_place_id].append(taken)
    return found


def _absences(found: Found, hosts: Sequence[Host], people: Sequence[User], first: date, last: date) -> None:
    """Days on which a host or one of its people is away."""
    concerned = or_(
        Absence.host_id.in_([host.id for host in hosts] or [-1]),
        Absence.user_id.in_([user.id for user in people] or [-1]),
    )
    query = select(Absence).where(concerned, Absence.starts_on <= last, Absence.ends_on >= first)
    for away in db.session.scalars(query.order_by(Absence.id)):
        whose = ("host", away.host_id) if away.host_id is not None else ("person", away.user_id or 0)
        found[whose].append(Busy(start_of_day(away.starts_on), end_of_day(away.ends_on), "absence", str(away.id)))
