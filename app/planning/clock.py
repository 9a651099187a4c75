"""The response clock: how many local working days an answer has taken, and when it is due.

The day a request arrives is not counted; every working day after it runs from 08:00 to 16:00 local time and counts
as one. While the visitor is asked the clock stands still. The deadline is always the end of a working day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from app.core.holidays import is_weekend
from app.core.time import from_venue, venue_date
from app.planning.holidays import find_holiday, is_working_day, working_day_after
from app.planning.overlaps import Interval, merged

DAY_STARTS = time(8)
DAY_ENDS = time(16)

Pause = tuple[datetime, datetime | None]
StepKind = Literal["arrived", "counted", "weekend", "holiday", "paused"]

_WORKING_DAY = timedelta(hours=8)
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Step:
    """One day of the arithmetic: `share` is the part of a working day it counted (0–1), `total` the sum so far.

    `paused` is the part of the day (0–1) in which the clock stood still, `holiday` the holiday's Norwegian name.
    """

    on: date
    kind: StepKind
    share: float
    total: float
    paused: float = 0.0
    holiday: str = ""


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What the clock shows at one moment; `due_at` assumes that an open pause ends at that moment."""

    working_days_used: float
    working_days_allowed: int
    due_at: datetime
    paused: bool
    late: bool
    arithmetic: tuple[Step, ...]


def due_after(start_at: datetime, working_days: int) -> datetime:
    """16:00 local time, in UTC, of the `working_days`-th working day after the day `start_at` falls on."""
    return _at(working_day_after(venue_date(start_at), working_days), DAY_ENDS)


def elapsed(
    start_at: datetime,
    until_at: datetime,
    pauses: Sequence[Pause] = (),
    *,
    working_days: int = 5,
) -> ClockReading:
    """Read the clock at `until_at`; a pause without an end is still running. Five days: University of Auckland."""
    still = _standstill(pauses, until_at)
    due_at = _due(start_at, still, working_days)
    steps = tuple(_steps(start_at, until_at, still))
    return ClockReading(
        working_days_used=round(steps[-1].total, 4),
        working_days_allowed=working_days,
        due_at=due_at,
        paused=any(begin <= until_at and (end is None or end > until_at) for begin, end in pauses),
        late=until_at > due_at,
        arithmetic=steps,
    )


def _standstill(pauses: Sequence[Pause], until_at: datetime) -> list[Interval]:
    return merged([Interval(begin, end if end is not None else until_at) for begin, end in pauses])


def _due(start_at: datetime, still: list[Interval], working_days: int) -> datetime:
    used, day = 0.0, venue_date(start_at)
    while used < working_days - _ROUNDING:
        day = working_day_after(day, 1)
        hours = _hours_of(day)
        used += 1 - _share(_standing(hours, still))
    return _at(day, DAY_ENDS)


def _steps(start_at: datetime, until_at: datetime, still: list[Interval]) -> Iterator[Step]:
    day = venue_date(start_at)
    last = venue_date(until_at)
    yield Step(day, "arrived", 0.0, 0.0)
    total = 0.0
    while day < last:
        day += timedelta(days=1)
        step = _step(day, until_at, still, total)
        total = step.total
        yield step


def _step(day: date, until_at: datetime, still: list[Interval], total: float) -> Step:
    if not is_working_day(day):
        kind: StepKind = "weekend" if is_weekend(day) else "holiday"
        return Step(day, kind, 0.0, total, holiday=find_holiday(day) or "")
    hours = _hours_of(day)
    passed = Interval(hours.starts_at, max(hours.starts_at, min(hours.ends_at, until_at)))
    paused = _standing(passed, still)
    share = _share(passed.shared_with(hours) - paused)
    kind = "paused" if paused and not share else "counted"
    return Step(day, kind, share, total + share, paused=_share(paused))


def _standing(hours: Interval, still: list[Interval]) -> timedelta:
    return sum((hours.shared_with(pause) for pause in still), timedelta(0))


def _share(part: timedelta) -> float:
    return part / _WORKING_DAY


def _hours_of(day: date) -> Interval:
    return Interval(_at(day, DAY_STARTS), _at(day, DAY_ENDS))


def _at(day: date, wall: time) -> datetime:
    return from_venue(datetime.combine(day, wall))
