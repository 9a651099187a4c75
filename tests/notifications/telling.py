"""What tests of the catalogue share: a visit at a step, everything before it told, and who hears of what comes next."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.extensions import db
from app.notifications.derive import announce, unannounced_ids
from app.notifications.models import Notification
from app.notifications.outbox import take
from app.people.actors import Actor, by_user
from app.people.models import User
from app.visits.models import Visit
from tests import cast, factories
from tests.cast import MONDAY, bring

VISITOR_ADDRESS = factories.WATER.contact_email
LATER = MONDAY + timedelta(days=1)


def settle() -> None:
    """Everything so far has been announced; nobody is told of it any more."""
    for row_id in unannounced_ids():
        announce(row_id, at=MONDAY)
    for row in db.session.scalars(select(Notification)):
        db.session.delete(row)
    db.session.flush()


def told() -> set[tuple[str, str]]:
    """Announce what is new: the kinds of mail that are then really made, and who gets them."""
    known = set(db.session.scalars(select(Notification.id)))
    for row_id in unannounced_ids():
        announce(row_id, at=LATER)
    rows = db.session.scalars(select(Notification).where(Notification.id.not_in(known))).all()
    letters = [take(row.id, at=LATER) for row in rows]
    assert [row.kind for row, letter in zip(rows, letters, strict=True) if letter is None] == []
    return {(row.kind, row.address) for row in rows}


def at_step(step: str) -> Visit:
    """A visit at that step, led by Ola's host, everything announced."""
    bring(*cast.EVERYBODY)
    find("coordinator").deactivated_at = MONDAY
    ola = find("ola")
    visit = factories.make_visit(step, user=ola)
    settle()
    return visit


def find(first_name: str) -> User:
    """The member of the cast with that first name."""
    return db.session.scalars(select(User).where(User.email.startswith(first_name))).one()


def actor(first_name: str) -> Actor:
    """That person, speaking for their first host."""
    user = find(first_name)
    return by_user(user, user.hosts[0] if user.hosts else None)
