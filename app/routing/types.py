"""What goes into a routing decision and what comes out of it; plain data, nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

ROUTE = "route"
REVIEW = "coordinator-review"
DECLINE = "suggest-decline"
FLAGS = (
    "political-level", "short-notice", "past-date", "holiday", "large-group", "needs-interpreter", "returning-visitor",
    "linked-event", "twin-city", "network", "duplicate", "not-a-delegation", "commercial", "wrong-city",
    "invitation-letter", "unsafe-input", "unclear-purpose",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A visitor's request as the public form yields it; `submitted_on` is treated as today."""

    id: str
    organisation: str
    organisation_type: str
    country: str
    city: str
    purpose: str
    submitted_on: date
    contact_name: str = ""
    contact_email: str = ""
    website: str = ""
    on_behalf_of: str = ""
    head_name: str = ""
    head_title: str = ""
    head_level: str = ""
    group_size: int | None = None
    languages: tuple[str, ...] = ()
    interpreter_needed: bool = False
    windows: tuple[tuple[date, date], ...] = ()
    duration_hours: float | None = None
    themes: tuple[str, ...] = ()
    wanted_hosts: tuple[str, ...] = ()
    relation: str = ""
    previous_visit: str = ""
    event: str = ""
    in_return: str = ""
    earlier_hosts: tuple[str, ...] = ()  # who led earlier visits of the same organisation, the latest first


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: what kind, which field, the words as they stand there, how heavy, about what."""

    code: str
    source: str = ""
    words: tuple[str, ...] = ()
    weight: float = 0.0
    subject: str = ""


@dataclass(frozen=True, slots=True)
class RankedHost:
    """A host with its score (comparable within one proposal only) and its suggested part."""

    slug: str
    score: float
    part: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A goal code ("1.3", "sdg-11") or a theme slug, best first, with its evidence."""

    code: str
    score: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a coordinator should know before anything is promised."""

    code: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """The whole answer of the routing room to one enquiry."""

    decision: str
    lead: str | None = None
    co_hosts: tuple[str, ...] = ()
    ranked: tuple[RankedHost, ...] = ()
    themes: tuple[Suggestion, ...] = ()
    priorities: tuple[Suggestion, ...] = ()
    sdgs: tuple[Suggestion, ...] = ()
    flags: tuple[Flag, ...] = ()
    partnerships: tuple[str, ...] = ()
    occasion: str | None = None
    sure: bool = False
    questions: tuple[str, ...] = ()
    duplicate_of: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The proposal as plain lists and dicts, to be stored with the visit."""
        return asdict(self)

    def flag_codes(self) -> tuple[str, ...]:
        """The codes of all flags, in the order they were found."""
        return tuple(flag.code for flag in self.flags)


def codes(suggestions: Iterable[Suggestion]) -> list[str]:
    """The codes of suggestions, best first."""
    return [suggestion.code for suggestion in suggestions]
