"""Another city's clock, holidays and weekend, for a while."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.core.holidays import holiday_calendar, settle_holiday_calendar, settle_weekend, weekend_days
from app.core.time import settle_venue_zone, venue_zone


@contextmanager
def venue_in(zone: str) -> Iterator[None]:
    """Inside, the venue's clock is that zone's."""
    before = venue_zone().key
    settle_venue_zone(zone)
    try:
        yield
    finally:
        settle_venue_zone(before)


@contextmanager
def holidays_of(calendar: str) -> Iterator[None]:
    """Inside, that calendar's holidays are no working days."""
    before = holiday_calendar()
    settle_holiday_calendar(calendar)
    try:
        yield
    finally:
        settle_holiday_calendar(before)


@contextmanager
def weekend_on(days: Iterable[int]) -> Iterator[None]:
    """Inside, these weekdays (Monday 0) are no working days."""
    before = weekend_days()
    settle_weekend(days)
    try:
        yield
    finally:
        settle_weekend(before)
