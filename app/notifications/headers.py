"""A mail's sender, where answers to it go, and which mails it belongs to: fixed when it is rendered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import BindParameter, bindparam, select

from app.extensions import db
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.notifications.reply_address import thread_address
from app.strategy.settings import city_rules
from app.visits.models import Visit

Before = Mapping[tuple[int | None, int | None], str]  # visit and user (None: the visitor): the last Message-ID


# Said for every mail that leaves, so put together once.
_VISITS: BindParameter[list[int]] = bindparam("visits", expanding=True)
_SENT = (
    select(Notification.visit_id, Notification.user_id, Notification.message_id)
    .where(Notification.visit_id.in_(_VISITS), Notification.status == "sent", Notification.message_id != "")
    .order_by(Notification.sent_at, Notification.id)
)


def headers_of(found: Notification, before: Before) -> dict[str, Any]:
    """Sender, Reply-To, and for a mail about a visit the thread that it continues for its reader."""
    headers: dict[str, Any] = {"from": str(current_app.config["MAIL_FROM"]), "reply_to": city_rules().contact_email}
    if found.visit is None or KINDS[found.kind].is_apart:
        return headers
    headers["reply_to"] = thread_address(found.visit.id, found.user_id) or headers["reply_to"]
    headers["list_id"] = f"<visits.{_domain()}>"
    last = before.get((found.visit_id, found.user_id))
    headers["thread"] = [_root(found.visit), *([last] if last else [])]
    return headers


def _root(visit: Visit) -> str:
    """What every mail about a visit refers to, so that programs put them together even where one is missing."""
    return f"<{visit.ref.lower()}.visit@{_domain()}>"


def mails_before(mails: Iterable[Notification]) -> Before:
    """The last mail about its visit that each reader got, for all of these mails at once."""
    visit_ids = sorted({one.visit_id for one in mails if one.visit_id is not None})
    if not visit_ids:
        return {}
    rows = db.session.execute(_SENT, {"visits": visit_ids})
    return {(visit_id, user_id): message_id for visit_id, user_id, message_id in rows}


def _domain() -> str:
    return urlsplit(str(current_app.config["BASE_URL"])).hostname or "vertskap.invalid"
