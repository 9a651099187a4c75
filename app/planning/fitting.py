"""Which sets of wishes one day can hold, yes or no: as dayplans finds them, without asking what the ways cost.

For what may come before a sequence of stops it only matters when the first of them begins, not when the last one ends.
So of all ways to do a set of wishes, beginning with the same stop, one is kept: that which begins latest; a second one
where it alone has had lunch. That is a small part of the labels from which the best programme is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from app.planning.blocks import NEVER
from app.planning.dayplans import Day, Work
from app.planning.openings import Diary
from app.planning.wishes import Request

States = dict[tuple[int, int, bool], int]  # by first block, times the group divides, lunch had: the latest start
TRIED_FOR_A_LABEL = 4  # what is counted as one label takes as long as so many of these


def day_sets(request: Request, day: date, diary: Diary, work: Work, *, size: int = 99) -> frozenset[int]:
    """The sets of at most so many wishes that fit the day, each with all that the visit has already on it.

    Remembered by what the day is built of: a changed question has most of its days in common with the one before.
    """
    one = FittingDay(request, day, diary, work, size=size)
    if (key := one.key()) not in diary.sets:
        diary.sets[key] = frozenset(one.sets())
    found: frozenset[int] = diary.sets[key]
    return found


class FittingDay(Day):
    """One day's search for what fits."""

    def __init__(self, request: Request, day: date, diary: Diary, work: Work, *, size: int) -> None:
        super().__init__(request, day, diary, work, whole=False)
        self.size = size

    def key(self) -> tuple[Any, ...]:
        """Everything that decides the answer, but the ways between the places."""
        blocks = tuple((one.mask, one.starts, one.minutes, one.places, one.serves_lunch) for one in self.blocks)
        return blocks, tuple(self.waits), self.full, self.need, self.most, self.lunch, self.size

    def sets(self) -> Iterator[int]:
        """The sets of wishes, without the visit's own stops."""
        states = self._last()
        for mask in range(1, (self.full | self.own) + 1):
            found = states.pop(mask, None)
            if found is None:
                continue
            if mask & self.need == self.need and any(lunch or self._late(at) for (_, _, lunch), at in found.items()):
                yield mask & self.full
            if (mask & self.full).bit_count() <= self.size:
                self._before(mask, _needed(found), states)

    def _late(self, start: int) -> bool:
        return start >= self.window.starts + self.lunch

    def _last(self) -> dict[int, States]:
        states: dict[int, States] = {}
        for index, block in enumerate(self.blocks):
            if (block.mask & self.full).bit_count() > self.size:
                continue
            mine, split, latest = states.setdefault(block.mask, {}), int(block.is_split), block.starts[-1]
            if not self.lunch or block.serves_lunch:
                mine[index, split, True] = latest
                continue
            mine[index, split, False] = latest
            before = self.window.ends - self.lunch - block.minutes
            if before >= 0 and (start := block.latest[before]) != NEVER:
                mine[index, split, True] = start
        return states

    def _before(self, mask: int, found: States, states: dict[int, States]) -> None:
        """Every block that may come before, as late as can be; as late as leaves time for lunch as well."""
        for index, block in enumerate(self.blocks):
            both = mask | block.mask
            if mask & (block.mask | self.waits[index]) or (both & self.full).bit_count() > self.size:
                continue
            self.work.spend(1 + len(found) // TRIED_FOR_A_LABEL)
            target = states.setdefault(both, {})
            least, split = both.bit_count() - self.most, int(block.is_split)
            gaps, minutes, latest, serves = self.gaps[index], block.minutes, block.latest, block.serves_lunch
            for (first, had, lunch), starts in found.items():
                room, splits = gaps[first] + minutes, had + split
                if starts < room or splits < least or (start := latest[starts - room]) == NEVER:
                    continue
                if lunch or serves:
                    _put(target, (index, splits, True), start)
                    continue
                last = self._before_lunch(starts, room, block)
                _put(target, (index, splits, start <= last), start)
                if start > last >= 0 and (earlier := latest[last]) != NEVER:
                    _put(target, (index, splits, True), earlier)


def _put(states: States, key: tuple[int, int, bool], start: int) -> None:
    if states.get(key, NEVER) < start:
        states[key] = start


def _needed(found: States) -> States:
    """Without those that have had no lunch and begin no later than one that has."""
    return {
        (first, splits, lunch): start
        for (first, splits, lunch), start in found.items()
        if lunch or found.get((first, splits, True), NEVER) < start
    }
