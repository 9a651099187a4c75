"""Which one thing given up would make an impossible programme possible: every answer is found by solving it so.

Where one can give up more or less of a thing, the smallest step that is enough is the answer, and no step is more than
may be asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import get_args

from app.planning.dayplans import TooMuchWork
from app.planning.ignoring import ignoring
from app.planning.joining import days_spanned, longest_stay_of, own_days
from app.planning.openings import GRID, Diary
from app.planning.results import Relaxation, RelaxationCode
from app.planning.trials import Attempt, Ladder, Trials
from app.planning.windows import days_of
from app.planning.wishes import LONGEST_STAY, MOST_A_DAY, Request, Window, Wish

SHORTEST = 30  # minutes below which a stop is not worth going to
MORE_DAYS = 7  # looked at before and after the visitor's windows
MILDEST_FIRST: tuple[RelaxationCode, ...] = get_args(RelaxationCode)


def relaxations(request: Request, diary: Diary, trials: Trials) -> tuple[list[Relaxation], bool]:
    """Every single relaxation that helps, the mildest first, and whether all could be tried within the work."""
    found: list[Relaxation] = []
    settled = True
    try:
        for ladder in _cheap(request, diary):
            found += _helpful(ladder, diary, trials)
        found += ignoring(request, diary, trials)
        for ladder in _dear(request, diary):
            found += _helpful(ladder, diary, trials)
    except TooMuchWork:
        settled = False
    return sorted(found, key=lambda one: MILDEST_FIRST.index(one.code)), settled and trials.all_settled


def _helpful(ladder: Ladder, diary: Diary, trials: Trials) -> list[Relaxation]:
    one = trials.least(ladder, diary) if ladder else None
    return [one] if one else []


def _cheap(request: Request, diary: Diary) -> Iterator[Ladder]:
    yield from _rules(request, diary)
    yield from _other_places(request, diary)
    for change in (_other_contact, _free_time, _in_dark, _lunch_elsewhere):
        yield from _each(request, change)
    yield from _orders(request)
    yield _longer_stay(request)


def _dear(request: Request, diary: Diary) -> Iterator[Ladder]:
    yield from _dropping(request)
    yield from _other_days(request, diary)
    yield from _shortened(request)


def _rules(request: Request, diary: Diary) -> Iterator[Ladder]:
    yield _more_stops(request, diary)
    if not all(wish.splits for wish in request.wishes) and len(request.wishes) > 1:
        wishes = tuple(replace(wish, splits=True) for wish in request.wishes)
        yield [Attempt("split", replace(request, wishes=wishes))]
    if request.lunch:
        yield [Attempt("no-lunch", replace(request, lunch=False))]


def _more_stops(request: Request, diary: Diary) -> Ladder:
    """Up to all of them on the day that has most already."""
    most, own = request.stops_a_day or diary.scene.limits.stops_a_day, own_days(request)
    every = len(request.wishes) + max((own.count(day) for day in own), default=0)
    return [
        Attempt("more-stops", replace(request, stops_a_day=more), {"stops_a_day": more})
        for more in range(most + 1, min(every, MOST_A_DAY) + 1)
    ]


def _longer_stay(request: Request) -> Ladder:
    """Up to the whole of a window."""
    own = own_days(request)
    widest = max((days_spanned([one.first_on, one.last_on, *own]) for one in request.windows), default=1)
    return [
        Attempt("longer-stay", replace(request, longest_stay=days), {"days": days})
        for days in range(longest_stay_of(request) + 1, min(widest, LONGEST_STAY) + 1)
    ]


def _other_days(request: Request, diary: Diary) -> Iterator[Ladder]:
    for window in request.windows[:1]:
        before = Window(window.first_on - timedelta(days=MORE_DAYS), window.first_on - timedelta(days=1))
        after = Window(window.last_on + timedelta(days=1), window.last_on + timedelta(days=MORE_DAYS))
        for other in (after, before):
            if other.last_on >= diary.begins[0]:
                data = {"first_on": other.first_on, "last_on": other.last_on}
                yield [Attempt("other-days", replace(request, windows=(other,)), data)]


def _each(request: Request, change: Callable[[Wish], tuple[RelaxationCode, Wish] | None]) -> Iterator[Ladder]:
    for wish in request.wishes:
        if (changed := change(wish)) is not None:
            code, other = changed
            yield [Attempt(code, _with(request, other), {"wish": wish.key})]


def _other_places(request: Request, diary: Diary) -> Iterator[Ladder]:
    """Each stop at a place that need not be this one, where this one is taken on one of the days."""
    days = days_of(request).window_of
    for wish in request.wishes:
        if wish.place and any(diary.taken("place", wish.place, day) or _closes(wish.place, diary) for day in days):
            yield [Attempt("other-place", _with(request, replace(wish, place=None)), {"wish": wish.key})]


def _closes(place: str, diary: Diary) -> bool:
    return diary.calendar("place", place).hours is not None


def _other_contact(wish: Wish) -> tuple[RelaxationCode, Wish] | None:
    spare = tuple(person for person in wish.spare_contacts if person not in wish.contacts)
    return ("other-contact", replace(wish, contacts=wish.contacts + spare)) if wish.contacts and spare else None


def _free_time(wish: Wish) -> tuple[RelaxationCode, Wish] | None:
    if wish.only_day is None:
        return None
    return "free-day" if wish.fixed_at is None else "free-time", replace(wish, fixed_at=None, on=None)


def _in_dark(wish: Wish) -> tuple[RelaxationCode, Wish] | None:
    return ("in-dark", replace(wish, daylight=False)) if wish.daylight else None


def _lunch_elsewhere(wish: Wish) -> tuple[RelaxationCode, Wish] | None:
    return ("lunch-elsewhere", replace(wish, serves_lunch=False)) if wish.serves_lunch else None


def _shortened(request: Request) -> Iterator[Ladder]:
    """Each stop a quarter of an hour shorter and shorter, down to half as long, but never under half an hour."""
    for wish in request.wishes:
        shortest = max(SHORTEST, wish.minutes // 2 // GRID * GRID)
        yield [
            Attempt("shorten", _with(request, replace(wish, minutes=minutes)), {"wish": wish.key, "minutes": minutes})
            for minutes in range((wish.minutes - 1) // GRID * GRID, shortest - 1, -GRID)
        ]


def _orders(request: Request) -> Iterator[Ladder]:
    for pair in request.orders:
        orders = tuple(other for other in request.orders if other != pair)
        yield [Attempt("free-order", replace(request, orders=orders), {"first": pair[0], "second": pair[1]})]


def _dropping(request: Request) -> Iterator[Ladder]:
    if len(request.wishes) > 1:
        for wish in request.wishes:
            wishes = tuple(other for other in request.wishes if other.key != wish.key)
            yield [Attempt("drop", replace(request, wishes=wishes), {"wish": wish.key})]


def _with(request: Request, changed: Wish) -> Request:
    return replace(request, wishes=tuple(changed if w.key == changed.key else w for w in request.wishes))
