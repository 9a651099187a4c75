"""Time: stored and passed as aware UTC, shown in the venue's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator

_zones = {"venue": ZoneInfo("Europe/Oslo")}  # settled once, when the application starts
WEEK, THURSDAY = 7 * 86_400, 3 * 86_400  # seconds; 1970 began on a Thursday


def now() -> datetime:
    """The present moment, aware UTC, without microseconds (iCalendar knows none)."""
    return datetime.now(UTC).replace(microsecond=0)


def as_utc(moment: datetime) -> datetime:
    """The same moment in UTC; raises ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime: {moment!r}")
    return moment.astimezone(UTC)


def venue_zone() -> ZoneInfo:
    """The zone whose clock appointments are on: the city's."""
    return _zones["venue"]


def settle_venue_zone(name: str) -> None:
    """Every clock of this process is that zone's from now on; raises ZoneInfoNotFoundError for no zone."""
    _zones["venue"] = ZoneInfo(name)


def in_venue(moment: datetime) -> datetime:
    """The moment on the venue's wall clock."""
    return as_utc(moment).astimezone(venue_zone())


def venue_date(moment: datetime) -> date:
    """The venue's calendar date at that moment."""
    return in_venue(moment).date()


def from_venue(wall: datetime) -> datetime:
    """UTC moment of a naive wall-clock time at the venue (the first of two where the clock goes back)."""
    return wall.replace(tzinfo=venue_zone()).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """UTC moment at which that date begins at the venue."""
    return from_venue(datetime(day.year, day.month, day.day))


def end_of_day(day: date) -> datetime:
    """UTC moment at which that date ends at the venue (the next one begins)."""
    return start_of_day(day + timedelta(days=1))


def week_of(moment: datetime) -> int:
    """The number of its week, Monday to Sunday in UTC, counted from the one in which 1970 began."""
    return (int(as_utc(moment).timestamp()) + THURSDAY) // WEEK


class UTCDateTime(TypeDecorator[datetime]):
    """A timestamp column that takes and gives aware UTC only."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = as_utc(value)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
