"""When one wished stop could begin on one day, on a grid of a quarter of an hour, and with whom.

A quarter of an hour is what people put in programmes; whole five minutes are looked at where quarters do not suffice.
A time that is fixed stands as it is, on the grid or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from app.core.time import in_venue
from app.planning.daylight import daylight
from app.planning.holidays import is_working_day
from app.planning.scene import MIDNIGHT, Calendar, Scene, Span, SubjectKind
from app.planning.spans import BusyDays, busy_days, shared, without
from app.planning.travel import leg_between
from app.planning.wishes import Wish

GRID = 15
FINE = 5
WHOLE = (Span(0, MIDNIGHT),)
NOBODY = ""  # in the place of a contact person where nobody receives in person


class Receiver(NamedTuple):
    """Who receives: a person or nobody in person; `host` only where it is another one instead of those wished first."""

    contact: str = NOBODY
    host: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """The starts of a wish on a day, in the venue's minutes and in order, for each person who could receive."""

    by_contact: dict[Receiver, tuple[int, ...]]

    @property
    def starts(self) -> tuple[int, ...]:
        """Every start at which somebody could receive."""
        return tuple(sorted({start for starts in self.by_contact.values() for start in starts}))

    def contacts_at(self, start: int) -> list[Receiver]:
        """Those who could receive then, the most wished first."""
        return [contact for contact, starts in self.by_contact.items() if start in starts]


