"""What a programme must respect: who is open and busy when, where places lie, and the city's rules.

Whoever knows the database fills these in; planning only reads them. Keys are the caller's own (a user's id, a host's or
a place's slug) and come back unchanged in results. Hours are minutes after midnight on the venue's wall clock, busy
times are aware moments.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MIDNIGHT = 24 * 60

# appointment: a stop of any visit; imported: from their own calendar; absence: away; closed: an exception to the
# opening hours; quiet: a quiet week; full: the host has as many visits that week or month as it takes.
BusyKind = Literal["appointment", "imported", "absence", "closed", "quiet", "full"]
SubjectKind = Literal["host", "place", "person", ""]  # whose calendar is meant; empty: nobody's
Mode = Literal["same", "walk", "drive"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From `starts` up to, but not including, `ends`: minutes after the venue's midnight, 0 to 1440."""

    starts: int
    ends: int


WeekHours = Mapping[int, tuple[Span, ...]]  # by weekday, Monday is 0; a weekday that is missing is closed


@dataclass(frozen=True, slots=True, order=True)
class Busy:
    """A time that is taken. `key` tells the caller which (an appointment's or an imported event's id)."""

    starts_at: datetime
    ends_at: datetime
    kind: BusyKind
    key: str = ""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Somebody's or something's time: a person, a host as a whole, or a place.

    `hours` None: no hours of its own. A place that takes several groups at once has no busy times from appointments.
    """

    key: str
    hours: WeekHours | None = None
    busy: tuple[Busy, ...] = ()


@dataclass(frozen=True, slots=True)
class Site:
    """Where a place lies (WGS 84 degrees, both or none), and whether it takes one group at a time."""

    calendar: Calendar
    latitude: float | None = None
    longitude: float | None = None
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Minutes:
    """Between two places, either way: on foot and by car; None where nobody would."""

    walk: int | None = None
    drive: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The city's rules for a programme; minutes, and minutes after midnight. At most 4 stops a day: IVLP."""

    buffer: int = 10  # between two stops, besides travel
    stops_a_day: int = 4
    lunch: int = 45
    lunch_window: Span = Span(11 * 60, 13 * 60 + 30)
    day: Span = Span(8 * 60, 20 * 60)  # proposed first; outside it only where opening hours leave nothing else
    longest_walk: int = 20  # a longer way is driven
    unknown_travel: int = 20  # where a place's coordinates are not known


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything known of those who may take part. `now` is the moment before which nothing can begin."""

    now: datetime
    people: Mapping[str, Calendar] = field(default_factory=dict)
    hosts: Mapping[str, Calendar] = field(default_factory=dict)
    sites: Mapping[str, Site] = field(default_factory=dict)
    travel: Mapping[frozenset[str], Minutes] = field(default_factory=dict)  # by a pair of places' keys
    limits: Limits = Limits()
    latitude: float = 60.39  # of the city, for daylight at places without coordinates
    longitude: float = 5.32


def week_hours(hours: Mapping[str, Sequence[str]]) -> WeekHours:
    """Hours as hosts have them as minutes by weekday: {"mon": ["08:00", "11:00", "12:00", "15:00"]} opens twice."""
    found = {WEEKDAYS.index(day): _spans(clocks) for day, clocks in hours.items()}
    return {day: spans for day, spans in found.items() if spans}


def _spans(clocks: Sequence[str]) -> tuple[Span, ...]:
    pairs = zip(clocks[::2], clocks[1::2], strict=False)
    return tuple(Span(_minute(opens), _minute(closes)) for opens, closes in pairs if opens < closes)


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
