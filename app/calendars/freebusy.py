"""Others' free/busy lists read: what programs publish that tell no events, only when somebody is busy (VFREEBUSY).

Such a list does not say whose appointment a time belongs to, so one of ours that its host accepted stands in it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import vPeriod

from app.calendars.busy import BusyTime, Horizon
from app.calendars.moments import busy_within, moment

_NONSENSE: Final = (ValueError, TypeError, ArithmeticError)


def busy_periods(lines: Sequence[tuple[str, str]], horizon: Horizon) -> tuple[set[BusyTime], int]:
    """The times in the horizon that these kinds of periods take, and how many of the periods make no sense."""
    found: set[BusyTime] = set()
    broken = 0
    for kind, period in _periods(lines):
        try:
            busy = _busy_time(period, horizon, tentative=kind == "BUSY-TENTATIVE")
        except _NONSENSE:
            broken += 1
            continue
        found |= {busy} if busy else set()
    return found, broken


def _periods(lines: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Kind and text of each period that is not free; a kind that nobody knows is busy (RFC 5545, 3.2.9)."""
    for kind, periods in lines:
        if kind != "FREE":
            yield from ((kind, period.strip()) for period in periods.split(","))


def _busy_time(period: str, horizon: Horizon, *, tentative: bool) -> BusyTime | None:
    """From start to end, or for a duration after the start; raises one of _NONSENSE for anything else."""
    zone = ZoneInfo(horizon.zone)
    starts, end = vPeriod.from_ical(period)  # type: ignore[no-untyped-call]
    begin = moment(starts, zone)
    ends = begin + end if isinstance(end, timedelta) else moment(end, zone)
    return busy_within(horizon, begin, ends, tentative=tentative)
