"""Why there is no programme: for each set of wishes that cannot all be, which days fail and what makes them fail.

A day by itself fails for a wish that cannot be on it, else for those that cannot be on it together. Where the visit
may take several days, what can be on another of them is no obstacle, and a conflict that is not one day's is said as a
whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from app.core.holidays import is_weekend
from app.planning.alone import alone_on, is_fixed_elsewhere
from app.planning.conflicts import Wishes, conflicts, only
from app.planning.dayplans import TooMuchWork, Work
from app.planning.holding import runs, starts_on
from app.planning.holidays import days_between, find_holiday, is_working_day
from app.planning.joining import days_spanned, longest_stay_of, own_days
from app.planning.openings import Diary
from app.planning.results import Obstacle, ObstacleCode
from app.planning.scene import Scene
from app.planning.together import as_a_whole, together_on
from app.planning.windows import days_of
from app.planning.wishes import Request, Wish

DAYS_EXPLAINED = 14
LIMIT = 200_000  # labels


def obstacles(request: Request, diary: Diary, work: Work) -> tuple[list[Wishes], list[Obstacle], bool]:
    """The sets of wishes that cannot all be, what stands in their way, and whether all of it could be looked at."""
    found: list[Obstacle] = []
    with work.part(work.limit * 2 // 3) as part:
        sets, is_sure = conflicts(request, diary, part)
    for wishes in sets:
        for one in _of(only(request, wishes), diary.finer, work):
            if one not in found:
                found.append(one)
    return sets, sorted(found, key=lambda one: one.day or date.max), is_sure


def explain(request: Request, scene: Scene) -> list[Obstacle]:
    """What stands in the way of all wishes on each of the first days of the windows."""
    diary, work = Diary(scene).finer, Work(LIMIT)
    with suppress(TooMuchWork):
        return [one for day in explained_days(request) for one in obstacles_on(request, day, diary, work)]
    return []


def obstacles_on(request: Request, day: date, diary: Diary, work: Work) -> list[Obstacle]:
    """What keeps the day from holding all wishes; empty when it can, or one is fixed on another day."""
    if not request.weekends and not is_working_day(day):
        code: ObstacleCode = "weekend" if is_weekend(day) and not find_holiday(day) else "holiday"
        return [Obstacle(day, (), code)]
    found = [one for wish in request.wishes for one in alone_on(request, wish, day, diary)]
    if found or any(is_fixed_elsewhere(wish, day) for wish in request.wishes):
        return found
    is_far = days_spanned([day, *own_days(request)]) > longest_stay_of(request)
    return together_on(request, day, diary, work) or ([Obstacle(day, (), "far-off")] if is_far else [])


def explained_days(request: Request) -> list[date]:
    """The first days of the windows, closed ones too: somebody may have wished for a Sunday."""
    days: dict[date, None] = {}
    for window in request.windows:
        for day in days_between(window.first_on, window.last_on):
            if len(days) < DAYS_EXPLAINED:
                days[day] = None
    return sorted(days)


def _of(request: Request, diary: Diary, work: Work) -> list[Obstacle]:
    """Why these wishes, of which all but any one can be, cannot all be."""
    outside = [one for wish in request.wishes if (one := _fixed_outside(request, wish))]
    if outside:
        return outside
    if len(request.wishes) == 1 or longest_stay_of(request) == 1:
        days = [day for day in _days(request) if not any(is_fixed_elsewhere(wish, day) for wish in request.wishes)]
        found = [one for day in days for one in obstacles_on(request, day, diary, work)]
        return found or [_apart(request, diary)]
    return list(_over_days(request, diary, work))


def _days(request: Request) -> list[date]:
    """The days explained, and those of fixed times and of wishes for one day, however late."""
    fixed = {wish.only_day for wish in request.wishes if wish.only_day}
    return sorted({*explained_days(request), *fixed})


def _fixed_outside(request: Request, wish: Wish) -> Obstacle | None:
    day = wish.only_day
    if day is None or any(window.first_on <= day <= window.last_on for window in request.windows):
        return None
    return Obstacle(day, (wish.key,), "fixed-outside" if wish.fixed_at else "day-outside")


def _over_days(request: Request, diary: Diary, work: Work) -> Iterator[Obstacle]:
    """Several wishes that may be on different days."""
    possible = _possible(request, diary)
    covering = [run for run in runs(request) if all(possible[wish.key] & set(run) for wish in request.wishes)]
    days = {day for run in covering for day in run for wish in request.wishes if day in possible[wish.key]}
    if not covering:
        yield _apart(request, diary)
    elif len(days) == 1:
        yield from together_on(request, days.pop(), diary, work)
    else:
        yield as_a_whole(request, diary, work)
    if len(request.wishes) == 2:
        yield from _elsewhere(request, possible, diary)


def _elsewhere(request: Request, possible: dict[str, set[date]], diary: Diary) -> Iterator[Obstacle]:
    """Why one of two cannot be on another day, near enough to the other's, where both could be."""
    explained = explained_days(request)
    for wish, other in (request.wishes, request.wishes[::-1]):
        near = {day for run in runs(request) if possible[other.key] & set(run) for day in run}
        for day in sorted((near - possible[wish.key]) & set(explained)):
            yield from alone_on(request, wish, day, diary)


def _possible(request: Request, diary: Diary) -> dict[str, set[date]]:
    days = list(days_of(request).window_of)
    return {w.key: {day for day in days if starts_on(request, w, day, diary)} for w in request.wishes}


def _apart(request: Request, diary: Diary) -> Obstacle:
    """Each is possible, but on days too far from each other."""
    possible = _possible(request, diary)
    keys = tuple(wish.key for wish in request.wishes)
    data = {"stay": longest_stay_of(request), "on": tuple(tuple(sorted(possible[key])) for key in keys)}
    return Obstacle(None, keys, "days-apart", data=data)
