"""A rule that reminds earlier than it did: whoever is between the two distances is reminded now, not left out."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_rules import as_rule
from app.notifications.reminder_timing import Timing
from app.notifications.reminders import Reminding


def remind_of_what_is_ahead(row: ReminderRule, *, was: Timing, at: datetime) -> None:
    """By a rule that is on and counts back from a moment: what was due before its distance was changed.

    A look goes two days back, so it would find nothing of what a longer distance made due before that.
    """
    rule = as_rule(row)
    if not row.is_on or rule.timing == was or rule.timing.direction != "before":
        return
    db.session.flush()
    reminding = Reminding(rule, rule.timing.due_at(at))
    for row_id in reminding.ids(at=at):
        with suppress(IntegrityError), db.session.begin_nested():  # the scheduler was faster
            reminding.derive(row_id, at=at)
