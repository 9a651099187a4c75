"""Whole programmes: the best ways to spend the visitor's days, clearly different from each other.

Each day is searched exactly (dayplans) and days are joined (joining), first with stops that begin at a quarter of an
hour. The first programme is the best there is. The others are the best of what that search holds that differ from the
ones before: at least a third of the stops are on another day or an hour or more away. Where that gives fewer than
asked for, the search is made again for what differs (differing), and both once more with stops that begin at any whole
five minutes; so a further programme is only missing where there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.core.time import in_venue
from app.planning.dayplans import DayPlans, TooMuchWork, Work, day_plans
from app.planning.differing import AWAY, Found, different, needed_moves
from app.planning.holidays import days_between, is_working_day
from app.planning.joining import Choice, choices, longest_stay_of
from app.planning.openings import Diary
from app.planning.results import Programme
from app.planning.telling import programme_of
from app.planning.wishes import Request

SAME_DAYS_COST = 30  # for the second and third programme: the same days as one before
MOST_DAYS = 31  # of the windows that are looked at
WORK_LIMIT = 1_200_000  # labels: about three seconds
UNDIVIDED_LIMIT = 300_000  # when that was not enough to find any programme
OTHER_SECONDS = 12  # second programmes that are tried for a third one


@dataclass(frozen=True, slots=True)
class Days:
    """The days looked at, each with the place of its window in the visitor's order; and how many were left out."""

    window_of: dict[date, int]
    left_out: int


def days_of(request: Request) -> Days:
    """The days of the visitor's windows on which anything can be, in order."""
    window_of: dict[date, int] = {}
    for number, window in enumerate(request.windows):
        for day in days_between(window.first_on, min(window.last_on, window.first_on + timedelta(days=400))):
            if request.weekends or is_working_day(day):
                window_of.setdefault(day, number)
    # the first window's days come first: they are what is left out last
    chosen = sorted(window_of, key=lambda day: (window_of[day], day))
    kept = set(chosen[:MOST_DAYS])
    return Days({day: window_of[day] for day in sorted(kept)}, len(chosen) - len(kept))


def search(request: Request, diary: Diary, work: Work, *, count: int = 3) -> tuple[list[Programme], bool]:
    """Up to `count` programmes, the best first, and whether the search was finished."""
    question = _Question(request, work, count)
    for grid in (diary, diary.finer):
        if question.is_open:
            question.look(grid)
        if question.is_open and question.found:
            question.look_for_others(grid)
    return question.found, question.finished


def undivided(request: Request, diary: Diary) -> list[Programme]:
    """The best programmes in which the group stays together: far quicker to find than among all ways to divide."""
    together = replace(request, wishes=tuple(replace(wish, splits=False) for wish in request.wishes))
    return search(together, diary, Work(UNDIVIDED_LIMIT))[0]


class _Question:
    """One question while it is answered: what was found so far, and whether the limit of work was reached."""

    def __init__(self, request: Request, work: Work, count: int) -> None:
        self.request, self.work, self.count = request, work, count
        self.days = list(days_of(request).window_of)
        self.found: list[Programme] = []
        self.finished = True

    @property
    def is_open(self) -> bool:
        """Whether there may be more to find."""
        return self.finished and len(self.found) < self.count

    def look(self, diary: Diary) -> None:
        """The best, and the best of the rest that differ from those before; other days are worth a little."""
        plans: dict[date, DayPlans] = {}
        try:
            for day in self.days:
                whole = longest_stay_of(self.request) == 1
                plans[day] = day_plans(self.request, day, diary, self.work, whole=whole)
        except TooMuchWork:
            self.finished = False
        self._take(Found(sorted(choices(self.request, plans)), plans), diary)

    def _take(self, ways: Found, diary: Diary) -> None:
        left = list(ways.choices)
        while left and len(self.found) < self.count:
            used = [days_in(programme) for programme in self.found]
            left.sort(key=lambda way: (way.cost + (SAME_DAYS_COST if way.days in used else 0), way.key))
            self._take_next(left, ways.plans, diary)

    def _take_next(self, left: list[Choice], plans: dict[date, DayPlans], diary: Diary) -> None:
        while left:
            way = left.pop(0)
            programme = programme_of(way.labels, way.cost, plans, self.request, diary)
            if all(is_different(programme, other) for other in self.found):
                self.found.append(programme)
                return

    def look_for_others(self, diary: Diary) -> None:
        """What the shortest days do not hold: a second, a third, or another second that leaves room for a third."""
        try:
            before = 0
            while self.is_open and before < len(self.found):
                before = len(self.found)
                self._take(different(self.request, self.days, diary, self.work, self.found), diary)
            if self.is_open and len(self.found) == 2:
                self._change_second(diary)
        except TooMuchWork:
            self.finished = False

    def _change_second(self, diary: Diary) -> None:
        best, *second = self.found
        ways, plans = different(self.request, self.days, diary, self.work, [best])
        for way in ways[:OTHER_SECONDS]:
            self.found = [best, programme_of(way.labels, way.cost, plans, self.request, diary)]
            self._take(different(self.request, self.days, diary, self.work, self.found), diary)
            if len(self.found) > 2:
                return
        self.found = [best, *second]


def days_in(programme: Programme) -> set[date]:
    """The days on which it has wished stops."""
    return {in_venue(stop.starts_at).date() for stop in programme.stops if not stop.placed}


def is_different(one: Programme, other: Programme) -> bool:
    """Whether at least a third of the wished stops, and one, are on another day or begin an hour or more apart."""
    begins = {stop.key: stop.starts_at for stop in other.stops if not stop.placed}
    mine = [stop for stop in one.stops if not stop.placed]
    away = timedelta(minutes=AWAY)
    moved = sum(1 for stop in mine if stop.key not in begins or abs(stop.starts_at - begins[stop.key]) >= away)
    return moved >= needed_moves(len(mine))
