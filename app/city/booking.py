"""The stops of a sample programme: in the hosts' opening hours, on working days, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.core.time import from_venue, venue_date
from app.extensions import db
from app.people.models import Host, Place, User
from app.planning.holidays import is_working_day
from app.planning.hours import spans_of
from app.visits.models import Visit
from app.visits.stops import Plan

WALK = timedelta(minutes=15)  # between two stops of one delegation
HOURS_ASIDE = (0, 1, -1, 2, -2, 0.5, -0.5, 1.5, -1.5, 3, -3, 4, -4)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Stop = Mapping[str, Any]


def at_clock(day: date, clock: str) -> datetime:
    """The UTC moment of that wall-clock time ("09:30") at the venue."""
    return from_venue(datetime.combine(day, time.fromisoformat(clock)))


def receives(day: date) -> bool:
    """Whether groups are received at all: a working day outside the weeks of Christmas and New Year."""
    return is_working_day(day) and not (day.month == 12 and day.day > 21) and not (day.month == 1 and day.day < 3)


def working(day: date, count: int = 0, *, back: bool = False, fits: Callable[[date], bool] = is_working_day) -> date:
    """The day itself or the nearest working day after it (or before it), and `count` working days further on."""
    step = timedelta(days=-1 if back else 1)
    while not fits(day):
        day += step
    for _ in range(count):
        day = working(day + step, back=back, fits=fits)
    return day


def visiting(day: date, count: int = 0, *, back: bool = False) -> date:
    """As `working`, among the days on which groups are received."""
    return working(day, count, back=back, fits=receives)


def host_of(slug: str) -> Host:
    """The host with that slug."""
    return db.session.scalars(select(Host).where(Host.slug == slug)).one()


def plans_for(visit: Visit, stop: Stop, host: Host, contact: User, first_day: date, *, back: bool) -> Iterator[Plan]:
    """Ways to hold the stop, the wished time first; `back` looks at earlier days where later ones would be too late."""
    place = db.session.scalars(select(Place).where(Place.slug == stop["place"])).one() if "place" in stop else None
    wished = visiting(first_day, stop.get("day", 0))
    length = timedelta(minutes=stop.get("minutes", 90))
    for days in range(5):
        day = visiting(wished, days, back=back)
        for hours in HOURS_ASIDE:
            begin = at_clock(day, stop.get("start", "09:30")) + timedelta(hours=hours)
            if is_open(host, begin, begin + length) and not _is_with_another(visit, begin, begin + length):
                yield Plan(
                    title=stop["title"],
                    host=host,
                    starts_at=begin,
                    ends_at=begin + length,
                    contact=contact,
                    place=place,
                    place_text="" if place else stop.get("where", ""),
                    note=stop.get("note", ""),
                    visitor_note=stop.get("visitor_note", ""),
                )


def is_open(host: Host, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the host receives all through that time."""
    day = venue_date(starts_at)
    spans = spans_of(host.opening_hours, DAYS[day.weekday()]) if is_working_day(day) else []
    return any(at_clock(day, opens) <= starts_at and ends_at <= at_clock(day, closes) for opens, closes in spans)


def _is_with_another(visit: Visit, starts_at: datetime, ends_at: datetime) -> bool:
    live = [stop for stop in visit.appointments if not stop.is_cancelled]
    return any(starts_at < stop.ends_at + WALK and stop.starts_at < ends_at + WALK for stop in live)
