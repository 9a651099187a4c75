"""Which wishes cannot all be: the smallest sets of them that no day and no division over days can hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from app.planning.dayplans import TooMuchWork, Work
from app.planning.holding import can_hold, starts_on
from app.planning.openings import Diary
from app.planning.programmes import days_of
from app.planning.wishes import Request, Wish

MOST_NAMED = 4  # conflicts: more would hide what matters
PAIRS_SHARE = 3  # of the work, a third for single wishes and pairs

Wishes = tuple[Wish, ...]


def conflicts(request: Request, diary: Diary, work: Work) -> tuple[list[Wishes], bool]:
    """Sets of wishes of which all cannot be, though all but any one can; and whether that is sure.

    Every wish that cannot be at all, then pairs, then one larger set: only asked of a request without a programme.
    """
    alone: list[Wishes] = []
    pairs: list[Wishes] = []
    try:
        with work.part(work.limit // PAIRS_SHARE) as part:
            for wish in request.wishes:
                if not can_hold(only(request, (wish,)), diary, part):
                    alone.append((wish,))
            left = [wish for wish in request.wishes if (wish,) not in alone]
            for pair in combinations(left, 2):
                if not can_hold(only(request, pair), diary, part):
                    pairs.append(pair)
    except TooMuchWork:
        if alone or pairs:
            return list(_chosen(alone, pairs)), False
    if alone or pairs:
        return list(_chosen(alone, pairs)), True
    found, is_sure = _irreducible(request, diary, work)
    return [found], is_sure


def only(request: Request, wishes: Sequence[Wish]) -> Request:
    """The same question about these wishes alone; without lunch where one left out is a lunch.

    So what these cannot be alone, they cannot be with the others either.
    """
    keys = {wish.key for wish in wishes}
    lunch = request.lunch and not any(wish.serves_lunch for wish in request.wishes if wish.key not in keys)
    orders = tuple(pair for pair in request.orders if keys >= set(pair))
    return replace(request, wishes=tuple(wishes), orders=orders, lunch=lunch)


def _chosen(alone: list[Wishes], pairs: list[Wishes]) -> Iterator[Wishes]:
    """Single wishes; then pairs, those first that name a wish not named before."""
    yield from alone
    named: set[str] = set()
    fresh: list[Wishes] = []
    for pair in pairs:
        if named.isdisjoint(wish.key for wish in pair):
            fresh.append(pair)
            named |= {wish.key for wish in pair}
    further = [pair for pair in pairs if pair not in fresh]
    yield from [*fresh, *further][: max(MOST_NAMED - len(alone), 0)]


def _irreducible(request: Request, diary: Diary, work: Work) -> tuple[Wishes, bool]:
    """Wishes are added, the least flexible first, until they cannot be; then what need not be there is left out."""
    try:
        with work.part(work.limit // 2) as part:
            kept = _too_many(request, diary, part)
    except TooMuchWork:
        return request.wishes, False
    is_sure = True
    for wish in kept[-2::-1]:  # without the last they can be
        fewer = [other for other in kept if other != wish]
        try:
            with work.part(work.limit // 2 // len(kept)) as part:
                if not can_hold(only(request, fewer), diary, part):
                    kept = fewer
        except TooMuchWork:
            is_sure = False
    return tuple(wish for wish in request.wishes if wish in kept), is_sure


def _too_many(request: Request, diary: Diary, work: Work) -> list[Wish]:
    """The first that cannot all be, of the wishes in the order of how seldom they can."""
    days = list(days_of(request).window_of)
    seldom = sorted(
        request.wishes, key=lambda wish: sum(len(starts_on(request, wish, day, diary.finer)) for day in days)
    )
    for count in range(3, len(seldom)):
        if not can_hold(only(request, seldom[:count]), diary, work):
            return seldom[:count]
    return seldom
