"""What routing knows about a city: its hosts, themes, goals, partnerships, occasions and house rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class HostProfile:
    """A host as routing sees it; `owner` is the department above an agency, `load` its visits so far this year.

    `weeks` and `months` count the visits it already receives, by the Monday or the first of the month; `out_of_office`
    holds spans in which nobody is there, both ends included, `quiet` those in which somebody answers but no visits are
    received.
    """

    slug: str
    names: tuple[str, ...] = ()
    kind: str = ""
    owner: str = ""
    languages: tuple[str, ...] = ()
    weekly_cap: int | None = None
    monthly_cap: int | None = None
    notice_days: int | None = None
    out_of_office: tuple[tuple[date, date], ...] = ()
    quiet: tuple[tuple[date, date], ...] = ()
    weeks: tuple[tuple[date, int], ...] = ()
    months: tuple[tuple[date, int], ...] = ()
    load: int = 0


@dataclass(frozen=True, slots=True)
class TopicProfile:
    """A narrower subject within a theme; empty maps mean the theme's own, without names the slug stands for them.

    `learned_leads` and `learned_parts`: log odds by host, where this is the main subject; files have none.
    `absorbs` names themes or topics ("theme/topic") whose words this one explains when it is found by a decisive word.
    """

    slug: str
    hosts: Mapping[str, float] = field(default_factory=dict)
    goals: Mapping[str, float] = field(default_factory=dict)
    sdgs: Mapping[int, float] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    absorbs: tuple[str, ...] = ()
    learned_leads: Mapping[str, float] = field(default_factory=dict)
    learned_parts: Mapping[str, float] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ThemeProfile:
    """A subject of visits: who answers for it, which goals it serves, and the words that tell of it per language."""

    slug: str
    names: Mapping[str, str] = field(default_factory=dict)
    hosts: Mapping[str, float] = field(default_factory=dict)
    goals: Mapping[str, float] = field(default_factory=dict)
    sdgs: Mapping[int, float] = field(default_factory=dict)
    topics: tuple[TopicProfile, ...] = ()
    learned_leads: Mapping[str, float] = field(default_factory=dict)
    learned_parts: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GoalProfile:
    """A goal that can be suggested, by its code ("1.3" or "sdg-11")."""

    code: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PartnershipProfile:
    """A twin city or network: every name it goes by, who answers for it, who follows it up in practice."""

    slug: str
    kind: str
    names: tuple[str, ...] = ()
    responsible: str = ""
    practical: str = ""
    country: str = ""
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OccasionProfile:
    """A larger event in the city, by every name it goes by."""

    slug: str
    names: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    starts_on: date | None = None


@dataclass(frozen=True, slots=True)
class Rules:
    """The city's own facts that routing needs: who plays which role, and its name among its namesakes."""

    representation: str = ""
    coordination: str = ""
    nordic_administration: str = ""
    city_names: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    namesakes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    host_words: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    posts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # titles that only the head of a host has
    not_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    type_hosts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    only_with: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    described: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything a decision is made from besides the enquiry itself."""

    hosts: tuple[HostProfile, ...] = ()
    themes: tuple[ThemeProfile, ...] = ()
    goals: tuple[GoalProfile, ...] = ()
    partnerships: tuple[PartnershipProfile, ...] = ()
    occasions: tuple[OccasionProfile, ...] = ()
    holiday_calendar: str = "NO"  # ISO code, of a country or a part of one
    model: str = ""  # the file of the word model learnt from the city's labelled texts
    rules: Rules = field(default_factory=Rules)
