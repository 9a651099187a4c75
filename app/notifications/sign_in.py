"""The mail with a sign-in link, asked for by somebody who may or may not be known."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.core.languages import known_language
from app.extensions import db
from app.notifications.models import Notification
from app.people.models import User
from app.people.users import find_user

MAILS_PER_HOUR = 5


def ask_for_link(email: str, *, then: str = "", at: datetime) -> None:
    """Put a sign-in mail into the outbox for an active user; nothing for others, nor after five within the hour."""
    user = find_user(email)
    if user is None or not user.is_active:
        return
    db.session.scalar(select(User.id).where(User.id == user.id).with_for_update())  # one counts at a time
    recent = select(func.count()).where(
        Notification.kind == "sign-in",
        Notification.user_id == user.id,
        Notification.created_at > at - timedelta(hours=1),
    )
    if (db.session.scalar(recent) or 0) >= MAILS_PER_HOUR:
        return
    db.session.add(
        Notification(
            key=f"sign-in:{uuid.uuid4().hex}",
            kind="sign-in",
            user_id=user.id,
            address=user.email,
            language=known_language(user.language),
            facts={"about": {"then": then}, "state": {}},
            due_at=at,
            next_attempt_at=at,
            created_at=at,
        )
    )
    db.session.flush()
