"""Stops that go on past midnight: one rule for every form, move and page.

An end at or before the start's time of day is on the next day, and midnight itself is the end of the day. What goes on
past midnight lasts at most 8 hours, so that a time of day mistyped in the morning is not read as a night.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.core.time import in_venue, venue_date

LONGEST_NIGHT = timedelta(hours=8)


def wall_span(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """Start and end on the venue's wall clock, naive."""
    last = day + timedelta(days=1) if ends <= starts else day
    return datetime.combine(day, starts), datetime.combine(last, ends)


def last_date(ends_at: datetime) -> date:
    """The venue's date on which it ends: at midnight, the day before."""
    return venue_date(ends_at - timedelta(seconds=1))


def is_over_midnight(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether it goes on on the next day."""
    return last_date(ends_at) != venue_date(starts_at)


def fits_the_night(starts_at: datetime, ends_at: datetime) -> bool:
    """Whether it ends by midnight, or lasts no more than 8 hours of the venue's clock."""
    length = in_venue(ends_at).replace(tzinfo=None) - in_venue(starts_at).replace(tzinfo=None)
    return length <= LONGEST_NIGHT or not is_over_midnight(starts_at, ends_at)