class Diary:
    """A scene read once: busy times by day, free time and openings remembered while a question is answered."""

    def __init__(self, scene: Scene, *, grid: int = GRID, ordinary: bool = False) -> None:
        """`ordinary`: within the city's day, but where a wish has no time in it."""
        self.scene, self.grid, self.is_ordinary = scene, grid, ordinary
        self._busy: dict[tuple[str, str], BusyDays] = {}
        self._openings: dict[tuple[Wish, date], Opening] = {}
        self._ways: dict[tuple[str | None, str | None], int] = {}
        self.sets: dict[Any, frozenset[int]] = {}  # what days can hold, see fitting: as long as ways take the same

    @cached_property
    def finer(self) -> Diary:
        """The same where stops may begin at any whole five minutes."""
        if self.grid == FINE:
            return self
        other = Diary(self.scene, grid=FINE, ordinary=self.is_ordinary)
        other._busy, other._ways, other.sets = self._busy, self._ways, self.sets
        return other

    @cached_property
    def ordinary(self) -> Diary:
        """The same within the city's day, as far as each wish has any time in it."""
        other = Diary(self.scene, grid=self.grid, ordinary=True)
        other._busy, other._ways, other.sets = self._busy, self._ways, self.sets
        return other

    def without(self, scene: Scene, subjects: Sequence[tuple[str, str]]) -> Diary:
        """The same where these have other busy times, as in that scene; what does not concern them stays known."""
        other, gone = Diary(scene, grid=self.grid), set(subjects)
        other._busy = {subject: busy for subject, busy in self._busy.items() if subject not in gone}
        other._openings = {of: one for of, one in self._openings.items() if gone.isdisjoint(concerned(of[0]))}
        other._ways, other.sets = self._ways, self.sets
        return other

    def way(self, one: str | None, other: str | None) -> int:
        """Minutes between two places."""
        if (one, other) not in self._ways:
            self._ways[one, other] = leg_between(self.scene, one, other).minutes
        return self._ways[one, other]

    @cached_property
    def begins(self) -> tuple[date, int]:
        """The day and minute before which nothing can begin."""
        wall = in_venue(self.scene.now)
        return wall.date(), wall.hour * 60 + wall.minute + 1

    def calendar(self, kind: str, key: str) -> Calendar:
        """The calendar of a person, host or place; one that is not known is always free."""
        if kind == "place":
            site = self.scene.sites.get(key)
            return site.calendar if site else Calendar(key)
        known = self.scene.hosts if kind == "host" else self.scene.people
        return known.get(key) or Calendar(key)

    def busy(self, kind: str, key: str) -> BusyDays:
        """Busy times by day."""
        if (kind, key) not in self._busy:
            self._busy[kind, key] = busy_days(self.calendar(kind, key))
        return self._busy[kind, key]

    def hours(self, kind: str, key: str, day: date) -> list[Span]:
        """Opening hours on a day; the whole day where there are none of its own."""
        hours = self.calendar(kind, key).hours
        return list(WHOLE) if hours is None else sorted(hours.get(day.weekday(), ()))

    def free(self, kind: str, key: str, day: date) -> list[Span]:
        """Opening hours less busy times."""
        return without(self.hours(kind, key, day), self.taken(kind, key, day))

    def taken(self, kind: str, key: str, day: date) -> list[Span]:
        """Busy times on a day, whatever the hours."""
        return [span for span, _busy in self.busy(kind, key).get(day, ())]

    def light(self, wish: Wish, day: date) -> list[Span]:
        """When the sun is up where the wish takes place."""
        site = self.scene.sites.get(wish.place or "")
        if site is not None and site.latitude is not None and site.longitude is not None:
            return [daylight(day, site.latitude, site.longitude)]
        return [daylight(day, self.scene.latitude, self.scene.longitude)]

    def opening(self, wish: Wish, day: date, *, weekends: bool = False) -> Opening:
        """When it could begin; nothing on days that are closed for everybody."""
        if not weekends and not is_working_day(day):
            return Opening({})
        if (wish, day) not in self._openings:
            self._openings[wish, day] = self._opening(wish, day)
        return self._openings[wish, day]

    def _opening(self, wish: Wish, day: date) -> Opening:
        if wish.only_day not in (None, day):
            return Opening({})
        spans: Sequence[Span] = self.light(wish, day) if wish.daylight else WHOLE
        if wish.place:
            spans = shared(spans, self.free("place", wish.place, day))
        found = {}
        for receiver, hosts in receivers(wish):
            own = spans
            for host in hosts:
                own = shared(own, self.free("host", host, day))
            if receiver.contact:
                own = shared(own, self.free("person", receiver.contact, day))
            found[receiver] = self._starts(wish, day, own)
        opening = Opening({contact: starts for contact, starts in found.items() if starts})
        return self._within_the_day(opening, wish) if self.is_ordinary and wish.fixed_at is None else opening

    def _within_the_day(self, opening: Opening, wish: Wish) -> Opening:
        """The starts within the city's day; all where there are none."""
        day = self.scene.limits.day
        within = {
            contact: tuple(start for start in starts if day.starts <= start and start + wish.minutes <= day.ends)
            for contact, starts in opening.by_contact.items()
        }
        return Opening({contact: starts for contact, starts in within.items() if starts} or opening.by_contact)

    def _starts(self, wish: Wish, day: date, spans: Sequence[Span]) -> tuple[int, ...]:
        first_on, first = self.begins
        earliest = 0 if day > first_on else first if day == first_on else 24 * 60
        candidates = [minute_of(wish.fixed_at)] if wish.fixed_at else None
        starts = [
            start
            for span in spans
            for start in candidates
            or range(-(-span.starts // self.grid) * self.grid, span.ends - wish.minutes + 1, self.grid)
            if span.starts <= start and start + wish.minutes <= span.ends and start >= earliest
        ]
        lunch = self.scene.limits
        if wish.serves_lunch:
            last = lunch.lunch_window.ends - min(lunch.lunch, wish.minutes)
            starts = [start for start in starts if lunch.lunch_window.starts <= start <= last]
        return tuple(starts)


def receivers(wish: Wish) -> list[tuple[Receiver, tuple[str, ...]]]:
    """Everybody who could receive, the most wished first, with the hosts that must be free for it."""
    found = [(Receiver(contact), wish.hosts) for contact in wish.contacts or (NOBODY,)]
    for host, contacts in wish.instead:
        found += [(Receiver(contact, host), (host,)) for contact in contacts or (NOBODY,)]
    return found


def concerned(wish: Wish) -> list[tuple[str, str]]:
    """Everybody and every place whose calendar decides when it could be."""
    hosts = [*wish.hosts, *(host for host, _contacts in wish.instead)]
    people = [*wish.contacts, *(contact for _host, contacts in wish.instead for contact in contacts)]
    return [*needed(wish), *(("host", host) for host in hosts), *(("person", contact) for contact in people)]


def needed(wish: Wish) -> list[tuple[SubjectKind, str]]:
    """What must be free whoever receives: its hosts and its place."""
    return [*(("host", host) for host in wish.hosts), *((("place", wish.place),) if wish.place else ())]


def minute_of(moment: datetime) -> int:
    """Minutes after the venue's midnight."""
    wall = in_venue(moment)
    return wall.hour * 60 + wall.minute
