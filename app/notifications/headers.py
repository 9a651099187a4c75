"""A mail's sender, where answers to it go, and which mails it belongs to: fixed when it is rendered."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reply_address import thread_address
from app.strategy.settings import city_rules
from app.visits.models import Visit


def headers_of(found: Notification) -> dict[str, Any]:
    """Sender, Reply-To, and for a mail about a visit the thread that it continues for its reader."""
    headers: dict[str, Any] = {"from": str(current_app.config["MAIL_FROM"]), "reply_to": city_rules().contact_email}
    if found.visit is None:
        return headers
    headers["reply_to"] = thread_address(found.visit.id, found.user_id) or headers["reply_to"]
    headers["list_id"] = f"<visits.{_domain()}>"
    headers["thread"] = [_root(found.visit), *_mail_before(found)]
    return headers


def _root(visit: Visit) -> str:
    """What every mail about a visit refers to, so that programs put them together even where one is missing."""
    return f"<{visit.ref.lower()}.visit@{_domain()}>"


def _mail_before(found: Notification) -> list[str]:
    """The last mail about the visit that this reader got."""
    query = select(Notification.message_id).where(
        Notification.visit_id == found.visit_id,
        Notification.user_id == found.user_id,  # None: the visitor
        Notification.status == "sent",
        Notification.message_id != "",
    )
    last = db.session.scalar(query.order_by(Notification.sent_at.desc(), Notification.id.desc()).limit(1))
    return [last] if last else []


def _domain() -> str:
    return urlsplit(str(current_app.config["BASE_URL"])).hostname or "vertskap.invalid"
