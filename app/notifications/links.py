"""The secret link of a mail: each mail mints its own."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from flask import current_app

from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.people.links import mint_link
from app.visits.models import Visit


def secret_link(found: Notification, *, at: datetime) -> str:
    """A fresh link for the mail's page, absolute; only its hash stays in the database."""
    base = str(current_app.config["BASE_URL"])
    page = KINDS[found.kind].page
    if page == "sign-in":
        assert found.user_id is not None
        then = str(found.facts.get("about", {}).get("then", ""))
        query = f"?then={quote(then, safe='/')}" if then else ""
        return f"{base}/sign-in/{mint_link('sign-in', found.user_id, at=at)}{query}"
    assert found.visit is not None
    if page == "confirm":
        return f"{base}/v/{mint_link('confirm-address', found.visit.id, at=at)}/confirm"
    return f"{base}/v/{mint_link('visit', _shown(found.visit).id, at=at)}"


def _shown(visit: Visit) -> Visit:
    """The visit whose page is opened: the one it was merged into, where both have the same contact."""
    into = visit.merged_into
    if into is not None and into.contact_email.lower() == visit.contact_email.lower():
        return into
    return visit
