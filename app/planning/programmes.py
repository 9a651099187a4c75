"""Whole programmes: the best ways to spend the visitor's days, clearly different from each other.

Each day is searched exactly (dayplans); days are then joined by the sets of wishes they take, least cost first. The
first programme is the best there is on the grid. The others are the best of what those searches hold that differ from
the ones before: at least a third of the stops are on another day or an hour or more away.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.time import in_venue
from app.planning.dayplans import DayPlans, Label, TooMuchWork, Work, day_plans
from app.planning.holidays import days_between, is_working_day
from app.planning.openings import Diary
from app.planning.results import Programme
from app.planning.telling import programme_of
from app.planning.wishes import Request

DAY_COST = 120  # minutes of a longer day that a further day is worth
WINDOW_COST = 60  # and a window that the visitor likes less
SAME_DAYS_COST = 30  # for the second and third programme: the same days as one before
MOST_DAYS = 31  # of the windows that are looked at
WORK_LIMIT = 1_500_000  # labels: some seconds
OPTIONS = 3  # ways to spend one day that are kept for joining with others
JOINED = 6  # ways to have spent the days so far that are kept
AWAY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The days looked at, each with the place of its window in the visitor's order; and how many were left out."""

    window_of: dict[date, int]
    left_out: int


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """Labels of some days that together hold every wish."""

    cost: int
    key: tuple[tuple[date, int, int], ...]  # per day: the set, and when it begins
    labels: tuple[tuple[date, Label], ...]


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
    days = days_of(request)
    plans: dict[date, DayPlans] = {}
    finished = True
    try:
        for day in days.window_of:
            plans[day] = day_plans(request, day, diary, work, whole=longest_stay_of(request) == 1)
    except TooMuchWork:
        finished = False
    choices = sorted(_choices(request, days, plans))
    return _different(choices, plans, request, diary, count), finished


def _choices(request: Request, days: Days, plans: dict[date, DayPlans]) -> Iterator[Choice]:
    """Every way worth a look to spread all wishes over a run of days no longer than the stay."""
    full = (1 << len(request.wishes)) - 1
    stay = longest_stay_of(request)
    own = own_days(request)
    for number, window in enumerate(request.windows):
        within = [day for day in plans if window.first_on <= day <= window.last_on]
        for place, first in enumerate(within):
            run = [day for day in within[place:] if days_spanned([first, day, *own]) <= stay]
            if run:
                yield from _joined(request, [plans[day] for day in run], full, number)


def _joined(request: Request, run: list[DayPlans], full: int, window: int) -> list[Choice]:
    """All wishes on the days of the run, with at least one on the first of them."""
    base = WINDOW_COST * window
    if len(run) == 1:
        (plan,) = run
        return [_add(Choice(base, (), ()), plan, full, label) for label in plan.plans.get(full, ())]
    waits = _before(request)
    held: dict[int, list[Choice]] = {0: [Choice(base, (), ())]}
    for number, plan in enumerate(run):
        found: defaultdict[int, list[Choice]] = defaultdict(list)
        options = {mask: _options(labels) for mask, labels in plan.plans.items()}
        for done, choices in held.items():
            if number:
                found[done] += choices
            for mask in options:
                if (
                    mask
                    and not mask & done
                    and (number < len(run) - 1 or done | mask == full)  # the last day completes it, or is not needed
                    and all(before & ~(done | mask) == 0 for bit, before in waits if bit & mask)
                ):
                    found[done | mask] += [_add(c, plan, mask, label) for c in choices for label in options[mask]]
        held = {done: sorted(choices)[:JOINED] for done, choices in found.items()}
    return held.get(full, [])


def _options(labels: list[Label]) -> list[Label]:
    """The best way to spend the day, and the best that begin with another stop or an hour or more apart."""
    kept: list[Label] = []
    for label in labels:
        if all(label.first != one.first or abs(label.starts - one.starts) >= 60 for one in kept):
            kept.append(label)
        if len(kept) == OPTIONS:
            break
    return kept


def _add(choice: Choice, plan: DayPlans, mask: int, label: Label) -> Choice:
    further = DAY_COST if choice.labels else 0
    key = (*choice.key, (plan.day, mask, label.starts))
    return Choice(choice.cost + label.cost + further, key, (*choice.labels, (plan.day, label)))


def own_days(request: Request) -> list[date]:
    """The days of what the visit has already."""
    return [in_venue(stop.starts_at).date() for stop in request.placed]


def days_spanned(days: list[date]) -> int:
    """In calendar days, from the first to the last."""
    return (max(days) - min(days)).days + 1 if days else 1


def longest_stay_of(request: Request) -> int:
    """In calendar days; what the visit has already may be longer than what was wished."""
    return max(request.longest_stay, days_spanned(own_days(request)))


def _before(request: Request) -> list[tuple[int, int]]:
    index = {wish.key: 1 << place for place, wish in enumerate(request.wishes)}
    return [(index[b], index[a]) for a, b in request.orders if a in index and b in index]


def _different(
    choices: Iterable[Choice], plans: dict[date, DayPlans], request: Request, diary: Diary, count: int
) -> list[Programme]:
    """The best, and the best that differ from those before; other days are worth a little."""
    found: list[Programme] = []
    left, days = list(choices), [set[date]()]
    while left and len(found) < count:
        left.sort(key=lambda choice: (choice.cost + (SAME_DAYS_COST if _days_in(choice) in days else 0), choice.key))
        while left:
            choice = left.pop(0)
            programme = programme_of(choice.labels, choice.cost, plans, request, diary)
            if all(is_different(programme, other) for other in found):
                found.append(programme)
                days.append(_days_in(choice))
                break
    return found


def _days_in(choice: Choice) -> set[date]:
    return {day for day, _mask, _starts in choice.key}


def is_different(one: Programme, other: Programme) -> bool:
    """Whether at least a third of the wished stops, and one, are on another day or begin an hour or more apart."""
    begins = {stop.key: stop.starts_at for stop in other.stops if not stop.placed}
    mine = [stop for stop in one.stops if not stop.placed]
    moved = sum(1 for stop in mine if stop.key not in begins or abs(stop.starts_at - begins[stop.key]) >= AWAY)
    return moved >= max(1, -(-len(mine) // 3))
