"""The board of a programme: its days side by side, the hours that they share, and how long each stop is on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.core.nights import is_over_midnight
from app.planning.holidays import days_between
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.web.host.arrange_form import minutes_of
from app.web.host.days import Day

MOST_DAYS = 7
ONE = timedelta(days=1)
HOUR = 60  # minutes
FROM, UNTIL = 8 * HOUR, 17 * HOUR


@dataclass(frozen=True, slots=True)
class Column:
    """A day's stops, and those of the day before that go on past midnight: their rest is drawn here too."""

    on: date
    stops: list[Appointment]
    rests: list[Appointment]


@dataclass(frozen=True, slots=True)
class Board:
    """Days with their stops, those without any too; `starts` and `ends` in minutes after midnight, whole hours."""

    columns: list[Column]
    starts: int
    ends: int

    @property
    def hours(self) -> list[int]:
        """The full hours along the side."""
        return list(range(self.starts // HOUR, self.ends // HOUR))


def board_of(visit: Visit, planned: list[Day]) -> Board:
    """The planned days, the wished ones, and the day after the last; a week at most, and the rest of its last night."""
    known = dict(planned)
    wished = [day for window in visit.windows for day in days_between(window.starts_on, window.ends_on)]
    nights = {day + ONE: [stop for stop in stops if _is_overnight(stop)] for day, stops in planned}
    shown = _shown(sorted(known), sorted(set(wished)), [day for day, rests in nights.items() if rests])
    columns = [Column(day, known.get(day, []), nights.get(day, [])) for day in shown]
    stops = [stop for column in columns for stop in column.stops]
    starts = min([FROM, *(minutes_of(stop.starts_at) // HOUR * HOUR for stop in stops)])
    ends = max([UNTIL, *(-(-_end_of(stop) // HOUR) * HOUR for stop in stops)])
    return Board(columns, 0 if any(column.rests for column in columns) else starts, min(ends, 24 * HOUR))


def _shown(planned: list[date], wished: list[date], nights: list[date]) -> list[date]:
    """Planned days first, then those into which a night reaches, then wished ones as far as there is room.

    A programme of one day gets the next one too, and the last day of a full week the night after it.
    """
    days = planned[:MOST_DAYS]
    last = days[-1] + ONE if days else None
    for some in (nights, wished):
        days += [day for day in some if day not in days][: max(MOST_DAYS - len(days), 0)]
    if len(days) == 1:
        days.append(days[0] + ONE)
    if last in nights and last not in days:
        days.append(last)
    return sorted(days)


def _is_overnight(stop: Appointment) -> bool:
    return is_over_midnight(stop.starts_at, stop.ends_at)


def _end_of(stop: Appointment) -> int:
    """The end in minutes after its own midnight: midnight itself is the end of the day."""
    return minutes_of(stop.starts_at) + int((stop.ends_at - stop.starts_at).total_seconds()) // 60
