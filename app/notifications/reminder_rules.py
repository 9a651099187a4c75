"""The rules in force, and which mail fits which moment: the same table for the city's files and the administrator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.notifications.fitting_people import unfit_people
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_timing import Timing
from app.visits.statuses import MOVES

# Mails that need words of the city's own.
OWN_WORDS = ("reminder", "host-reminder")
# Which mails know what to say about which moment, besides those.
FITTING: dict[str, tuple[str, ...]] = {
    "visit-day": ("day-before", "host-day-before"),
    "visit-start": ("briefing", "day-before", "host-day-before"),
    "visit-end": ("thanks", "please-report"),
    "stop-start": ("stop-soon", "host-stop-soon"),
    "stop-end": (),
    "offer-due": ("offer-lapsing",),
    "hold-lapse": ("hold-lapsing",),
    "follow-up-due": ("follow-up-due",),
    "report-due": ("please-report",),
    "activity": ("confirm-reminder",),
}
VERBS = tuple(MOVES)  # whatever can happen to a visit
LONGEST = {"days": 365, "working-days": 60, "hours": 500}  # an amount of each unit


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it counts now, apart from its row."""

    slug: str
    anchor: str
    verb: str
    timing: Timing
    audience: tuple[str, ...]
    kind: str
    words: dict[str, Any]
    since: datetime | None = None  # what was due before that is not told


def kinds_fitting(anchor: str, verb: str = "") -> tuple[str, ...]:
    """The mails that a rule about this moment may send."""
    fitting = FITTING[anchor]
    if anchor == "activity" and verb != "submit":  # asking to confirm an address makes sense after a request only
        fitting = ()
    return (*fitting, *OWN_WORDS)


def rules_in_force() -> list[Rule]:
    """The rules that are switched on, in their order."""
    query = select(ReminderRule).where(ReminderRule.is_on).order_by(ReminderRule.position, ReminderRule.id)
    return [as_rule(row) for row in db.session.scalars(query)]


def find_rule(slug: str) -> Rule | None:
    """The rule with that name, if it is there and switched on."""
    row = db.session.scalar(select(ReminderRule).where(ReminderRule.slug == slug, ReminderRule.is_on))
    return as_rule(row) if row is not None else None


def all_rules() -> Sequence[ReminderRule]:
    """Every rule, switched off or not, in their order."""
    return db.session.scalars(select(ReminderRule).order_by(ReminderRule.position, ReminderRule.id)).all()


def as_rule(row: ReminderRule) -> Rule:
    """The rule of a row, a value that outlives its transaction; without people whom it may not tell."""
    timing = Timing(row.amount, row.unit, row.direction, row.clock)
    words, unfit = dict(row.words or {}), unfit_of(row)
    audience = tuple(word for word in row.audience if word not in unfit)
    return Rule(row.slug, row.anchor, row.verb, timing, audience, row.kind, words, row.since)


def unfit_of(row: ReminderRule) -> list[str]:
    """Whom the rule names and does not tell: its mail would say of them what is not so (fitting_people.py)."""
    return unfit_people(row.kind, row.anchor, row.verb, row.audience)
