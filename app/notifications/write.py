"""Putting a mail into the outbox: once for each fact and person, and only while it is true."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.notifications import batches
from app.notifications.facts import About
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.notifications.pace import pace_of
from app.notifications.recipients import Recipient
from app.notifications.restoration import may_be_told_already
from app.visits.models import Activity, Visit


def put(
    kind: str,
    recipient: Recipient,
    *,
    visit: Visit,
    key: str,
    about: About,
    due_at: datetime,
    at: datetime,
    activity: Activity | None = None,
    source: dict[str, Any] | None = None,
    cause_at: datetime | None = None,
    is_over: bool = False,
) -> Notification | None:
    """A new row of the outbox; None when this was told before or is not true any more. Over: marked `missed`.

    `source` is what a reminder needs to be decided again when it is sent. `cause_at` is when it was bound to be told
    or `due_at`: where that is before a backup was put back, the mail waits for a person (restoration.py).
    """
    whole_key = f"{kind}:{key}:{recipient.key}"
    state = KINDS[kind].still(visit, about)
    if state is None or db.session.scalar(select(Notification.id).where(Notification.key == whole_key)):
        return None
    earliest = max(due_at, at)
    pace = pace_of(kind, recipient, visit, about, activity, at=earliest)
    # Due since its own moment, not since it was found: a clock that ran ahead for a while keeps it no longer than that.
    first_at = due_at if pace.first_at == earliest else pace.first_at
    status = "missed" if is_over or is_too_late(kind, visit, about, at) else pace.status
    if status == "due" and may_be_told_already(cause_at or due_at):
        status = "held"
    made = Notification(
        key=whole_key,
        kind=kind,
        visit_id=visit.id,
        activity_id=activity.id if activity else None,
        user_id=recipient.user.id if recipient.user else None,
        address=recipient.address,
        language=recipient.language,
        facts={"about": about, "state": state, **(source or {}), **({"urgent": True} if pace.is_urgent else {})},
        status=status,
        due_at=due_at,
        next_attempt_at=first_at if status == "due" else None,
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    batches.hold(made, at=at)
    return made


def is_too_late(kind: str, visit: Visit, about: About, at: datetime) -> bool:
    """Whether what the mail speaks of has begun already."""
    limit = KINDS[kind].too_late
    begins_at = limit(visit, about) if limit else None
    return begins_at is not None and begins_at <= at
