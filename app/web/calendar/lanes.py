"""Stops on a clock: quarter-hour rows, those at the same time in lanes beside each other, the rest folded; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core.time import in_venue
from app.visits.agenda import Entry

ROW = 15  # minutes
LEAST_ROWS = 2  # a shorter stop is drawn as half an hour
MORNING, AFTERNOON = 8, 16  # always shown, whole hours
COLUMNS = 60  # divides by every number of lanes up to six
DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Placed:
    """One stop in the grid: row and column of its corner, counted from 1, and how many it covers; none if folded."""

    entry: Entry
    row: int
    rows: int
    column: int
    columns: int

    @property
    def is_folded(self) -> bool:
        """Whether it found no lane: only lists show it."""
        return self.columns == 0


@dataclass(frozen=True, slots=True)
class Column:
    """One day's stops in order."""

    on: date
    placed: list[Placed]

    @property
    def folded(self) -> list[Entry]:
        """Those that found no lane; paper lists them below."""
        return [one.entry for one in self.placed if one.is_folded]


@dataclass(frozen=True, slots=True)
class Grid:
    """The hours on the left and the days beside them."""

    hours: list[int]
    columns: list[Column]

    @property
    def rows(self) -> int:
        """How many quarters of an hour it has."""
        return len(self.hours) * 60 // ROW


@dataclass(slots=True)
class _Span:
    """A stop's minutes on one day's clock, and its lane once it has one."""

    entry: Entry
    start: int
    end: int
    lane: int = -1


def grid_of(days: Sequence[tuple[date, Sequence[Entry]]], lanes: int) -> Grid:
    """Place every day's stops; at most `lanes` beside each other, at the venue's clock."""
    spans = [(on, [_span(entry, on) for entry in entries]) for on, entries in days]
    everything = [span for _on, row in spans for span in row]
    first = min([MORNING, *(span.start // 60 for span in everything)])
    last = max([AFTERNOON, *(-(-span.end // 60) for span in everything)])
    return Grid(list(range(first, last)), [_column(on, row, lanes, first * 60) for on, row in spans])


def _span(entry: Entry, on: date) -> _Span:
    start = max(_minutes(entry.starts_at, on), 0)
    end = min(_minutes(entry.ends_at, on), DAY)
    start = min(start // ROW * ROW, DAY - LEAST_ROWS * ROW)
    return _Span(entry, start, min(max(-(-end // ROW) * ROW, start + LEAST_ROWS * ROW), DAY))


def _minutes(moment: datetime, on: date) -> int:
    """Minutes on the wall clock since that day's midnight; negative the day before."""
    wall = in_venue(moment).replace(tzinfo=None)
    return int((wall - datetime.combine(on, time())) / timedelta(minutes=1))


def _column(on: date, spans: Sequence[_Span], lanes: int, first: int) -> Column:
    placed: list[Placed] = []
    for group in _groups(spans):
        width = COLUMNS // _set_lanes(group, lanes)
        for span in group:
            row, rows = (span.start - first) // ROW + 1, (span.end - span.start) // ROW
            column, columns = (span.lane * width + 1, width) if span.lane >= 0 else (0, 0)
            placed.append(Placed(span.entry, row, rows, column, columns))
    return Column(on, placed)


def _groups(spans: Sequence[_Span]) -> list[list[_Span]]:
    """Stops that overlap each other directly or through others; each group shares the width."""
    groups: list[list[_Span]] = []
    until = -1
    for span in sorted(spans, key=lambda one: (one.start, -one.end, one.entry.id)):
        if span.start >= until:
            groups.append([])
        groups[-1].append(span)
        until = max(until, span.end)
    return groups


def _set_lanes(group: Sequence[_Span], lanes: int) -> int:
    """Give each the first free lane; how many lanes were used."""
    ends: list[int] = []
    for span in group:
        free = next((lane for lane, end in enumerate(ends) if end <= span.start), len(ends))
        if free >= lanes:
            continue
        span.lane = free
        ends[free : free + 1] = [span.end]
    return len(ends)
