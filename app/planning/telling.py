"""From labels to a programme that can be read: stops with their people, ways and waiting, lunches, and reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from app.core.time import from_venue, in_venue
from app.planning.blocks import Block, contacts_for
from app.planning.dayplans import DayPlans, Label
from app.planning.openings import Diary, Receiver
from app.planning.results import Programme, Reason, Stop
from app.planning.travel import Leg, leg_between
from app.planning.wishes import Request


class Lunch(NamedTuple):
    """From when to when, in the venue's minutes, and when the stop after it begins."""

    begins: int
    ends: int
    before: int


def programme_of(
    labels: Sequence[tuple[date, Label]],
    cost: int,
    plans: Mapping[date, DayPlans],
    request: Request,
    diary: Diary,
) -> Programme:
    """The programme that the labels stand for."""
    stops: list[Stop] = []
    lunches: list[tuple[datetime, datetime]] = []
    for day, label in labels:
        blocks = list(_sequence(label, plans[day].blocks))
        lunch = _lunch(blocks, request, diary)
        stops += _stops_of(day, blocks, request, diary, lunch)
        lunches += [(at(day, lunch.begins), at(day, lunch.ends))] if lunch else []
    return Programme(tuple(stops), cost, tuple(lunches), _reasons(stops, request))


def at(day: date, minute: int) -> datetime:
    """The moment at that minute of the venue's day, in UTC."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a wall clock; the venue's zone follows
    return from_venue(midnight + timedelta(minutes=minute))


def _sequence(label: Label | None, blocks: Sequence[Block]) -> Iterator[tuple[int, Block]]:
    while label is not None:
        yield label.starts, blocks[label.first]
        label = label.rest


def _stops_of(
    day: date, blocks: Sequence[tuple[int, Block]], request: Request, diary: Diary, lunch: Lunch | None
) -> Iterator[Stop]:
    before: tuple[int, Block] | None = None
    for starts, block in blocks:
        leg = _way(before[1], block, diary) if before else None
        waiting = _waiting(before, starts, leg, diary) if before and leg else 0
        if lunch and lunch.before == starts:
            waiting = max(waiting - (lunch.ends - lunch.begins), 0)
        if block.placed:
            first, *others = block.placed  # those that overlap the first: nobody comes to them from the stop before
            yield Stop(first.key, first.starts_at, first.ends_at, leg=leg, waiting=waiting, placed=True)
            yield from (Stop(own.key, own.starts_at, own.ends_at, placed=True) for own in others)
        else:
            yield from _wished(day, starts, block, request, diary, leg, waiting)
        before = starts, block


def _wished(
    day: date, starts: int, block: Block, request: Request, diary: Diary, leg: Leg | None, waiting: int
) -> Iterator[Stop]:
    wishes = [wish for index, wish in enumerate(request.wishes) if block.mask & 1 << index]
    openings = [diary.opening(wish, day, weekends=request.weekends) for wish in wishes]
    if len(wishes) == 2:
        who: Sequence[Receiver] = contacts_for(openings[0], openings[1], starts) or (Receiver(), Receiver())
    else:
        who = openings[0].contacts_at(starts)[:1]
    for wish, one in zip(wishes, who, strict=True):
        others = tuple(other.key for other in wishes if other.key != wish.key)
        ends_at = at(day, starts + wish.minutes)
        yield Stop(wish.key, at(day, starts), ends_at, one.contact, leg, waiting, others, host=one.host)


def _way(one: Block, other: Block, diary: Diary) -> Leg:
    """The longest way that any half of the group may have."""
    legs = [leg_between(diary.scene, here, there) for here in one.places for there in other.places]
    return max(legs, key=lambda leg: leg.minutes)


def _waiting(before: tuple[int, Block], starts: int, leg: Leg, diary: Diary) -> int:
    return max(starts - before[0] - before[1].minutes - leg.minutes - diary.scene.limits.buffer, 0)


def _lunch(blocks: Sequence[tuple[int, Block]], request: Request, diary: Diary) -> Lunch | None:
    """The lunch between two stops, as early as it can be; none when it is eaten at a stop, before or after them all."""
    limits = diary.scene.limits
    if not request.lunch or any(block.serves_lunch for _starts, block in blocks):
        return None
    for (starts, block), (later, following) in pairwise(blocks):
        ends = starts + block.minutes
        apart = 0 if block.placed and following.placed else _way(block, following, diary).minutes + limits.buffer
        begins = max(ends, limits.lunch_window.starts)
        until = begins + limits.lunch
        if until <= min(later, limits.lunch_window.ends) and later - ends >= apart + limits.lunch:
            return Lunch(begins, until, later)
    return None


def _reasons(stops: Sequence[Stop], request: Request) -> tuple[Reason, ...]:
    days = sorted({in_venue(stop.starts_at).date() for stop in stops})
    legs = {(stop.starts_at, stop.leg) for stop in stops if stop.leg}
    waiting = sum(wait for _at, wait in {(stop.starts_at, stop.waiting) for stop in stops})
    window = next((n for n, w in enumerate(request.windows, 1) if days and w.first_on <= days[0] <= w.last_on), 1)
    found = [
        Reason("days", {"count": len(days)}),
        Reason("travel", {"minutes": sum(leg.minutes for _at, leg in legs)}),
        Reason("waiting", {"minutes": waiting}),
    ]
    if len(request.windows) > 1:
        found.append(Reason("window", {"number": window}))
    if splits := len({stop.starts_at for stop in stops if stop.with_half}):
        found.append(Reason("split", {"count": splits}))
    if estimated := sum(1 for _at, leg in legs if leg.estimated):
        found.append(Reason("estimated", {"count": estimated}))
    return tuple(found)
