"""Which of two answers by the same person is the later one: mails do not always come in the order they were written."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.notifications.reply_models import Reply
from app.visits.invitation_models import Invitation

CLOCKS_DIFFER = timedelta(days=1)  # a program's clock further ahead than that says nothing


def is_overtaken(found: Reply, invitation: Invitation) -> bool:
    """Whether an answer that was given later counts already (RFC 5546, 2.1.5: first SEQUENCE decides, then DTSTAMP)."""
    mine = _order(found)
    if mine is None:
        return False
    query = select(Reply).where(Reply.invitation_id == invitation.id, Reply.state.in_(("taken", "assigned")))
    others = (_order(other) for other in db.session.scalars(query) if other is not found)
    return any(other > mine for other in others if other is not None)


def _order(found: Reply) -> tuple[int, datetime] | None:
    said = found.answer.get("stamped_at")
    stamped_at = datetime.fromisoformat(said) if said else None
    if stamped_at is None or stamped_at > found.received_at + CLOCKS_DIFFER:
        return None
    return found.answer["sequence"], stamped_at
