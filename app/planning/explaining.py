"""Why a day fails: for one wish by itself, else for the fewest wishes that cannot be there together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from itertools import combinations

from app.core.time import in_venue
from app.planning.blocks import placed_on
from app.planning.dayplans import TooMuchWork, Work, day_plans
from app.planning.holidays import days_between, find_holiday, is_weekend, is_working_day
from app.planning.joining import days_spanned, longest_stay_of, own_days
from app.planning.openings import Diary, minute_of, needed
from app.planning.results import Obstacle, ObstacleCode
from app.planning.scene import BusyKind, Scene, Span, SubjectKind
from app.planning.spans import longest, shared, without
from app.planning.wishes import Request, Wish

DAYS_EXPLAINED = 14
LIMIT = 200_000  # labels


def obstacles_on(request: Request, day: date, diary: Diary, work: Work) -> list[Obstacle]:
    """What keeps the day from holding all wishes; empty when it can. Raises TooMuchWork."""
    if not request.weekends and not is_working_day(day):
        code: ObstacleCode = "weekend" if is_weekend(day) and not find_holiday(day) else "holiday"
        return [Obstacle(day, (), code)]
    alone = [found for wish in request.wishes for found in _alone(request, wish, day, diary)]
    found = alone or list(_together(request, day, diary, work))
    is_far = days_spanned([day, *own_days(request)]) > longest_stay_of(request)
    return found or ([Obstacle(day, (), "far-off")] if is_far else [])


def _alone(request: Request, wish: Wish, day: date, diary: Diary) -> list[Obstacle]:
    """Why the wish cannot be on the day at all; empty when it can."""
    opening = diary.opening(wish, day, weekends=request.weekends)
    taken = [Span(block.starts[0], block.starts[0] + block.minutes) for block in placed_on(request.placed, day)]
    starts = [s for s in opening.starts if all(s + wish.minutes <= t.starts or t.ends <= s for t in taken)]
    if starts:
        return []
    if opening.starts:
        spans = without([diary.scene.limits.day], taken)
        return [Obstacle(day, (wish.key,), "own-stops", free=tuple(spans))]
    if wish.fixed_at is not None and in_venue(wish.fixed_at).date() != day:
        return [Obstacle(day, (wish.key,), "fixed-elsewhere")]
    if day < diary.begins[0]:
        return [Obstacle(day, (wish.key,), "past")]
    asked = [*needed(wish), *(("host", host) for host, _contacts in wish.instead)]
    found = [one for kind, key in asked if (one := _subject(wish, day, diary, kind, key))]
    people = [_subject(wish, day, diary, "person", contact) for contact in wish.contacts]
    if people and all(people):
        found += [one for one in people if one]
    return found or [_no_common(wish, day, diary)]


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


def _no_common(wish: Wish, day: date, diary: Diary) -> Obstacle:
    """Everybody has the time, but not the same: it is dark, it is not lunch time, or they never meet."""
    spans = [diary.scene.limits.day]
    for kind, key in needed(wish):
        spans = shared(spans, diary.free(kind, key, day))
    if longest(spans) >= wish.minutes and wish.daylight:
        light = diary.light(wish, day)
        if longest(shared(spans, light)) < wish.minutes:
            return Obstacle(day, (wish.key,), "dark", free=tuple(light))
    if wish.serves_lunch and diary.opening(replace(wish, serves_lunch=False), day, weekends=True).by_contact:
        return Obstacle(day, (wish.key,), "not-lunch", free=(diary.scene.limits.lunch_window,))
    begins = diary.begins
    if day == begins[0] and longest(without(spans, [Span(0, begins[1])])) < wish.minutes <= longest(spans):
        return Obstacle(day, (wish.key,), "past")
    return Obstacle(day, (wish.key,), "no-common", free=tuple(spans))


def _together(request: Request, day: date, diary: Diary, work: Work) -> Iterator[Obstacle]:
    """The smallest set of wishes that the day cannot hold, and the one rule without which it could."""
    plans = day_plans(request, day, diary, work).plans
    index = range(len(request.wishes))
    for size in range(1, len(request.wishes) + 1):
        for chosen in combinations(index, size):
            if sum(1 << place for place in chosen) not in plans:
                wishes = tuple(request.wishes[place] for place in chosen)
                code = _rule(replace(request, wishes=wishes), day, diary, work)
                free = _free_of(wishes, day, diary) if code == "together" else ()
                yield Obstacle(day, tuple(wish.key for wish in wishes), code, free=free)
                return


def _rule(request: Request, day: date, diary: Diary, work: Work) -> ObstacleCode:
    everybody = len(request.wishes) + len(placed_on(request.placed, day))
    for code, relaxed in (
        ("too-many", replace(request, stops_a_day=everybody)),
        ("lunch", replace(request, lunch=False)),
        ("order", replace(request, orders=())),
    ):
        if (1 << len(request.wishes)) - 1 in day_plans(relaxed, day, diary, work).plans:
            return code  # type: ignore[return-value]
    return "together"


def _free_of(wishes: Sequence[Wish], day: date, diary: Diary) -> tuple[Span, ...]:
    """For each wish in turn, from its first start to the end of its last."""
    starts = [diary.opening(wish, day, weekends=True).starts for wish in wishes]
    return tuple(Span(one[0], one[-1] + wish.minutes) for one, wish in zip(starts, wishes, strict=True) if one)


def explain(request: Request, scene: Scene) -> list[Obstacle]:
    """What stands in the way on each of the first days of the windows."""
    diary, work = Diary(scene).finer, Work(LIMIT)
    with suppress(TooMuchWork):
        return [one for day in explained_days(request) for one in obstacles_on(request, day, diary, work)]
    return []


def explained_days(request: Request) -> list[date]:
    """The first days of the windows, closed ones too: somebody may have wished for a Sunday."""
    days: dict[date, None] = {}
    for window in request.windows:
        for day in days_between(window.first_on, window.last_on):
            if len(days) < DAYS_EXPLAINED:
                days[day] = None
    return sorted(days)
