"""Which wishes cannot all be: the smallest sets of them that no day and no division over days can hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import combinations

from app.planning.dayplans import TooMuchWork, Work
from app.planning.holding import Holding, starts_on
from app.planning.openings import Diary
from app.planning.windows import days_of
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
    is_sure = True
    try:
        with work.part(work.limit // PAIRS_SHARE) as part:
            few = Holding(request, diary, size=2)
            for wish in request.wishes:
                if not few.holds(_bits_of(request, (wish,)), part):
                    alone.append((wish,))
            left = [wish for wish in request.wishes if (wish,) not in alone]
            for pair in combinations(left, 2):
                if not few.holds(_bits_of(request, pair), part):
                    pairs.append(pair)
    except TooMuchWork:
        is_sure = False
    if alone or pairs:
        return list(_chosen(alone, pairs)), is_sure
    found, is_whole = _irreducible(request, diary, work)
    return [found], is_whole


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
    every, kept, is_sure = Holding(request, diary), list(request.wishes), False
    with suppress(TooMuchWork):
        kept = _too_many(request, every, work)
        for wish in kept[-2::-1]:  # without the last they can be
            fewer = [other for other in kept if other != wish]
            if not every.holds(_bits_of(request, fewer), work):
                kept = fewer
        is_sure = True
    return tuple(wish for wish in request.wishes if wish in kept), is_sure


def _too_many(request: Request, every: Holding, work: Work) -> list[Wish]:
    """The first that cannot all be, of the wishes in the order of how seldom they can."""
    days = list(days_of(request).window_of)
    seldom = sorted(
        request.wishes, key=lambda wish: sum(len(starts_on(request, wish, day, every.diary)) for day in days)
    )
    for count in range(3, len(seldom)):
        if not every.holds(_bits_of(request, seldom[:count]), work):
            return seldom[:count]
    return seldom


def _bits_of(request: Request, wishes: Iterable[Wish]) -> int:
    return sum(1 << request.wishes.index(wish) for wish in wishes)
