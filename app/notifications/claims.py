"""Who may send a mail now: a claim has an end and a number, and only the newest number counts.

A sender that was paused for longer than its claim finds a higher number when it wakes: it hands nothing over and
writes nothing down. A claim lasts much longer than one mail may take, so nobody loses a mail that is on its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, or_, select, update

from app.extensions import db
from app.notifications.models import Notification

WAITING = ("due", "rendered")
CLAIM = timedelta(minutes=5)  # ten times what one mail can take
URGENT = ("sign-in", "confirm-address")  # somebody sits and waits for it
MOST_LOST = 8  # senders that ended with the same mail in hand: it is put aside


def is_due(at: datetime) -> ColumnElement[bool]:
    """Waits to be sent now, and no other sender works on it."""
    free = or_(Notification.claimed_until.is_(None), Notification.claimed_until <= at)
    return and_(Notification.status.in_(WAITING), Notification.next_attempt_at <= at, free)


def due_ids(*, at: datetime, limit: int = 200) -> Sequence[int]:
    """The mails that wait to be sent now: those that somebody waits for first, then the longest waiting."""
    first = case((Notification.kind.in_(URGENT), 0), else_=1)
    query = select(Notification.id).where(is_due(at))
    return db.session.scalars(query.order_by(first, Notification.next_attempt_at, Notification.id).limit(limit)).all()


def claim(notification_id: int, *, at: datetime) -> int | None:
    """The number of the new claim; None when another sender has the mail or it is not due any more.

    One conditional UPDATE; on PostgreSQL a row that another sender is just claiming is skipped, not waited for.
    """
    wanted = select(Notification.id).where(Notification.id == notification_id, is_due(at))
    lost = case((Notification.claimed_until.is_not(None), 1), else_=0)  # nobody wrote down how it went
    taken = (
        update(Notification)
        .where(Notification.id.in_(wanted.with_for_update(skip_locked=True)))
        .values(
            claim=Notification.claim + 1, claimed_until=at + CLAIM, lost_claims=Notification.lost_claims + lost
        )
        .returning(Notification.claim)
        .execution_options(synchronize_session=False)
    )
    return db.session.scalar(taken)


def is_held(notification_id: int, number: int, *, at: datetime) -> bool:
    """Whether this claim is still the newest and has not ended: asked again right before the mail is handed over."""
    query = select(Notification.id).where(
        Notification.id == notification_id,
        Notification.claim == number,
        Notification.claimed_until > at,
        Notification.status.in_(WAITING),
    )
    return db.session.scalar(query) is not None


def find_held(notification_id: int, number: int) -> Notification | None:
    """The mail of that claim, locked; None where another sender has taken over since."""
    query = select(Notification).where(Notification.id == notification_id, Notification.claim == number)
    return db.session.scalar(query.with_for_update(of=Notification).execution_options(populate_existing=True))
