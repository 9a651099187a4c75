"""A rule that reminds earlier than it did: whoever is between the two distances is reminded now, not left out.

So is everybody ahead whose reminder was due while the rule was switched off. It makes no difference who changed the
rule: the administration's pages, or the city's files.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_rules import all_rules, as_rule
from app.notifications.reminder_timing import Timing
from app.notifications.reminders import Reminding


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a rule says who was reminded by it so far."""

    timing: Timing
    is_on: bool


def standing_of(row: ReminderRule) -> Standing:
    """The rule as it counts now: to be kept from before a change until after it."""
    return Standing(as_rule(row).timing, row.is_on)


def standings() -> dict[int, Standing]:
    """Every rule's, by its id."""
    return {row.id: standing_of(row) for row in all_rules()}


def remind_of_what_is_ahead(row: ReminderRule, *, was: Standing, at: datetime) -> None:
    """By a rule that counts back from a moment: what was due before its distance was changed or it was switched on.

    A look goes two days back, so it would find nothing of what became due before that. A distance that was changed
    while the rule was off counts when it is switched on. Flushes.
    """
    now = standing_of(row)
    if now == was or now.timing.direction != "before":
        return
    if now.timing != was.timing:
        row.since = None  # of everything ahead, also of what was due when the rule was made
    db.session.flush()
    if row.is_on:
        _remind(row, at=at)


def remind_by_changed_rules(was: Mapping[int, Standing], *, at: datetime) -> None:
    """The same for every rule that stood before and stands otherwise now; a new one tells nothing of the past."""
    for row in all_rules():
        if row.id in was:
            remind_of_what_is_ahead(row, was=was[row.id], at=at)


def _remind(row: ReminderRule, *, at: datetime) -> None:
    rule = as_rule(row)
    ahead = rule.timing.due_at(at)
    reminding = Reminding(rule, max(ahead, row.since or ahead))
    for row_id in reminding.ids(at=at):
        with suppress(IntegrityError), db.session.begin_nested():  # the scheduler was faster
            reminding.derive(row_id, at=at)
