"""Days of a calendar: what takes place, holidays, weekends, who is away, and what a full day folds; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.holidays import is_weekend
from app.core.time import venue_date
from app.planning.holidays import find_holiday
from app.visits.agenda import Entry
from app.visits.away import Away
from app.web.calendar.lanes import Grid, grid_of
from app.web.calendar.periods import Period

IN_A_CELL = 4  # stops of one day in a month's table; the others are behind "more"
MOST_PRINTED = 40  # of those, on paper below the month, for each day; beyond that the day's own page is named
LANES = 5  # stops beside each other on one day
# What a week is wide, in half lanes: the narrowest in which a clock time and a status stand on a line of their own
# (clock.css). An empty day takes half a lane.
WEEK = 20


@dataclass(frozen=True, slots=True)
class Day:
    """One day: its stops, the holiday's name, who is away, and whether it belongs to the period shown."""

    on: date
    entries: list[Entry]
    holiday: str = ""
    away: tuple[Away, ...] = ()
    outside: bool = False

    @property
    def is_free(self) -> bool:
        """Of the weekend, or a public holiday."""
        return is_weekend(self.on) or bool(self.holiday)

    @property
    def is_bare(self) -> bool:
        """Nothing to write but the date."""
        return not (self.entries or self.holiday or self.away)

    @property
    def whole_days(self) -> list[Entry]:
        """What takes all of it: said at its head, not drawn on the clock."""
        return [entry for entry in self.entries if entry.is_whole_day]

    @property
    def timed(self) -> list[Entry]:
        """What has its place on the clock."""
        return [entry for entry in self.entries if not entry.is_whole_day]

    @property
    def has_stops(self) -> bool:
        """Whether anything of a visit takes place."""
        return any(not entry.is_own for entry in self.entries)

    @property
    def shown(self) -> list[Entry]:
        """The stops in the month's cell; a single one is never folded away."""
        return self.entries if len(self.entries) <= IN_A_CELL + 1 else self.entries[:IN_A_CELL]

    @property
    def more(self) -> int:
        """How many the cell leaves out."""
        return len(self.entries) - len(self.shown)

    @property
    def printed_below(self) -> list[Entry]:
        """Those that the cell leaves out, for paper."""
        return self.entries[len(self.shown) :][:MOST_PRINTED]

    @property
    def left_out(self) -> int:
        """How many stand on no paper."""
        return self.more - len(self.printed_below)


def days_of(period: Period, entries: Sequence[Entry], away: Sequence[Away], language: str) -> list[Day]:
    """Every day of the period; a stop stands on each day it touches."""
    by_day = _by_day(entries)
    return [
        Day(
            on,
            by_day.get(on, []),
            find_holiday(on, language) or "",
            tuple(one for one in away if one.first_on <= on <= one.last_on),
            not period.has(on),
        )
        for on in period.days
    ]


def in_weeks(days: Sequence[Day]) -> list[list[Day]]:
    """Rows of seven."""
    return [list(days[first : first + 7]) for first in range(0, len(days), 7)]


def busy_days(days: Iterable[Day]) -> list[Day]:
    """The period's own days that have a stop, in order."""
    return [day for day in days if day.entries and not day.outside]


def time_grid(period: Period, days: Sequence[Day]) -> Grid:
    """The stops of a week or a day on the clock, those at the same time beside each other.

    The days of a week share what it is wide: every day gets a lane, those with most at once some more.
    """
    spare = (WEEK - sum(1 if day.is_bare else 2 for day in days)) // 2
    return grid_of([(day.on, day.timed) for day in days], LANES, spare if period.view == "week" else None)


def _by_day(entries: Sequence[Entry]) -> dict[date, list[Entry]]:
    found: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        day, last = venue_date(entry.starts_at), _last_day(entry)
        while day <= last:
            found[day].append(entry)
            day += timedelta(days=1)
    return found


def _last_day(entry: Entry) -> date:
    """The day it ends on; one that ends at midnight ends on the day before."""
    return venue_date(entry.ends_at - timedelta(seconds=1))
