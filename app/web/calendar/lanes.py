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
        """Whether it found no lane: the clock leaves it to the day's own page, and shows it to the keyboard."""
        return self.columns == 0


@dataclass(frozen=True, slots=True)
class Column:
    """One day's stops in order, and how many stand beside each other at most."""

    on: date
    placed: list[Placed]
    lanes: int

    @property
    def folded(self) -> list[Entry]:
        """Those that found no lane."""
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


@dataclass(frozen=True, slots=True)
class _Span:
    """A stop's minutes on one day's clock."""

    entry: Entry
    start: int
    end: int


_Group = list[tuple[_Span, int]]  # stops that share a width, each with its lane; -1 if it found none


def grid_of(days: Sequence[tuple[date, Sequence[Entry]]], lanes: int, spare: int | None = None) -> Grid:
    """Place every day's stops at the venue's clock, at most `lanes` beside each other.

    With `spare` every day has one lane, and so many more are given to the days that would fold most without them.
    """
    spans = [(on, [_span(entry, on) for entry in entries]) for on, entries in days]
    everything = [span for _on, row in spans for span in row]
    first = min([MORNING, *(span.start // 60 for span in everything)])
    last = max([AFTERNOON, *(-(-span.end // 60) for span in everything)])
    most = [lanes] * len(spans) if spare is None else _shared_out([row for _on, row in spans], lanes, spare)
    columns = [_column(on, row, own, first * 60) for (on, row), own in zip(spans, most, strict=True)]
    return Grid(list(range(first, last)), columns)


def _shared_out(rows: Sequence[Sequence[_Span]], lanes: int, spare: int) -> list[int]:
    """How many lanes each day has; the next goes where it shows most stops, of equals to the day with fewest lanes."""
    folded = [[_folded(row, own) for own in range(1, lanes + 1)] for row in rows]
    given = [1] * len(rows)
    for _ in range(spare):
        gains = [left[own - 1] - left[min(own, lanes - 1)] for left, own in zip(folded, given, strict=True)]
        if not any(gains):
            break
        given[max(range(len(rows)), key=lambda day: (gains[day], -given[day]))] += 1
    return given


def _folded(spans: Sequence[_Span], lanes: int) -> int:
    return sum(lane < 0 for group in _groups(spans) for _span, lane in _in_lanes(group, lanes))


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
    groups = [_in_lanes(group, lanes) for group in _groups(spans)]
    used = [max(lane for _span, lane in group) + 1 for group in groups]
    placed = [
        _placed(span, lane, COLUMNS // own, first)
        for group, own in zip(groups, used, strict=True)
        for span, lane in group
    ]
    return Column(on, placed, max(used, default=0))


def _placed(span: _Span, lane: int, width: int, first: int) -> Placed:
    row, rows = (span.start - first) // ROW + 1, (span.end - span.start) // ROW
    column, columns = (lane * width + 1, width) if lane >= 0 else (0, 0)
    return Placed(span.entry, row, rows, column, columns)


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


def _in_lanes(group: Sequence[_Span], lanes: int) -> _Group:
    """Each with the first free lane; stops choose first, so that no busy time from elsewhere hides one."""
    taken: list[list[_Span]] = []
    found: dict[int, int] = {}
    for span in sorted(group, key=lambda one: one.entry.is_own):
        free = next((lane for lane, spans in enumerate(taken) if not _meets(span, spans)), len(taken))
        if free < lanes:
            taken[free : free + 1] = [[*(taken[free] if free < len(taken) else ()), span]]
        found[id(span)] = free if free < lanes else -1
    return [(span, found[id(span)]) for span in group]


def _meets(span: _Span, others: Sequence[_Span]) -> bool:
    return any(other.start < span.end and span.start < other.end for other in others)
