"""Whole programmes: the best ways to spend the visitor's days, clearly different from each other.

Each day is searched exactly (dayplans) and days are joined (joining), first with stops that begin at a quarter of an
hour. The first programme is the best there is. The others are the best of what that search holds that differ from the
ones before: at least a third of the stops are on another day or an hour or more away. Where that gives fewer than
asked for, the search is made again for what differs (differing), and both once more with stops that begin at any whole
five minutes; so a further programme is only missing where there is none. Stops in the early morning and the late
evening, which opening hours may allow, are only looked at where the city's ordinary day holds too little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from app.core.time import in_venue
from app.planning.dayplans import DayPlans, TooMuchWork, Work, day_plans
from app.planning.differing import AWAY, Found, different, needed_moves
from app.planning.holding import can_hold
from app.planning.joining import Choice, choices, longest_stay_of
from app.planning.openings import Diary
from app.planning.results import Programme
from app.planning.telling import programme_of
from app.planning.windows import days_of
from app.planning.wishes import Request, Wish

SAME_DAYS_COST = 30  # for the second and third programme: the same days as one before
WORK_LIMIT = 1_200_000  # labels: about three seconds
UNDIVIDED_LIMIT = 300_000  # when that was not enough to find any programme
SETTLING_SHARE = 4  # of the work, a quarter to settle whether there is any
OTHER_SECONDS = 12  # second programmes that are tried for a third one


def search(request: Request, diary: Diary, work: Work, *, count: int = 3) -> tuple[list[Programme], bool]:
    """Up to `count` programmes, the best first, and whether the search was finished.

    Whether there is one at all is settled first: that takes a small part of what it takes to find the best.
    """
    if _is_impossible(request, diary, work):
        return [], True
    question = _Question(request, work, count)
    for grid in _from_the_best(request, diary):
        if question.is_open:
            question.look(grid)
        if question.is_open and question.found:
            question.look_for_others(grid)
    return question.found, question.finished


def _from_the_best(request: Request, diary: Diary) -> Iterator[Diary]:
    """Quarters of an hour, then five minutes; within the city's day, and then whenever somebody is open."""
    if any(_opens_outside(wish, diary) for wish in request.wishes):
        yield from (diary.ordinary, diary.ordinary.finer)
    yield from (diary, diary.finer)


def _opens_outside(wish: Wish, diary: Diary) -> bool:
    """Whether one of its hosts is open, on whichever day, outside the city's."""
    day, hosts = diary.scene.limits.day, [*wish.hosts, *(host for host, _contacts in wish.instead)]
    weeks = [diary.calendar("host", host).hours for host in hosts]
    return any(
        week is None
        or any(span.starts < day.starts or day.ends < span.ends for spans in week.values() for span in spans)
        for week in weeks
    )


def _is_impossible(request: Request, diary: Diary, work: Work) -> bool:
    try:
        with work.part(work.limit // SETTLING_SHARE) as part:
            return not can_hold(request, diary, part)
    except TooMuchWork:
        return False


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
