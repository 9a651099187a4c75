"""The next times at which one stop could be, the most fitting first, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.planning.blocks import Block, placed_on
from app.planning.dayplans import Work, day_plans
from app.planning.joining import DAY_COST, WINDOW_COST
from app.planning.openings import NOBODY, Diary, Opening
from app.planning.programmes import WORK_LIMIT
from app.planning.results import FreeTime, Reason
from app.planning.scene import Scene
from app.planning.telling import at
from app.planning.travel import Leg, leg_between
from app.planning.windows import days_of
from app.planning.wishes import Request, Wish

WAIT_SHARE = 4  # four minutes of waiting weigh as much as one of travel


def free_times(request: Request, scene: Scene, *, count: int = 10, a_day: int = 3) -> list[FreeTime]:
    """Times for the request's first wish around what the visit has already; the best `a_day` of each day.

    Days with other stops come before days without, then little travel, little waiting, the earlier day. A full day
    (the most stops a day) has none. Times outside the city's day are only given for days without others. Whole five
    minutes are looked at where no quarter of an hour will do.
    """
    diary = Diary(scene)
    found = _best_of(request, diary, a_day) or _best_of(request, diary.finer, a_day)
    return sorted(found, key=_rank)[:count]


def _best_of(request: Request, diary: Diary, a_day: int) -> list[FreeTime]:
    wish, *_others = request.wishes
    found: list[FreeTime] = []
    for day, window in days_of(request).window_of.items():
        own = placed_on(request.placed, day)
        if len(own) < (request.stops_a_day or diary.scene.limits.stops_a_day):
            times = list(_on(request, wish, day, window, own, diary.ordinary))
            times = times or list(_on(request, wish, day, window, own, diary))
            found += _apart(sorted(times, key=_rank), a_day)
    return found


def _rank(time: FreeTime) -> tuple[int, str]:
    return time.cost, time.starts_at.isoformat()


def _apart(times: Sequence[FreeTime], count: int) -> list[FreeTime]:
    """The best few that do not begin within two hours of each other: a choice, not a list of quarters."""
    kept: list[FreeTime] = []
    for time in times:
        if all(abs(time.starts_at - other.starts_at) >= timedelta(hours=2) for other in kept):
            kept.append(time)
    return kept[:count]


def _on(request: Request, wish: Wish, day: date, window: int, own: Sequence[Block], diary: Diary) -> Iterator[FreeTime]:
    opening = diary.opening(wish, day, weekends=request.weekends)
    for start in opening.starts:
        before = [block for block in own if block.starts[0] < start]
        after = [block for block in own if block.starts[0] >= start]
        legs = _legs(wish, start, before[-1:], after[:1], diary)
        if legs is None:
            continue
        if _fits(request, wish, day, start, diary) if own else _has_lunch(request, wish, start, diary):
            yield _time(day, start, wish, opening, window, len(own), legs)


def _legs(
    wish: Wish, start: int, before: Sequence[Block], after: Sequence[Block], diary: Diary
) -> list[tuple[Leg, int]] | None:
    """The ways to and from the neighbours with the minutes left over; None when the time is too short for one."""
    found = []
    for block, room in (
        *((block, start - block.starts[0] - block.minutes) for block in before),
        *((block, block.starts[0] - start - wish.minutes) for block in after),
    ):
        leg = max((leg_between(diary.scene, place, wish.place) for place in block.places), key=lambda one: one.minutes)
        left = room - leg.minutes - diary.scene.limits.buffer
        if left < 0:
            return None
        found.append((leg, left))
    return found


def _fits(request: Request, wish: Wish, day: date, start: int, diary: Diary) -> bool:
    """Whether the day with the stop at that time keeps every rule, lunch among them."""
    there = replace(request, wishes=(replace(wish, fixed_at=at(day, start)),), orders=())
    return bool(day_plans(there, day, diary, Work(WORK_LIMIT), whole=True).plans)


def _has_lunch(request: Request, wish: Wish, start: int, diary: Diary) -> bool:
    """The same for a day without other stops, where lunch is all that matters."""
    window, lunch = diary.scene.limits.lunch_window, diary.scene.limits.lunch
    if not request.lunch or wish.serves_lunch:
        return True
    return start >= window.starts + lunch or start + wish.minutes <= window.ends - lunch


def _time(
    day: date, start: int, wish: Wish, opening: Opening, window: int, stops: int, legs: Sequence[tuple[Leg, int]]
) -> FreeTime:
    travel, waiting = sum(leg.minutes for leg, _left in legs), sum(left for _leg, left in legs)
    reasons = [
        Reason("same-day", {"count": stops}) if stops else Reason("alone"),
        Reason("window", {"number": window + 1}),
    ]
    if legs:
        reasons += [Reason("travel", {"minutes": travel}), Reason("waiting", {"minutes": waiting})]
    if estimated := sum(1 for leg, _left in legs if leg.estimated):
        reasons.append(Reason("estimated", {"count": estimated}))
    contacts = tuple(one.contact for one in opening.contacts_at(start) if one.contact != NOBODY)
    cost = WINDOW_COST * window + travel + waiting // WAIT_SHARE + (0 if stops else DAY_COST)
    return FreeTime(at(day, start), at(day, start + wish.minutes), contacts, cost, tuple(reasons))
