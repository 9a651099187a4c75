"""Who has lost sight of a visit, what mails that keeps back, and what they may still read: what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.calendars import Event
from app.core.dates import written_when
from app.extensions import db
from app.notifications.invitations import PLACE
from app.notifications.kinds import KINDS
from app.notifications.wording import zone_words
from app.people.models import User
from app.visits.invitation_models import Invitation
from app.visits.models import Visit
from app.visits.rules import may_see_visit

LAST = "host-invitation-cancelled"  # reaches also whoever may not sign in any more


def is_kept_from(user: User, visit: Visit | None, kind: str) -> bool:
    """Left the organisation, or may not open what the mail leads to any more."""
    if not user.is_active:
        return kind != LAST
    return visit is not None and bool(KINDS[kind].page) and not may_see_visit(user, visit)


def as_last_seen(event: Event, one: Invitation, language: str) -> Event:
    """What is taken out of the calendar of somebody who may not see it any more: as they were told, and no more."""
    starts_at, ends_at, title = _times_and_title(one)
    summary = _("Cancelled: %(what)s", what=f"{title} ({one.appointment.visit.organisation})")
    return Event(
        uid=event.uid, starts_at=starts_at, ends_at=ends_at, status="cancelled", sequence=event.sequence,
        created_at=event.created_at, changed_at=event.changed_at, summary=summary, location=_place(one, language),
    )  # fmt: skip


def last_seen_values(visit: Visit, about: dict[str, Any], reader: User, language: str, city: str) -> dict[str, str]:
    """The stop of a mail as such a reader was told it; nothing where they may see it."""
    mine = Invitation.appointment_id == about.get("appointment"), Invitation.user_id == reader.id
    one = db.session.scalar(select(Invitation).where(*mine))
    if one is None or len(one.told) < PLACE or may_see_visit(reader, visit):
        return {}
    starts_at, ends_at, title = _times_and_title(one)
    when, place = written_when(starts_at, ends_at, language, city), _place(one, language)
    if place:
        line = _("%(when)s: %(title)s (%(where)s)", when=when, title=title, where=place)
    else:
        line = _("%(when)s: %(title)s", when=when, title=title)
    return {"stop": line, "stop_before": "", "stop_title": title, "zone": zone_words(starts_at, city)}


def _times_and_title(one: Invitation) -> tuple[datetime, datetime, str]:
    _status, starts, ends, _where, title = one.told[:5]
    return datetime.fromisoformat(starts), datetime.fromisoformat(ends), str(title)


def _place(one: Invitation, language: str) -> str:
    words = one.told[PLACE].get(language, "") if len(one.told) > PLACE else ""
    return ", ".join(filter(None, (words, one.told[3][1])))
