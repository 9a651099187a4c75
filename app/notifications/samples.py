"""A mail shown before anybody gets it: made by the function that makes what is sent, from a row that is not stored.

Where the real one would mint a secret link, a sample leads to the visit's page for staff; nothing is kept but the
sample that somebody asks to be sent to themselves.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import and_, func, select

from app.extensions import db
from app.notifications.making import made
from app.notifications.models import Notification
from app.notifications.render import Rendered, page_with_link, with_link
from app.people.models import User
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.queries import seen_by
from app.visits.statuses import PLANNING

SAMPLE = "sample"
MOST = 3  # mails about one visit
AT_HAND = 6  # visits that come next, and as many that came in last


def visits_at_hand(user: User, *, at: datetime) -> list[Visit]:
    """Visits to show a mail about, of those this person may see: those that come next, then those asked for last."""
    stops = and_(Appointment.visit_id == Visit.id, Appointment.status != "cancelled", Appointment.starts_at > at)
    coming = select(Visit).join(Appointment, stops).where(seen_by(user), Visit.status.in_(PLANNING))
    coming = coming.group_by(Visit.id).order_by(func.min(Appointment.starts_at), Visit.id)
    latest = select(Visit).where(seen_by(user)).order_by(Visit.id.desc())
    found = [one for query in (coming, latest) for one in db.session.scalars(query.limit(AT_HAND))]
    return list({one.id: one for one in found}.values())


def shown(
    kind: str, visit: Visit, user: User | None, language: str, *, words: dict[str, Any], due_at: datetime,
    about: dict[str, Any], activity_id: int | None = None,
) -> Rendered:  # fmt: skip
    """The whole mail to that person (None: the visitor), in that language."""
    row = Notification(
        kind=kind, visit=visit, user=user, user_id=user.id if user else None, language=language,
        activity_id=activity_id, facts={"about": about}, due_at=due_at,
    )  # fmt: skip
    mail, link = made(row, words=words), f"{current_app.config['BASE_URL']}/visits/{visit.ref}"
    blocks = tuple(replace(one, lines=tuple(with_link(line, link) for line in one.lines)) for one in mail.blocks)
    return replace(mail, text=with_link(mail.text, link), html=page_with_link(mail.html, link), blocks=blocks)


def put_samples(
    name: str, facts: dict[str, Any], count: int, visit: Visit, language: str, *, to: User, at: datetime
) -> None:
    """That many samples into the outbox, for this person only; `facts` say of what, `number` which of them."""
    for number in range(count):
        facts_of_one = {"about": {}, "state": {}, "urgent": True, **facts}
        facts_of_one |= {"visit": visit.id, "language": language, "number": number}
        sample = Notification(
            key=f"sample:{name}.{visit.id}.{language}.{number}:u{to.id}:{at:%Y%m%d%H%M%S%f}", kind=SAMPLE,
            user_id=to.id, address=to.email, language=language, facts=facts_of_one, due_at=at, next_attempt_at=at,
            created_at=at,
        )  # fmt: skip
        db.session.add(sample)
    db.session.flush()


def sample_of(found: Notification, mails: list[Rendered]) -> Rendered:
    """The one of these mails that the row asks for, with a word before its subject; else that there is nothing."""
    if len(mails) <= found.facts["number"]:
        return made(found)
    mail = mails[found.facts["number"]]
    return replace(mail, subject=_("Sample: %(subject)s", subject=mail.subject))
