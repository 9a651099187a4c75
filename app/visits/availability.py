"""Everything a planner must know of the people, hosts and places that may take part, for a span of days.

Opening hours, quiet periods, absences, times from own calendars, what is planned already, and days on which a host has
as many visits as it takes. Weekends and public holidays are the planner's own. The number of queries does not depend
on how many take part or how long the span is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select

from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.time import end_of_day, start_of_day
from app.extensions import db
from app.people.models import Absence, Host, Place, QuietPeriod, User
from app.planning.holidays import days_between
from app.planning.scene import Busy, BusyKind, Calendar, Limits, Minutes, Scene, Site, Span, week_hours
from app.strategy.settings import CityRules, city_rules, travel_minutes
from app.visits.busy import by_month, by_week, received_from
from app.visits.programme_models import Appointment

TENTATIVE = "tentative"  # how the key of an imported time begins that its owner has not decided on yet
FULL = "full"  # and how that of a day on which a host has enough visits begins, followed by the span that is full
Found = dict[tuple[str, int], list[Busy]]  # by ("user" | "host" | "place", id)


def scene_for(
    *,
    users: Sequence[User],
    hosts: Sequence[Host],
    places: Sequence[Place],
    first: date,
    last: date,
    at: datetime,
    besides: int | None = None,
) -> Scene:
    """What is known of them from `first` to `last`, both included, with the city's rules and ways.

    Keys: a user's id as text, a host's or a place's slug. The visit with the id `besides` is the one being planned: its
    own appointments are left out, and it does not count as one of the visits a host has.
    """
    busy: Found = defaultdict(list)
    for one in (
        *_appointments(users, places, first, last, besides),
        *_imported(users, hosts, first, last),
        *_days_off(users, hosts, first, last),
        *_full_days(hosts, first, last, besides),
    ):
        busy[one[0]].append(one[1])
    return Scene(
        now=at,
        people={str(user.id): _person(user, busy) for user in users},
        hosts={host.slug: _host(host, busy) for host in hosts},
        sites={place.slug: _site(place, busy) for place in places},
        travel={frozenset((one, other)): Minutes(walk, drive) for one, other, walk, drive in travel_minutes()},
        limits=limits_of(city_rules()),
        **_middle(),
    )


def _middle() -> dict[str, float]:
    """Where the city lies, for daylight at places that are not on the map: the middle of those that are."""
    here = select(func.avg(Place.latitude), func.avg(Place.longitude)).where(Place.retired_at.is_(None))
    latitude, longitude = db.session.execute(here).one()
    return {} if latitude is None or longitude is None else {"latitude": latitude, "longitude": longitude}


def limits_of(rules: CityRules) -> Limits:
    """The city's rules for a programme, as the planner reads them."""
    return Limits(
        buffer=rules.buffer_minutes,
        stops_a_day=rules.appointments_per_day,
        day=Span(rules.day_from_hour * 60, rules.day_until_hour * 60),
        lunch=rules.lunch_minutes,
        lunch_window=Span(rules.lunch_from_hour * 60, rules.lunch_until_hour * 60),
        longest_walk=rules.longest_walk_minutes,
        unknown_travel=rules.unknown_travel_minutes,
    )


def imported_between(
    users: Sequence[User], hosts: Sequence[Host], starts_at: datetime, ends_at: datetime
) -> list[tuple[User | Host, Busy]]:
    """Times from their own calendars that overlap that time, with whose they are; in order of start."""
    owners: dict[tuple[str, int], User | Host] = {("user", user.id): user for user in users}
    owners |= {("host", host.id): host for host in hosts}
    found = [(owners[key], busy) for key, busy in _blocks(users, hosts, starts_at, ends_at)]
    return sorted(found, key=lambda one: one[1])


def is_tentative(busy: Busy) -> bool:
    """Whether it is an imported time that its owner has not decided on yet."""
    return busy.key.startswith(TENTATIVE)


def _person(user: User, busy: Found) -> Calendar:
    """Without hours of one's own, the host's are enough: the planner looks at them anyway."""
    hours = None if user.opening_hours is None else week_hours(user.opening_hours)
    return Calendar(str(user.id), hours, tuple(sorted(busy["user", user.id])))


def _host(host: Host, busy: Found) -> Calendar:
    return Calendar(host.slug, week_hours(host.opening_hours), tuple(sorted(busy["host", host.id])))


def _site(place: Place, busy: Found) -> Site:
    calendar = Calendar(place.slug, None, tuple(sorted(busy["place", place.id])))
    return Site(calendar, place.latitude, place.longitude, place.exclusive)


