"""Whether the days can hold wishes at all: run of days by run of days, no further than the first that can."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, reduce
from operator import or_

from app.planning.blocks import placed_on
from app.planning.dayplans import Work
from app.planning.fitting import TRIED_FOR_A_LABEL, day_sets
from app.planning.joining import days_spanned, longest_stay_of, own_days, waits_of
from app.planning.openings import Diary
from app.planning.scene import Minutes, Span
from app.planning.windows import days_of
from app.planning.wishes import Request, Wish


class Holding:
    """Of one question's wishes, which can all be: any choice of them, found from what each day can hold.

    `size`: never asked about more wishes than that, so larger sets are not looked at.
    """

    def __init__(self, request: Request, diary: Diary, *, size: int = 99) -> None:
        self.request, self.diary, self.size = request, diary.finer, size
        self.waits = waits_of(request)
        self.meals = _bits(wish.serves_lunch for wish in request.wishes)
        self.divisible = _bits(wish.splits for wish in request.wishes)
        self._known: dict[int, bool] = {}

    def holds(self, mask: int, work: Work) -> bool:
        """Whether there is a programme of these wishes (bits), at any whole five minutes. Raises TooMuchWork."""
        if mask not in self._known:
            if self.request.lunch and self.meals & ~mask:  # lunch may be what is left out
                return self._without_lunch.holds(mask, work)
            self._known[mask] = self._can_be(mask, work)
        return self._known[mask]

    @cached_property
    def _without_lunch(self) -> Holding:
        return Holding(replace(self.request, lunch=False), self.diary, size=self.size)

    def _can_be(self, mask: int, work: Work) -> bool:
        spans = [[day for day in run if mask & self._possible[day]] for run in self._runs]
        covering = [run for run in spans if not mask & ~_union(self._possible[day] for day in run)]
        return any(self._run_holds(run, mask, work) for run in covering if self._has_room(run, mask))

    def _has_room(self, run: Sequence[date], mask: int) -> bool:
        """Whether so many stops are allowed on the days, were half of what may divide always beside the other half."""
        most = self.request.stops_a_day or self.diary.scene.limits.stops_a_day
        room = sum(max(0, most - len(placed_on(self.request.placed, day))) for day in run)
        return mask.bit_count() - (mask & self.divisible).bit_count() // 2 <= room

    @cached_property
    def _runs(self) -> list[list[date]]:
        return list(runs(self.request))

    @cached_property
    def _possible(self) -> dict[date, int]:
        """The wishes that could be on each day were each the only one."""
        days, wishes = {day for run in self._runs for day in run}, self.request.wishes
        return {day: _bits(starts_on(self.request, wish, day, self.diary) for wish in wishes) for day in days}

    def _run_holds(self, run: Sequence[date], mask: int, work: Work) -> bool:
        days = [[one for one in self._sets(day, work) if not one & ~mask] for day in run]
        most = [max((one.bit_count() for one in sets), default=0) for sets in days]
        if sum(most) < mask.bit_count() or mask & ~_union(_union(sets) for sets in days):
            return False
        reached = {0}
        for number, sets in enumerate(days[:-1]):
            work.spend(len(reached) * len(sets) // TRIED_FOR_A_LABEL)
            least = mask.bit_count() - sum(most[number + 1 :])
            pairs = ((one, done) for one in sets for done in reached if not one & done)
            further = {done | one for one, done in pairs if self._in_order(one, done, mask)}
            reached = {done for done in reached | further if done.bit_count() >= least}
        last = {0, *days[-1]}
        return any(mask ^ done in last and self._in_order(mask ^ done, done, mask) for done in reached)

    def _in_order(self, one: int, done: int, mask: int) -> bool:
        """Whether all that must come before these wishes is on the same day or has been."""
        return all(not before & mask & ~(done | one) for bit, before in self.waits if bit & one)

    def _sets(self, day: date, work: Work) -> frozenset[int]:
        return day_sets(self.request, day, self.diary, work, size=self.size)


def can_hold(request: Request, diary: Diary, work: Work) -> bool:
    """Whether there is a programme, at quarters of an hour or at any whole five minutes. Raises TooMuchWork."""
    return Holding(request, diary).holds((1 << len(request.wishes)) - 1, work)


def runs(request: Request) -> Iterator[list[date]]:
    """Days of one window that the visit may spread over, none of them only a part of the one before."""
    days, own, stay = list(days_of(request).window_of), own_days(request), longest_stay_of(request)
    for window in request.windows:
        within = [day for day in days if window.first_on <= day <= window.last_on]
        last: list[date] = []
        for place, first in enumerate(within):
            run = [day for day in within[place:] if days_spanned([first, day, *own]) <= stay]
            if run and not set(run) <= set(last):
                yield (last := run)


def starts_on(request: Request, wish: Wish, day: date, diary: Diary) -> list[int]:
    """When it could begin on the day were it the only wish, besides what the visit has already."""
    taken = taken_on(request, day)
    starts = diary.opening(wish, day, weekends=request.weekends).starts
    return [s for s in starts if all(s + wish.minutes <= t.starts or t.ends <= s for t in taken)]


def taken_on(request: Request, day: date) -> list[Span]:
    """When the group is at a stop that it has already."""
    return [Span(block.starts[0], block.starts[0] + block.minutes) for block in placed_on(request.placed, day)]


def without_ways(request: Request, diary: Diary) -> Diary:
    """The same where every place is next door and nothing is kept free between two stops."""
    places = {"", *(wish.place or "" for wish in request.wishes), *(stop.place or "" for stop in request.placed)}
    near = {frozenset((one, other)): Minutes(0) for one in places for other in places}
    limits = replace(diary.scene.limits, buffer=0)
    return Diary(replace(diary.scene, travel=near, limits=limits), grid=diary.grid)


def _bits(values: Iterable[object]) -> int:
    return sum(1 << place for place, value in enumerate(values) if value)


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
