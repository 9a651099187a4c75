"""The board of a programme: its days side by side, the hours that they share, and how long each stop is on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.planning.holidays import days_between
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.web.host.arrange_form import minutes_of
from app.web.host.days import Day

MOST_DAYS = 7
HOUR = 60  # minutes
FROM, UNTIL = 8 * HOUR, 17 * HOUR


@dataclass(frozen=True, slots=True)
class Board:
    """Days with their stops, those without any too; `starts` and `ends` in minutes after midnight, whole hours."""

    days: list[Day]
    starts: int
    ends: int

    @property
    def hours(self) -> list[int]:
        """The full hours along the side."""
        return list(range(self.starts // HOUR, self.ends // HOUR))


def board_of(visit: Visit, planned: list[Day]) -> Board:
    """The planned days, the wished ones, and the day after the last; a week at most."""
    known = dict(planned)
    wished = [day for window in visit.windows for day in days_between(window.starts_on, window.ends_on)]
    shown = _shown(sorted(known), sorted(set(wished)))
    stops = [stop for day in shown for stop in known.get(day, [])]
    starts = min([FROM, *(minutes_of(stop.starts_at) // HOUR * HOUR for stop in stops)])
    ends = max([UNTIL, *(-(-_end_of(stop) // HOUR) * HOUR for stop in stops)])
    return Board([(day, known.get(day, [])) for day in shown], starts, min(ends, 24 * HOUR))


def _shown(planned: list[date], wished: list[date]) -> list[date]:
    """Planned days first, then wished ones as far as there is room; a programme of one day gets the next one too."""
    days = planned[:MOST_DAYS]
    days += [day for day in wished if day not in days][: MOST_DAYS - len(days)]
    if len(days) == 1:
        days.append(days[0] + timedelta(days=1))
    return sorted(days)


def _end_of(stop: Appointment) -> int:
    """The end in minutes after its own midnight: midnight itself is the end of the day."""
    return minutes_of(stop.starts_at) + int((stop.ends_at - stop.starts_at).total_seconds()) // 60
