"""The best programme that differs from those before, exactly: the days' search, counting what is elsewhere.

What is dropped in the search for the shortest programme may be just what is different. So here a label also knows, for
each programme before, how many of its stops are on another day or an hour or more away, up to as many as are needed;
one label makes another superfluous only if it has moved as many. And a stop that would begin as late as it can may also
begin as late as it can and still be elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import product
from operator import ge
from typing import NamedTuple

from app.core.time import in_venue
from app.planning.blocks import NEVER, Block
from app.planning.dayplans import Day, DayPlans, Label, Labels, Work, label_order
from app.planning.joining import Choice, Keep, choices, longest_stay_of
from app.planning.openings import Diary, minute_of
from app.planning.results import Programme
from app.planning.wishes import Request

AWAY = 60  # minutes

Moved = tuple[int, ...]  # for each programme before


class Found(NamedTuple):
    """The ways found, the best first, and the days they were made of."""

    choices: list[Choice]
    plans: dict[date, DayPlans]


def needed_moves(wishes: int) -> int:
    """A third of the stops, and one."""
    return max(1, -(-wishes // 3))


def different(request: Request, days: Iterable[date], diary: Diary, work: Work, before: Sequence[Programme]) -> Found:
    """Whole programmes that differ from each of these, the best first. Raises TooMuchWork."""
    most = needed_moves(len(request.wishes))
    whole = longest_stay_of(request) == 1
    plans = {day: OtherDay(request, day, diary, work, before, whole=whole).found() for day in days}
    keep = Keep(_of_a_day, lambda ways, _count: _of_days(ways, most, len(before)))
    ways = choices(request, plans, keep)
    return Found(sorted(way for way in ways if min(_moves(way, most, len(before))) >= most), plans)


class OtherDay(Day):
    """One day's search for what differs from the programmes before."""

    def __init__(
        self, request: Request, day: date, diary: Diary, work: Work, before: Sequence[Programme], *, whole: bool
    ) -> None:
        super().__init__(request, day, diary, work, whole=whole)
        self.most_moves = needed_moves(len(request.wishes))
        self.whole = whole
        self.begun = [_begun(request, day, programme) for programme in before]
        self.moves = [{start: self._moves_of(block, start) for start in block.starts} for block in self.blocks]
        self.fully = [min(self.most_moves, (block.mask & self.full).bit_count()) for block in self.blocks]
        self.edges = [self._edges_of(block) for block in self.blocks]
        self.sums = _sums(self.most_moves, len(before))
        self.movable = [self._movable(number) for number in range(len(before))]

    def _last_stops(self) -> Labels:
        labels = super()._last_stops()
        for by_first in labels.values():
            for index, found in by_first.items():
                by_first[index] = [label._replace(moved=self.moves[index][label.starts]) for label in found]
        return labels

    def _extend(self, mask: int, first: int, found: list[Label], labels: Labels) -> None:
        """As in any day, but every start is tried after which another one counts as elsewhere."""
        for index, block in enumerate(self.blocks):
            if mask & (block.mask | self.waits[index]):
                continue
            self.work.spend(len(found))
            both, split = mask | block.mask, int(block.is_split)
            room, earliest = self.gaps[index][first] + block.minutes, self._earliest(both, index)
            most = both.bit_count() - self.most
            target = labels[both][index]
            still = [self.most_moves - (movable & ~both).bit_count() for movable in self.movable]
            moves, sums = self.moves[index], self.sums
            for label in found:
                if label.splits + split < most:
                    continue
                had = label.lunch or block.serves_lunch
                last = NEVER if had else self._before_lunch(label.starts, room, block)
                for start in self._starts(index, label.starts - room, last):
                    moved = sums[label.moved, moves[start]]
                    if start >= earliest and _covers(moved, still):
                        ends = max(label.ends, start + block.minutes)
                        lunch = had or start <= last
                        target.append(Label(start, ends, lunch, label.splits + split, index, label, moved))

    def _starts(self, index: int, latest: int, before_lunch: int) -> set[int]:
        """The latest start, the latest before lunch, and the latest that are elsewhere."""
        block, moves, starts = self.blocks[index].latest, self.moves[index], set[int]()
        for limit in (latest, before_lunch) if before_lunch >= 0 else (latest,):
            if limit >= 0 and (start := block[limit]) != NEVER:
                starts.add(start)
                if min(moves[start]) < self.fully[index]:
                    starts.update(block[edge] for edge in self.edges[index] if edge < limit)
        starts.discard(NEVER)
        return starts

    def _best(self, labels: list[Label]) -> list[Label]:
        kept: list[Label] = []
        ends: dict[int, dict[tuple[bool, Moved], int]] = defaultdict(dict)
        for label in sorted(labels, key=lambda one: (-one.starts, one.ends, not one.lunch, one.moved)):
            same = ends[label.splits]
            if not any(
                end <= label.ends and lunch >= label.lunch and _covers(moved, label.moved)
                for (lunch, moved), end in same.items()
            ):
                same[label.lunch, label.moved] = label.ends
                kept.append(label)
        return kept

    def _movable(self, number: int) -> int:
        """The wishes that can be elsewhere than in that programme: on one day as found, else all of them."""
        bits = 0 if self.whole else self.full
        for block, moves in zip(self.blocks, self.moves, strict=True):
            if any(moved[number] for moved in moves.values()):
                bits |= block.mask & self.full
        return bits

    def _moves_of(self, block: Block, start: int) -> Moved:
        return tuple(
            min(self.most_moves, sum(1 for begins in _of_block(block, begun) if abs(start - begins) >= AWAY))
            for begun in self.begun
        )

    def _edges_of(self, block: Block) -> list[int]:
        edges = {begins - AWAY for begun in self.begun for begins in _of_block(block, begun)}
        return sorted(edge for edge in edges if edge >= 0)


def _begun(request: Request, day: date, programme: Programme) -> list[int]:
    """For each wish the minute at which it begins there; far away where that is another day."""
    begins = {stop.key: stop.starts_at for stop in programme.stops}
    return [
        minute_of(begins[wish.key]) if wish.key in begins and in_venue(begins[wish.key]).date() == day else -9999
        for wish in request.wishes
    ]


def _of_block(block: Block, begun: Sequence[int]) -> Iterator[int]:
    return (begins for place, begins in enumerate(begun) if block.mask & 1 << place)


def _of_a_day(labels: list[Label]) -> list[Label]:
    """The cheapest for every number of stops that are elsewhere."""
    kept: list[Label] = []
    for label in sorted(labels, key=label_order):
        if not any(_covers(one.moved, label.moved) for one in kept):
            kept.append(label)
    return kept


def _of_days(ways: list[Choice], most: int, before: int) -> list[Choice]:
    kept: list[tuple[Choice, Moved]] = []
    for way in sorted(ways):
        moved = _moves(way, most, before)
        if not any(_covers(one, moved) for _way, one in kept):
            kept.append((way, moved))
    return [way for way, _moved in kept]


def _moves(way: Choice, most: int, before: int) -> Moved:
    return tuple(min(most, sum(label.moved[n] for _day, label in way.labels)) for n in range(before))


def _sums(most: int, before: int) -> dict[tuple[Moved, Moved], Moved]:
    """Of two labels' moves, no more than are needed: looked up, since they are asked for so often."""
    every = list(product(range(most + 1), repeat=before))
    return {(a, b): tuple(min(x + y, most) for x, y in zip(a, b, strict=True)) for a in every for b in every}


def _covers(one: Sequence[int], other: Sequence[int]) -> bool:
    return all(map(ge, one, other))
