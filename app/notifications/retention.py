"""Old mails: that they were sent is kept, their words and addresses are not."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update

from app.extensions import db
from app.notifications.claims import WAITING
from app.notifications.models import Notification
from app.strategy.settings import city_rules


def erase_old_mails(at: datetime) -> int:
    """Subject, text, address and error of finished mails, as many days after as delegates are kept (90)."""
    limit = at - timedelta(days=city_rules().delegates_keep_days)
    old = update(Notification).where(
        Notification.status.not_in(WAITING), Notification.created_at <= limit, Notification.address != ""
    )
    erased = old.values(subject="", text="", html="", headers={}, address="", error="", sealed_link=None)
    return db.session.connection().execute(erased).rowcount
