"""Every way to spend one day, exactly: dynamic programming over sets of stops, built from the evening back.

A label is a sequence of stops for a set of wishes, known by when it begins and when it ends. Whatever comes before it
only needs it to begin late; what it costs is its length. So of two labels with the same set and the same first stop,
one that begins no earlier and ends no later is at least as good for every continuation, and the other is dropped: no
programme worse than the best is kept, none better is lost. That takes n * 2^n states with a handful of labels each,
instead of n! sequences with every start of every stop.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from app.planning.blocks import NEVER, Block, blocks_of, gap
from app.planning.openings import Diary
from app.planning.wishes import Request

SPLIT_COST = 60  # minutes of a longer day that a divided group is worth


class Label(NamedTuple):
    """A sequence from `starts` to `ends` that begins with block `first`; `rest` is what follows it."""

    starts: int
    ends: int
    lunch: bool
    splits: int
    first: int
    rest: Label | None
    moved: tuple[int, ...] = ()  # for each earlier programme, how many of its stops are elsewhere (differing)

    @property
    def cost(self) -> int:
        """Minutes from its first stop to the end of its last, and what a divided group is worth."""
        return self.ends - self.starts + SPLIT_COST * self.splits


class TooMuchWork(Exception):
    """The limit was reached before the question was answered."""


@dataclass(slots=True)
class Work:
    """Labels looked at so far, against the most that may be."""

    limit: int
    done: int = 0

    def spend(self, labels: int) -> None:
        """Raises TooMuchWork when the limit is passed."""
        self.done += labels
        if self.done > self.limit:
            raise TooMuchWork

    @contextmanager
    def part(self, most: int) -> Iterator[Work]:
        """So much of what is left, for one of several questions; what it spent is spent here too."""
        part = Work(min(most, self.limit - self.done))
        try:
            yield part
        finally:
            self.done += part.done


@dataclass(slots=True)
class DayPlans:
    """The labels of one day by the set of wishes; only complete days (lunch and the visit's own stops within)."""

    day: date
    blocks: list[Block]
    plans: dict[int, list[Label]] = field(default_factory=dict)


Labels = dict[int, dict[int, list[Label]]]  # by set, by first block


def day_plans(request: Request, day: date, diary: Diary, work: Work, *, whole: bool = False) -> DayPlans:
    """Plans for every set of wishes that fits the day; `whole`: only for all of them, which is quicker."""
    return Day(request, day, diary, work, whole=whole).found()


class Day:
    """One day's search."""

    def __init__(self, request: Request, day: date, diary: Diary, work: Work, *, whole: bool) -> None:
        self.work, self.day = work, day
        self.blocks = blocks_of(request, day, diary)
        self.full = (1 << len(request.wishes)) - 1
        self.own = sum(block.mask for block in self.blocks if block.placed)
        self.need = (self.full if whole else 0) | self.own
        self.most = request.stops_a_day or diary.scene.limits.stops_a_day
        self.gaps = [[gap(one, other, diary) for other in self.blocks] for one in self.blocks]
        self.waits = _waits(request, self.blocks)
        self.lunch = diary.scene.limits.lunch if request.lunch else 0
        self.window = diary.scene.limits.lunch_window
        self.soonest = Soonest(self.blocks, self.gaps, self.waits, self.need) if whole else None

    def found(self) -> DayPlans:
        """The labels of every set that is a whole day, the cheapest first."""
        result = DayPlans(self.day, self.blocks)
        if self.need & ~_all_bits(self.blocks):
            return result
        labels = self._last_stops()
        for mask in range(1, (self.full | self.own) + 1):  # a set comes after everything it is made from
            if mask not in labels:
                continue
            kept = {first: self._best(found) for first, found in sorted(labels.pop(mask).items())}
            if mask & self.need == self.need:
                complete = [one for found in kept.values() for one in found if self._had_lunch(one)]
                if complete:
                    result.plans[mask & self.full] = sorted(complete, key=label_order)
            for first, found in kept.items():
                self._extend(mask, first, found, labels)
        return result

    def _last_stops(self) -> Labels:
        labels: Labels = defaultdict(lambda: defaultdict(list))
        for index, block in enumerate(self.blocks):
            earliest = self._earliest(block.mask, index)
            for start in block.starts:
                end = start + block.minutes
                lunch = not self.lunch or block.serves_lunch or end <= self.window.ends - self.lunch
                if start >= earliest:
                    labels[block.mask][index].append(Label(start, end, lunch, int(block.is_split), index, None))
        return labels

    def _extend(self, mask: int, first: int, found: list[Label], labels: Labels) -> None:
        """Put every block that may come before in front of the labels: as late as can be, for lunch perhaps earlier."""
        for index, block in enumerate(self.blocks):
            if mask & (block.mask | self.waits[index]):
                continue
            self.work.spend(len(found))
            both, split = mask | block.mask, int(block.is_split)
            room, earliest = self.gaps[index][first] + block.minutes, self._earliest(both, index)
            most = both.bit_count() - self.most  # at least so often must the group divide
            target = labels[both][index]
            latest, serves, minutes = block.latest, block.serves_lunch, block.minutes
            for label in found:
                splits = label.splits + split
                if label.starts < room or splits < most or (start := latest[label.starts - room]) < earliest:
                    continue
                if label.lunch or serves:
                    target.append(Label(start, max(label.ends, start + minutes), True, splits, index, label))
                    continue
                last = self._before_lunch(label.starts, room, block)
                target.append(Label(start, max(label.ends, start + minutes), start <= last, splits, index, label))
                if start > last >= 0 and (start := latest[last]) >= earliest:
                    target.append(Label(start, max(label.ends, start + minutes), True, splits, index, label))

    def _best(self, labels: list[Label]) -> list[Label]:
        """The labels that no other one makes superfluous: later start, earlier end, lunch had, as many splits."""
        kept: list[Label] = []
        ends: dict[tuple[int, bool], int] = {}
        for label in sorted(labels, key=lambda one: (-one.starts, one.ends, not one.lunch)):
            beaten = min(ends.get((label.splits, True), 9999), ends.get((label.splits, label.lunch), 9999))
            if label.ends < beaten:
                ends[label.splits, label.lunch] = label.ends
                kept.append(label)
        return kept

    def _before_lunch(self, starts: int, room: int, block: Block) -> int:
        """The last start of the block that leaves lunch between its end and the next stop; negative for none."""
        lunch_begins = min(starts, self.window.ends) - self.lunch
        if lunch_begins < self.window.starts:
            return NEVER
        return min(starts - room - self.lunch, lunch_begins - block.minutes)

    def _had_lunch(self, label: Label) -> bool:
        return label.lunch or label.starts >= self.window.starts + self.lunch

    def _earliest(self, mask: int, first: int) -> int:
        """Before this minute the first stop cannot begin, since all others needed must have been."""
        return self.soonest.start_after(self.need & ~mask, first) if self.soonest else 0


class Soonest:
    """How soon a set of stops can be over, lunch and the number of stops a day left aside: a bound for the search."""

    def __init__(self, blocks: list[Block], gaps: list[list[int]], waits: list[int], need: int) -> None:
        self.blocks, self.gaps = blocks, gaps
        self.ends: dict[int, dict[int, int]] = {0: {}}  # by set: by its last block
        for mask in range(1, need + 1):
            if mask & need == mask:
                self.ends[mask] = {
                    index: start + block.minutes
                    for index, block in enumerate(blocks)
                    if block.mask & mask == block.mask
                    and not waits[index] & need & ~mask
                    and (start := self._next_start(mask & ~block.mask, index)) <= block.starts[-1]
                }

    def start_after(self, mask: int, index: int) -> int:
        """The first minute at which the block can follow the set."""
        if not mask:
            return 0
        return min((end + self.gaps[last][index] for last, end in self.ends[mask].items()), default=9999)

    def _next_start(self, mask: int, index: int) -> int:
        starts = self.blocks[index].starts
        place = bisect_left(starts, self.start_after(mask, index))
        return starts[place] if place < len(starts) else 9999


def label_order(label: Label) -> tuple[int, ...]:
    """The cheapest first; the rest only keeps the order the same every time."""
    return label.cost, label.starts, label.ends, label.lunch, label.splits, label.first


def _all_bits(blocks: list[Block]) -> int:
    bits = 0
    for block in blocks:
        bits |= block.mask
    return bits


def _waits(request: Request, blocks: list[Block]) -> list[int]:
    """For each block the bits of the stops that must come before it."""
    index = {wish.key: 1 << place for place, wish in enumerate(request.wishes)}
    pairs = [(index[first], index[second]) for first, second in request.orders if first in index and second in index]
    return [sum({first for first, second in pairs if block.mask & second}) for block in blocks]
