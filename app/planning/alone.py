"""Why one wish by itself cannot be on one day: who is closed or busy, or that it is dark, or not lunch time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.planning.holding import starts_on, taken_on
from app.planning.openings import Diary, minute_of
from app.planning.results import Obstacle
from app.planning.scene import Span
from app.planning.spans import longest, without
from app.planning.subjects import common, each_of, in_the_way
from app.planning.wishes import Request, Wish


def is_fixed_elsewhere(wish: Wish, day: date) -> bool:
    """Whether it is wished for one other day only, or its fixed time is then, which is nobody's fault."""
    return wish.only_day not in (None, day)


def alone_on(request: Request, wish: Wish, day: date, diary: Diary) -> list[Obstacle]:
    """Why the wish cannot be on the day, which is open; empty when it can, or is fixed on another day."""
    if is_fixed_elsewhere(wish, day) or starts_on(request, wish, day, diary):
        return []
    if diary.opening(wish, day, weekends=request.weekends).by_contact:
        return [
            Obstacle(
                day, (wish.key,), "own-stops", free=tuple(without(common(wish, day, diary), taken_on(request, day)))
            )
        ]
    if _is_past(wish, day, diary):
        return [Obstacle(day, (wish.key,), "past")]
    return in_the_way(wish, day, diary) or _no_common(wish, day, diary)


def _is_past(wish: Wish, day: date, diary: Diary) -> bool:
    first_on, minute = diary.begins
    return day < first_on or (day == first_on and wish.fixed_at is not None and minute_of(wish.fixed_at) < minute)


def _no_common(wish: Wish, day: date, diary: Diary) -> list[Obstacle]:
    """Everybody has the time, but not the same: it is dark, it is not lunch time, it is past, or they never meet."""

    def is_open(**changed: bool) -> bool:
        return bool(diary.opening(replace(wish, **changed), day, weekends=True).by_contact)  # type: ignore[arg-type]

    rules = {name for name in ("daylight", "serves_lunch") if getattr(wish, name)}
    enough = [name for name in sorted(rules) if is_open(**{name: False})]
    if not enough and len(rules) > 1 and is_open(daylight=False, serves_lunch=False):
        enough = sorted(rules)
    if enough:
        return [_ruled_out(name, wish, day, diary) for name in enough]
    if day == diary.begins[0] and longest(common(wish, day, diary)) >= wish.minutes:
        return [Obstacle(day, (wish.key,), "past")]
    return [Obstacle(day, (wish.key,), "no-common", data={"each": each_of(wish, day, diary)})]


def _ruled_out(rule: str, wish: Wish, day: date, diary: Diary) -> Obstacle:
    begins = minute_of(wish.fixed_at) if wish.fixed_at else None
    data = {} if begins is None else {"fixed": Span(begins, begins + wish.minutes)}
    if rule == "daylight":
        return Obstacle(day, (wish.key,), "dark", free=tuple(diary.light(wish, day)), data=data)
    return Obstacle(day, (wish.key,), "not-lunch", free=(diary.scene.limits.lunch_window,), data=data)
