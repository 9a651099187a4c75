"""Why one wish by itself cannot be on one day: who is closed or busy, or that it is dark, or not lunch time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from app.planning.holding import starts_on, taken_on
from app.planning.openings import Diary, minute_of, needed
from app.planning.results import Obstacle, ObstacleCode
from app.planning.scene import BusyKind, Span, SubjectKind
from app.planning.spans import longest, shared, without
from app.planning.wishes import Request, Wish


def is_fixed_elsewhere(wish: Wish, day: date) -> bool:
    """Whether it is wished for one other day only, or its fixed time is then, which is nobody's fault."""
    return wish.only_day not in (None, day)


def alone_on(request: Request, wish: Wish, day: date, diary: Diary) -> list[Obstacle]:
    """Why the wish cannot be on the day, which is open; empty when it can, or is fixed on another day."""
    if is_fixed_elsewhere(wish, day) or starts_on(request, wish, day, diary):
        return []
    if diary.opening(wish, day, weekends=request.weekends).by_contact:
        spans = without([diary.scene.limits.day], taken_on(request, day))
        return [Obstacle(day, (wish.key,), "own-stops", free=tuple(spans))]
    if _is_past(wish, day, diary):
        return [Obstacle(day, (wish.key,), "past")]
    return _subjects(wish, day, diary) or _no_common(wish, day, diary)


def _is_past(wish: Wish, day: date, diary: Diary) -> bool:
    first_on, minute = diary.begins
    return day < first_on or (day == first_on and wish.fixed_at is not None and minute_of(wish.fixed_at) < minute)


def _subjects(wish: Wish, day: date, diary: Diary) -> list[Obstacle]:
    """Everybody who is needed and has not the time; of hosts that could stand in for each other only if none has."""
    asked = [(kind, key) for kind, key in needed(wish) if kind == "place" or not wish.instead]
    found = [one for kind, key in asked if (one := _subject(wish, day, diary, kind, key))]
    if wish.instead:
        hosts = [*wish.hosts, *(host for host, _contacts in wish.instead)]
        failing = [_subject(wish, day, diary, "host", host) for host in hosts]
        return found + ([one for one in failing if one] if all(failing) else [])
    people = [_subject(wish, day, diary, "person", contact) for contact in wish.contacts]
    return found + ([one for one in people if one] if people and all(people) else [])


def _subject(wish: Wish, day: date, diary: Diary, kind: SubjectKind, key: str) -> Obstacle | None:
    """What keeps this host, place or person from the wish, or None."""
    hours, free = diary.hours(kind, key, day), diary.free(kind, key, day)
    code: ObstacleCode
    if wish.fixed_at is not None:
        begins = minute_of(wish.fixed_at)
        if any(span.starts <= begins and begins + wish.minutes <= span.ends for span in free):
            return None
        code = "fixed-taken" if hours else "closed"
    elif longest(free) >= wish.minutes:
        return None
    elif not hours:
        code = "closed"
    else:
        code = "hours-short" if longest(hours) < wish.minutes else "busy"
    return Obstacle(day, (wish.key,), code, kind, key, tuple(free), _kinds(diary, kind, key, day, hours))


def _kinds(diary: Diary, kind: str, key: str, day: date, hours: Sequence[Span]) -> tuple[BusyKind, ...]:
    """What takes the subject's opening hours that day."""
    return tuple(sorted({busy.kind for span, busy in diary.busy(kind, key).get(day, ()) if shared([span], hours)}))


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
    spans = [diary.scene.limits.day]
    for kind, key in needed(wish):
        spans = shared(spans, diary.free(kind, key, day))
    first_on, minute = diary.begins
    if day == first_on and longest(without(spans, [Span(0, minute)])) < wish.minutes <= longest(spans):
        return [Obstacle(day, (wish.key,), "past")]
    return [Obstacle(day, (wish.key,), "no-common", free=tuple(spans))]


def _ruled_out(rule: str, wish: Wish, day: date, diary: Diary) -> Obstacle:
    begins = minute_of(wish.fixed_at) if wish.fixed_at else None
    data = {} if begins is None else {"fixed": Span(begins, begins + wish.minutes)}
    if rule == "daylight":
        return Obstacle(day, (wish.key,), "dark", free=tuple(diary.light(wish, day)), data=data)
    return Obstacle(day, (wish.key,), "not-lunch", free=(diary.scene.limits.lunch_window,), data=data)
