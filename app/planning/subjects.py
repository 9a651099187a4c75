"""Who keeps one wish from one day: hosts, place or people, each within the hours that really apply to them.

A person without hours of their own works when the host is open, a place without hours is open when the host is: time
outside those is no free time. Where a person or a place has hours of its own, those hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from app.planning.openings import NOBODY, WHOLE, Diary, minute_of, receivers
from app.planning.results import Obstacle, ObstacleCode
from app.planning.scene import BusyKind, Span, SubjectKind
from app.planning.spans import joined, longest, shared, without
from app.planning.wishes import Wish

MOST_NAMED = 4  # of those who are never free at once

Free = tuple[SubjectKind, str, tuple[Span, ...]]


class Subject(NamedTuple):
    """Somebody or a place on one day: when it is open, whether by hours of its own, and when it is free."""

    kind: SubjectKind
    key: str
    has_hours: bool
    hours: Sequence[Span]
    free: Sequence[Span]


class Option(NamedTuple):
    """Hosts that receive together, and those of their people of whom one does."""

    hosts: list[Subject]
    people: list[Subject]


def in_the_way(wish: Wish, day: date, diary: Diary) -> list[Obstacle]:
    """Everybody who is needed and has not the time; of those that could stand in for each other only if none has."""
    options = [_of_option(option, wish, day, diary) for option in _options(wish, day, diary)]
    place = _failing(_places(wish, day, diary), wish)
    receiving = [one for found in options for one in found] if all(options) else []
    found = [*receiving, *(_obstacle(one, wish, day, diary) for one in place)]
    order = {"host": 0, "place": 1, "person": 2, "": 3}
    return sorted(_once(found), key=lambda one: (one.code == "nobody", order[one.subject_kind]))


def _once(found: Sequence[Obstacle]) -> list[Obstacle]:
    """Each once, though somebody may receive for several hosts."""
    return [one for place, one in enumerate(found) if one not in found[:place]]


def common(wish: Wish, day: date, diary: Diary) -> list[Span]:
    """When everybody who is needed is free at once, whatever the light and the clock say."""
    place = [subject.free for subject in _places(wish, day, diary)]
    found: list[Span] = []
    for option in _options(wish, day, diary):
        needed = _all_free([*(host.free for host in option.hosts), *place])
        found += needed if not option.people else [s for one in option.people for s in shared(needed, one.free)]
    return joined(found)


def each_of(wish: Wish, day: date, diary: Diary) -> tuple[Free, ...]:
    """Those who are never free at once, with their times; people only where hosts and place do meet."""
    found: dict[tuple[str, str], Subject] = {}
    places = _places(wish, day, diary)
    for option in _options(wish, day, diary):
        needed = [*option.hosts, *places]
        meets = longest(_all_free([one.free for one in needed])) >= wish.minutes
        for one in (*needed, *(option.people if meets else ())):
            if one.has_hours or one.free != one.hours:  # others are free whenever the host is open
                found.setdefault((one.kind, one.key), one)
    return tuple((one.kind, one.key, tuple(one.free)) for one in list(found.values())[:MOST_NAMED])


def _options(wish: Wish, day: date, diary: Diary) -> list[Option]:
    found: dict[tuple[str, ...], Option] = {}
    for receiver, hosts in receivers(wish):
        if hosts not in found:
            found[hosts] = Option([_subject("host", host, day, diary, ()) for host in hosts], [])
        option = found[hosts]
        if receiver.contact != NOBODY:
            around = _all_free([host.hours for host in option.hosts])
            option.people.append(_subject("person", receiver.contact, day, diary, around))
    return list(found.values())


def _places(wish: Wish, day: date, diary: Diary) -> list[Subject]:
    """The place, or none; open by itself or while any of the hosts that may receive there is."""
    if not wish.place:
        return []
    hosts = [_all_free([host.hours for host in option.hosts]) for option in _options(wish, day, diary)]
    return [_subject("place", wish.place, day, diary, joined(span for spans in hosts for span in spans))]


def _subject(kind: SubjectKind, key: str, day: date, diary: Diary, around: Sequence[Span]) -> Subject:
    has_hours = kind == "host" or diary.calendar(kind, key).hours is not None
    hours = diary.hours(kind, key, day) if has_hours else list(around)
    return Subject(kind, key, has_hours, hours, without(hours, diary.taken(kind, key, day)))


def _all_free(every: Sequence[Sequence[Span]]) -> list[Span]:
    found: Sequence[Span] = WHOLE
    for spans in every:
        found = shared(found, spans)
    return list(found)


def _of_option(option: Option, wish: Wish, day: date, diary: Diary) -> list[Obstacle]:
    """The hosts that have not the time, and the people if none of them has: one by one where they are few."""
    found = [_obstacle(one, wish, day, diary) for one in _failing(option.hosts, wish)]
    people = _failing(option.people, wish)
    if not people or len(people) < len(option.people):
        return found
    if len(people) < MOST_NAMED:
        return found + [_obstacle(one, wish, day, diary) for one in people]
    return [*found, _nobody(option, wish, day)]


def _nobody(option: Option, wish: Wish, day: date) -> Obstacle:
    """None of many people, and when those are free who have the most time."""
    most = sorted(option.people, key=lambda one: -longest(one.free))[: MOST_NAMED - 1]
    each = tuple((one.kind, one.key, tuple(one.free)) for one in most if one.free)
    data = {"each": each, "fixed": wish.fixed_at is not None}
    return Obstacle(day, (wish.key,), "nobody", "host", option.hosts[0].key if option.hosts else "", data=data)


def _failing(subjects: Sequence[Subject], wish: Wish) -> list[Subject]:
    """Those whose own time is too short; not those who have no time only because the host is closed."""
    return [
        one for one in subjects if not _is_enough(one.free, wish) and (one.has_hours or _is_enough(one.hours, wish))
    ]


def _is_enough(spans: Sequence[Span], wish: Wish) -> bool:
    if wish.fixed_at is None:
        return longest(spans) >= wish.minutes
    begins = minute_of(wish.fixed_at)
    return any(span.starts <= begins and begins + wish.minutes <= span.ends for span in spans)


def _obstacle(one: Subject, wish: Wish, day: date, diary: Diary) -> Obstacle:
    code: ObstacleCode
    if not one.hours:
        code = "closed"
    elif _is_enough(one.hours, wish):
        code = "busy" if wish.fixed_at is None else "fixed-taken"
    else:
        code = "hours-short" if wish.fixed_at is None else "fixed-closed"
    free = one.hours if code in ("hours-short", "fixed-closed") else one.free
    return Obstacle(day, (wish.key,), code, one.kind, one.key, tuple(free), tuple(_kinds(one, day, diary)))


def _kinds(one: Subject, day: date, diary: Diary) -> Iterator[BusyKind]:
    """What takes its opening hours that day."""
    busy = diary.busy(one.kind, one.key).get(day, ())
    yield from sorted({other.kind for span, other in busy if shared([span], one.hours)})
