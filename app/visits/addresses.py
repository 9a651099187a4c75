"""The confirmation of a visitor's address: sending its mail again, to a corrected address, and not too often."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.core.errors import Refused
from app.core.text import clean_line
from app.core.time import now
from app.extensions import db
from app.people.actors import VISITOR, Actor
from app.people.links import revoke_links
from app.visits.models import Activity, Visit
from app.visits.record import move

ASKED = ("submit", "send-again")  # the verbs that send the mail
MOST_AGAIN = 3  # mails an hour to one address when asked for by button
MOST_REQUESTS = 10  # requests an hour that name one address


def send_again(visit: Visit, *, email: str, by: Actor = VISITOR, at: datetime | None = None) -> None:
    """Send the confirmation mail once more, to this address from now on; links sent to another one end.

    Raises Refused("too-often") after three mails within the hour, to either address.
    """
    at = at or now()
    email = clean_line(email)
    if max(times_asked(email, at=at), times_asked(visit.contact_email, at=at)) >= MOST_AGAIN:
        raise Refused("too-often")
    changed = email != visit.contact_email
    if changed:
        revoke_links("confirm-address", visit.id, at=at)
    move(visit, "send-again", by=by, at=at, values={"contact_email": email}, changes={"contact_email": changed})


def times_asked(email: str, *, at: datetime) -> int:
    """How often in the last hour somebody had that address asked to confirm."""
    query = select(func.count()).select_from(Activity).join(Visit)
    recent = query.where(Activity.verb.in_(ASKED), Activity.at > at - timedelta(hours=1))
    return db.session.scalar(recent.where(func.lower(Visit.contact_email) == email.lower())) or 0
