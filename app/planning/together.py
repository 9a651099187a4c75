"""Why wishes that each can be cannot be together: the one rule without which they could, else their times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any

from app.planning.conflicts import only
from app.planning.dayplans import TooMuchWork, Work
from app.planning.fitting import day_sets
from app.planning.holding import can_hold, starts_on, without_ways
from app.planning.joining import longest_stay_of
from app.planning.openings import Diary
from app.planning.results import Obstacle, ObstacleCode
from app.planning.scene import Span
from app.planning.travel import leg_between
from app.planning.wishes import Request, Wish

SMALL = 4  # wishes of which the fewest that cannot be on a day are looked for
RULE_LIMIT = 20_000  # labels

Holds = Callable[[Request, Diary, Work], bool]


def together_on(request: Request, day: date, diary: Diary, work: Work) -> list[Obstacle]:
    """The fewest of these wishes that the day cannot hold together, and why; empty when it holds all."""
    try:
        with work.part(work.limit) as part:
            wishes = _fewest(request, day, diary, part)
    except TooMuchWork:
        wishes = request.wishes
    return [_named(only(request, wishes), day, diary, work)] if wishes else []


def as_a_whole(request: Request, diary: Diary, work: Work) -> Obstacle:
    """Why no division over the days that are allowed holds them."""
    code = _rule(request, diary, work, can_hold)
    keys = tuple(wish.key for wish in request.wishes)
    data = {"stay": longest_stay_of(request)}
    return Obstacle(None, keys, "days-few" if code == "together" else code, data=data)


def _fewest(request: Request, day: date, diary: Diary, work: Work) -> tuple[Wish, ...]:
    wishes = request.wishes
    if len(wishes) > SMALL:
        return () if _on(day)(request, diary, work) else wishes
    sets = day_sets(request, day, diary, work)
    for size in range(1, len(wishes) + 1):
        for chosen in combinations(range(len(wishes)), size):
            if sum(1 << place for place in chosen) not in sets:
                return tuple(wishes[place] for place in chosen)
    return ()


def _named(request: Request, day: date, diary: Diary, work: Work) -> Obstacle:
    keys, code = tuple(wish.key for wish in request.wishes), _rule(request, diary, work, _on(day))
    if len(keys) > 2 or code not in ("together", "travel"):
        return Obstacle(day, keys, code)
    starts = {wish: starts_on(request, wish, day, diary) for wish in request.wishes}
    wishes = sorted(request.wishes, key=lambda wish: starts[wish])
    free = tuple(Span(starts[wish][0], starts[wish][-1] + wish.minutes) for wish in wishes)
    exact = all(len(found) == 1 for found in starts.values())
    if code == "together" and exact and len(wishes) == 2 and free[1].starts < free[0].ends:
        code = "at-once"
    data: dict[str, Any] = {"exact": exact, "buffer": diary.scene.limits.buffer}
    if len(wishes) == 2:
        data["leg"] = leg_between(diary.scene, wishes[0].place, wishes[1].place)
    return Obstacle(day, tuple(wish.key for wish in wishes), code, free=free, data=data)


def _rule(request: Request, diary: Diary, work: Work, holds: Holds) -> ObstacleCode:
    """The first rule without which they could be; "together" where none of them alone is the reason."""
    for code, relaxed, grid in _rules(request, diary):
        try:
            with work.part(RULE_LIMIT) as part:
                if holds(relaxed, grid, part):
                    return code
        except TooMuchWork:
            continue
    return "together"


def _rules(request: Request, diary: Diary) -> Iterator[tuple[ObstacleCode, Request, Diary]]:
    yield "too-many", replace(request, stops_a_day=len(request.wishes) + len(request.placed)), diary
    if request.lunch:
        yield "lunch", replace(request, lunch=False), diary
    if request.orders:
        yield "order", replace(request, orders=()), diary
    yield "travel", request, without_ways(request, diary)


def _on(day: date) -> Holds:
    def holds(request: Request, diary: Diary, work: Work) -> bool:
        full = (1 << len(request.wishes)) - 1
        return full in day_sets(request, day, diary, work)

    return holds
