"""Days joined to a whole visit by the sets of wishes that they hold, least cost first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.core.time import in_venue
from app.planning.dayplans import DayPlans, Label
from app.planning.wishes import Request

DAY_COST = 120  # minutes of a longer day that a further day is worth
WINDOW_COST = 60  # and a window that the visitor likes less
OPTIONS = 3  # ways to spend one day that are kept for joining with others
JOINED = 6  # ways to have spent the days so far that are kept
WHOLE = 300  # ways that hold every wish


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """Labels of some days that together hold every wish."""

    cost: int
    key: tuple[tuple[date, int, int], ...]  # per day: the set, and when it begins
    labels: tuple[tuple[date, Label], ...]

    @property
    def days(self) -> set[date]:
        """The days on which something is."""
        return {day for day, _mask, _starts in self.key}


@dataclass(frozen=True, slots=True)
class Keep:
    """What is kept of many ways to spend one day, and of many ways to have spent the days so far."""

    of_a_day: Callable[[list[Label]], list[Label]]
    of_days: Callable[[list[Choice], int], list[Choice]]  # so many, where it matters


def choices(request: Request, plans: Mapping[date, DayPlans], keep: Keep | None = None) -> Iterator[Choice]:
    """Every way worth a look to spread all wishes over a run of days no longer than the stay."""
    stay = longest_stay_of(request)
    own = own_days(request)
    for number, window in enumerate(request.windows):
        within = [day for day in plans if window.first_on <= day <= window.last_on]
        for place, first in enumerate(within):
            run = [day for day in within[place:] if days_spanned([first, day, *own]) <= stay]
            if run:
                yield from _joined(request, [plans[day] for day in run], WINDOW_COST * number, keep or A_FEW)


def _joined(request: Request, run: list[DayPlans], base: int, keep: Keep) -> list[Choice]:
    """All wishes on the days of the run, with at least one on the first of them."""
    full = (1 << len(request.wishes)) - 1
    if len(run) == 1:
        (plan,) = run
        return [_add(Choice(base, (), ()), plan, full, label) for label in plan.plans.get(full, ())]
    waits = waits_of(request)
    held: dict[int, list[Choice]] = {0: [Choice(base, (), ())]}
    for number, plan in enumerate(run):
        found: defaultdict[int, list[Choice]] = defaultdict(list)
        options = {mask: keep.of_a_day(labels) for mask, labels in plan.plans.items()}
        for done, ways in held.items():
            if number:
                found[done] += ways
            for mask in options:
                if (
                    mask
                    and not mask & done
                    and (number < len(run) - 1 or done | mask == full)  # the last day completes it, or is not needed
                    and all(before & ~(done | mask) == 0 for bit, before in waits if bit & mask)
                ):
                    found[done | mask] += [_add(way, plan, mask, label) for way in ways for label in options[mask]]
        held = {done: keep.of_days(ways, WHOLE if done == full else JOINED) for done, ways in found.items()}
    return held.get(full, [])


def _apart(labels: list[Label]) -> list[Label]:
    """The best way to spend the day, and the best that begin with another stop or an hour or more apart."""
    kept: list[Label] = []
    for label in labels:
        if all(label.first != one.first or abs(label.starts - one.starts) >= 60 for one in kept):
            kept.append(label)
        if len(kept) == OPTIONS:
            break
    return kept


def _cheapest(ways: list[Choice], count: int) -> list[Choice]:
    return sorted(ways)[:count]


A_FEW = Keep(_apart, _cheapest)


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


def waits_of(request: Request) -> list[tuple[int, int]]:
    """Bits of wishes, each with that of one that must come before it."""
    index = {wish.key: 1 << place for place, wish in enumerate(request.wishes)}
    return [(index[b], index[a]) for a, b in request.orders if a in index and b in index]
