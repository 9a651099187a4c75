"""Mails that cannot be sent: every coordinator finds a notice of each, at once and without another mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from app.extensions import db
from app.notifications.models import Notification
from app.notifications.recipients import coordinators

KIND = "mail-failed"


def tell_coordinators(failed: Notification, *, at: datetime) -> None:
    """A notice under Notices for each of them, unread until they settle it."""
    for person in coordinators():
        made = Notification(
            key=f"{_key_of(failed)}{failed.claim}:{person.key}", kind=KIND, visit_id=failed.visit_id,
            user_id=person.user.id if person.user else None, address=person.address, language=person.language,
            facts={"about": {}, "state": {}}, status="noted", due_at=at, created_at=at,
        )  # fmt: skip
        db.session.add(made)


def take_back(tried_again: Notification) -> None:
    """Somebody has looked at it: the notices of its failure have had their day."""
    told = update(Notification).where(Notification.key.startswith(_key_of(tried_again), autoescape=True))
    db.session.execute(told.values(status="superseded"))


def _key_of(mail: Notification) -> str:
    return f"{KIND}:{mail.id}."
