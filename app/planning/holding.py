"""Whether the days can hold wishes at all: run of days by run of days, no further than the first that can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from app.planning.blocks import placed_on
from app.planning.dayplans import DayPlans, Work, day_plans
from app.planning.joining import choices, days_spanned, longest_stay_of, own_days
from app.planning.openings import Diary
from app.planning.programmes import days_of
from app.planning.scene import Minutes, Span
from app.planning.wishes import Request, Wish


def can_hold(request: Request, diary: Diary, work: Work) -> bool:
    """Whether there is a programme, at quarters of an hour or at any whole five minutes. Raises TooMuchWork."""
    return any(_holds(request, grid, work) for grid in (diary, diary.finer))


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


def _holds(request: Request, diary: Diary, work: Work) -> bool:
    plans: dict[date, DayPlans] = {}
    whole = longest_stay_of(request) == 1
    for run in runs(request):
        days = [day for day in run if any(starts_on(request, wish, day, diary) for wish in request.wishes)]
        if not all(any(starts_on(request, wish, day, diary) for day in days) for wish in request.wishes):
            continue
        for day in days:
            if day not in plans:
                plans[day] = day_plans(request, day, diary, work, whole=whole)
        if next(choices(request, {day: plans[day] for day in days}), None):
            return True
    return False