def _ids(rows: Iterable[User | Host | Place]) -> list[int]:
    return [row.id for row in rows] or [-1]


def _appointments(
    users: Sequence[User], places: Sequence[Place], first: date, last: date, besides: int | None
) -> Iterator[tuple[tuple[str, int], Busy]]:
    people, rooms = set(_ids(users)), {place.id for place in places if place.exclusive} or {-1}
    query = select(Appointment).where(
        Appointment.status != "cancelled",
        Appointment.starts_at < end_of_day(last),
        Appointment.ends_at > start_of_day(first),
        Appointment.visit_id != (besides or 0),
        or_(Appointment.contact_id.in_(people), Appointment.exclusive_place_id.in_(rooms)),
    )
    for row in db.session.scalars(query):
        busy = Busy(row.starts_at, row.ends_at, "appointment", f"appointment-{row.id}")
        if row.contact_id in people:
            yield ("user", row.contact_id or 0), busy
        if row.exclusive_place_id in rooms:
            yield ("place", row.exclusive_place_id or 0), busy


def _imported(
    users: Sequence[User], hosts: Sequence[Host], first: date, last: date
) -> Iterator[tuple[tuple[str, int], Busy]]:
    return _blocks(users, hosts, start_of_day(first), end_of_day(last))


def _blocks(
    users: Sequence[User], hosts: Sequence[Host], starts_at: datetime, ends_at: datetime
) -> Iterator[tuple[tuple[str, int], Busy]]:
    query = (
        select(BusyBlock, ExternalCalendar.user_id, ExternalCalendar.host_id)
        .join(ExternalCalendar, ExternalCalendar.id == BusyBlock.calendar_id)
        .where(BusyBlock.starts_at < ends_at, BusyBlock.ends_at > starts_at)
        .where(ExternalCalendar.user_id.in_(_ids(users)) | ExternalCalendar.host_id.in_(_ids(hosts)))
    )
    for block, user_id, host_id in db.session.execute(query):
        key = f"{TENTATIVE if block.tentative else 'imported'}-{block.id}"
        owner = ("user", user_id) if user_id is not None else ("host", host_id or 0)
        yield owner, Busy(block.starts_at, block.ends_at, "imported", key)


def _days_off(
    users: Sequence[User], hosts: Sequence[Host], first: date, last: date
) -> Iterator[tuple[tuple[str, int], Busy]]:
    tables: tuple[tuple[type[Absence | QuietPeriod], BusyKind], ...] = ((Absence, "absence"), (QuietPeriod, "quiet"))
    for table, kind in tables:
        concerned = table.user_id.in_(_ids(users)) | table.host_id.in_(_ids(hosts))
        query: Any = select(table).where(table.starts_on <= last, table.ends_on >= first, concerned)
        rows: Iterable[Absence | QuietPeriod] = db.session.scalars(query)
        for row in rows:
            owner = ("user", row.user_id) if row.user_id is not None else ("host", row.host_id or 0)
            yield owner, Busy(start_of_day(row.starts_on), end_of_day(row.ends_on), kind, f"{kind}-{row.id}")


def _full_days(
    hosts: Sequence[Host], first: date, last: date, besides: int | None
) -> Iterator[tuple[tuple[str, int], Busy]]:
    """Days on which the host has as many visits as it takes: that day, that week, or that month."""
    capped = [host for host in hosts if (host.daily_cap, host.weekly_cap, host.monthly_cap) != (None, None, None)]
    if not capped:
        return
    received = received_from(min(first.replace(day=1), first - timedelta(days=6)), besides=besides)
    for host in capped:
        days = received.get(host.id, set())
        for day in days_between(first, last):
            if span := _full_span(host, day, days):
                yield ("host", host.id), Busy(start_of_day(day), end_of_day(day), "full", f"{FULL}-{span}-{day}")


def _full_span(host: Host, day: date, visits: Collection[tuple[int, date]]) -> str:
    """In which span one more visit that day would be one too many: that "day", its "week" or "month"; or empty."""
    visits = set(visits)
    today = len({visit_id for visit_id, on in visits if on == day})
    this_week = dict(by_week(visits)).get(day - timedelta(days=day.weekday()), 0)
    this_month = dict(by_month(visits)).get(day.replace(day=1), 0)
    counts = (
        ("day", host.daily_cap, today),
        ("week", host.weekly_cap, this_week),
        ("month", host.monthly_cap, this_month),
    )
    return next((span for span, cap, count in counts if cap is not None and count >= cap), "")
