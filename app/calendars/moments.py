"""Times of others' calendars on our clock: everything made UTC, and cut to the days that are looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from app.calendars.busy import BusyTime, Horizon

DAY: Final = timedelta(days=1)


def moment(value: date, zone: ZoneInfo) -> datetime:
    """In UTC; a whole day begins where its owner is, a floating time is on the owner's clock.

    A time that the clock skips in spring is counted as before the change (RFC 5545, 3.3.5): 02.15 is 03.15. Not every
    zone in a file does so by itself; some would have 01.15.
    """
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), zone)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone)
    found = value.astimezone(UTC)
    if found.astimezone(value.tzinfo).replace(tzinfo=None) != value.replace(tzinfo=None):
        found = value.replace(tzinfo=timezone((value - DAY).utcoffset() or timedelta())).astimezone(UTC)
    return found.replace(microsecond=0)


def busy_within(horizon: Horizon, begin: datetime, end: datetime, *, tentative: bool) -> BusyTime | None:
    """What of that time lies in the horizon; None where nothing does. Both times are UTC."""
    zone = ZoneInfo(horizon.zone)
    begin, end = max(begin, moment(horizon.first, zone)), min(end, moment(horizon.last + DAY, zone))
    return BusyTime(begin, end, tentative) if begin < end else None
