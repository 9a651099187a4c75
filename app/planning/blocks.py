"""What a day is built of: one stop, two at once with half the group each, or what the visit has already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import combinations

from app.core.time import in_venue
from app.planning.openings import NOBODY, Diary, Opening, Receiver, minute_of
from app.planning.scene import MIDNIGHT, Span
from app.planning.wishes import Placed, Request, Wish

NEVER = -1


@dataclass(frozen=True, slots=True)
class Block:
    """Bits of what it holds, when it may begin, how long until both halves are done, where it is.

    `latest[m]` is the last start that is not after minute m, or NEVER.
    """

    mask: int
    starts: tuple[int, ...]
    minutes: int
    places: tuple[str | None, ...]
    serves_lunch: bool = False
    placed: tuple[Placed, ...] = ()
    latest: tuple[int, ...] = ()

    @property
    def is_split(self) -> bool:
        """Whether the group divides here."""
        return not self.placed and len(self.places) > 1


def blocks_of(request: Request, day: date, diary: Diary) -> list[Block]:
    """Every block that could be part of the day; the bits after the wishes' are the visit's own stops."""
    own = placed_on(request.placed, day)
    taken = [Span(block.starts[0], block.starts[0] + block.minutes) for block in own]
    openings = [_beside(diary.opening(w, day, weekends=request.weekends), w, taken) for w in request.wishes]
    blocks = [
        _block(1 << index, opening.starts, wish.minutes, (wish.place,), wish.serves_lunch)
        for index, (wish, opening) in enumerate(zip(request.wishes, openings, strict=True))
        if opening.by_contact
    ]
    blocks += _pairs(request, openings, diary)
    for index, block in enumerate(own, start=len(request.wishes)):
        blocks.append(_block(1 << index, block.starts, block.minutes, block.places, placed=block.placed))
    return blocks


def placed_on(placed: Sequence[Placed], day: date) -> list[Block]:
    """The visit's own stops of that day; those that overlap are one block: the group has divided already."""
    found: list[Block] = []
    for stop in sorted(placed, key=lambda stop: (stop.starts_at, stop.key)):
        if in_venue(stop.starts_at).date() != day:
            continue
        begins = minute_of(stop.starts_at)
        ends = minute_of(stop.ends_at) if in_venue(stop.ends_at).date() == day else MIDNIGHT
        if found and begins < found[-1].starts[0] + found[-1].minutes:
            last = found.pop()
            until = max(ends, last.starts[0] + last.minutes)
            places, stops = (*last.places, stop.place), (*last.placed, stop)
            found.append(Block(0, last.starts, until - last.starts[0], places, placed=stops))
        else:
            found.append(Block(0, (begins,), ends - begins, (stop.place,), placed=(stop,)))
    return found


def gap(one: Block, other: Block, diary: Diary) -> int:
    """Minutes from the end of one to the start of the other: buffer and the longest way any half may have.

    Between two stops that the visit has already nothing is asked: they stand, whatever one thinks of them.
    """
    if one.placed and other.placed:
        return 0
    ways = [diary.way(here, there) for here in one.places for there in other.places]
    return diary.scene.limits.buffer + max(ways)


def contacts_for(one: Opening, other: Opening, start: int) -> tuple[Receiver, Receiver] | None:
    """Two different people who receive the halves at once, or None."""
    for first in one.contacts_at(start):
        for second in other.contacts_at(start):
            if first.contact != second.contact or first.contact == NOBODY:
                return first, second
    return None


def _beside(opening: Opening, wish: Wish, taken: Sequence[Span]) -> Opening:
    """The starts at which the group is not at a stop it has already."""
    if not taken:
        return opening
    left = {
        contact: tuple(s for s in starts if all(s + wish.minutes <= t.starts or t.ends <= s for t in taken))
        for contact, starts in opening.by_contact.items()
    }
    return Opening({contact: starts for contact, starts in left.items() if starts})


def _pairs(request: Request, openings: Sequence[Opening], diary: Diary) -> list[Block]:
    """Two stops that split, beginning at the same moment with different people at places that can take both."""
    ordered = {frozenset(pair) for pair in request.orders}
    found = []
    for (i, one), (j, other) in combinations(enumerate(request.wishes), 2):
        site = diary.scene.sites.get(one.place or "")
        crowded = one.place == other.place and site is not None and site.exclusive
        if not (one.splits and other.splits) or crowded or frozenset((one.key, other.key)) in ordered:
            continue
        common = sorted(set(openings[i].starts) & set(openings[j].starts))
        starts = tuple(common)
        if _people(openings[i]) & _people(openings[j]):
            starts = tuple(start for start in common if contacts_for(openings[i], openings[j], start))
        if starts:
            lunch = one.serves_lunch and other.serves_lunch
            longer = max(one.minutes, other.minutes)
            found.append(_block(1 << i | 1 << j, starts, longer, (one.place, other.place), lunch))
    return found


def _people(opening: Opening) -> set[str]:
    return {receiver.contact for receiver in opening.by_contact if receiver.contact != NOBODY}


def _block(
    mask: int,
    starts: tuple[int, ...],
    minutes: int,
    places: tuple[str | None, ...],
    serves_lunch: bool = False,
    placed: tuple[Placed, ...] = (),
) -> Block:
    return Block(mask, starts, minutes, places, serves_lunch, placed, _latest(starts))


@lru_cache(maxsize=1024)
def _latest(starts: tuple[int, ...]) -> tuple[int, ...]:
    """Only of these numbers, and asked for the same ones over and over while a question is answered."""
    latest: list[int] = []
    last = NEVER
    for start in starts:
        latest += [last] * (start - len(latest))
        last = start
    latest += [last] * (MIDNIGHT + 1 - len(latest))
    return tuple(latest)
