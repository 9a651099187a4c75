"""A city as its files tell it: plain dataclasses, checked, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.routing.catalogue import Rules

Names = Mapping[str, str]  # "en", "nb", "nn"


@dataclass(frozen=True, slots=True)
class Facts:
    """The city itself. `rules` are CityRules' names; units stand there."""

    slug: str
    names: Names
    municipality: Names
    country: str
    time_zone: str
    holidays: str  # the calendar that working days are counted by, such as NO or DE-BY
    weekend: frozenset[int]  # weekdays that are no working days, Monday 0
    languages: tuple[str, ...]
    coordinating_host: str
    contact: Names
    group_advice: Names
    not_offered: tuple[Names, ...]
    rules: Mapping[str, int | str]
    source: str


@dataclass(frozen=True, slots=True)
class FrameworkRow:
    """A set of goals."""

    slug: str
    names: Names
    adopted: str
    position: int
    source: str
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A node of a framework; `slug` is its code."""

    slug: str
    names: Names
    kind: str
    framework: str
    parent: str | None
    position: int
    source: str
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HostRow:
    """Who receives; caps in visits a week and a month, notice in days, opening hours in local wall time by weekday."""

    slug: str
    names: Names
    kind: str
    descriptions: Names
    aliases: tuple[str, ...]
    owner: str | None
    backup: str | None
    languages: tuple[str, ...]
    daily_cap: int | None
    weekly_cap: int | None
    monthly_cap: int | None
    notice_days: int
    opening_hours: Mapping[str, tuple[str, ...]]
    website: str
    source: str
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A narrower subject; maps that are empty mean the theme's. `words` by language, weights 0 to 9.

    `absorbs` names themes or topics whose words this one explains; `names` may be left out.
    """

    slug: str
    hosts: Mapping[str, float] = field(default_factory=dict)
    goals: Mapping[str, float] = field(default_factory=dict)
    sdgs: Mapping[int, float] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    absorbs: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """What visits are about: hosts that may lead, hosts that take a part, goals and SDGs, each with a weight 0 to 1."""

    slug: str
    names: Names
    examples: Names
    leads: Mapping[str, float]
    parts: Mapping[str, float]
    goals: Mapping[str, float]
    sdgs: Mapping[int, float]
    topics: tuple[TopicRow, ...]
    position: int
    source: str
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnershipRow:
    """A twin city, a network or a project."""

    slug: str
    names: Names
    kind: str
    aliases: tuple[str, ...]
    website: str
    country: str
    since: str
    note: str
    responsible: str
    practical: str | None
    themes: tuple[str, ...]
    source: str
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """Where a visit goes; coordinates in WGS 84 degrees."""

    slug: str
    names: Names
    host: str | None
    address: str
    latitude: float | None
    longitude: float | None
    exclusive: bool
    capacity: int | None
    note: str
    source: str
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OccasionRow:
    """A larger event in the city."""

    slug: str
    names: Names
    aliases: tuple[str, ...]
    starts_on: date | None
    ends_on: date | None
    website: str
    note: str
    themes: tuple[str, ...]
    source: str
    assumed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """Minutes between two places, either direction: on foot and by car, at least one of them."""

    places: tuple[str, str]
    walk: int | None
    drive: int | None


@dataclass(frozen=True, slots=True)
class Travel:
    """The ways between the city's places."""

    ways: tuple[Way, ...]
    source: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One rule of who is reminded when; the words are those of app/notifications."""

    slug: str
    anchor: str
    verb: str
    amount: int
    unit: str
    direction: str
    clock: str
    audience: tuple[str, ...]
    kind: str
    is_on: bool
    position: int


@dataclass(frozen=True, slots=True)
class Reminders:
    """The rules of reminders, in their order."""

    rows: tuple[ReminderRow, ...]
    source: str


@dataclass(frozen=True, slots=True)
class City:
    """Everything a city's folder says."""

    facts: Facts
    frameworks: tuple[FrameworkRow, ...]
    goals: tuple[GoalRow, ...]
    hosts: tuple[HostRow, ...]
    themes: tuple[ThemeRow, ...]
    partnerships: tuple[PartnershipRow, ...]
    places: tuple[PlaceRow, ...]
    occasions: tuple[OccasionRow, ...]
    rules: Rules
    travel: Travel
    reminders: Reminders
