"""When a mail that did not go through is tried again: its own delays, and what the server kept back when it is back.

What is wrong with one mail (a 4xx about its recipient) is waited out in growing steps. When the server itself was away,
nothing is wrong with the mail: those tries count for no step, and all that it kept back follows on its first answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, case, literal, or_, select, update

from app.core.time import UTCDateTime
from app.extensions import db
from app.notifications.claims import WAITING
from app.notifications.models import Notification

# After a 4xx: 12 attempts in all, over almost 26 hours. Source: acceptance row RM-5
DELAYS_MINUTES = (1, 2, 5, 15, 30, 60, 120, 240, 360, 360, 360)
AWAY_MINUTES = (1, 2, 4)  # the last one and a queue behind it are less than the five minutes that were promised
LEAST_ATTEMPTS, LEAST_TIME = 8, timedelta(hours=25)
APART = timedelta(minutes=1)  # a server that answers, but hangs on one mail, is not asked about that one all the time


def put_off(found: Notification, *, is_away: bool, at: datetime) -> bool:
    """Set when it is tried again; False where that has gone on for long enough."""
    if is_away:
        found.away_at, found.away_tries = at, found.away_tries + 1
    else:
        found.away_at = None
    answered = found.attempts - found.away_tries
    if (found.attempts if is_away else answered) >= LEAST_ATTEMPTS and at - found.due_at >= LEAST_TIME:
        return False
    delays, tries = (AWAY_MINUTES, found.away_tries) if is_away else (DELAYS_MINUTES, answered)
    found.next_attempt_at = at + timedelta(minutes=delays[min(tries, len(delays)) - 1])
    return True


_KEPT_BACK = (
    Notification.status.in_(WAITING),
    Notification.away_at.is_not(None),
    Notification.claimed_until.is_(None),
)


def bring_forward(*, at: datetime) -> int:
    """The server answers again: what it kept back is due now, or a minute after its last try; returns how many are.

    They leave as everything does, one after the other. A mail that was told to come later keeps its time.
    """
    is_rested = Notification.away_at <= at - APART
    waits = or_(and_(is_rested, Notification.next_attempt_at > at), Notification.next_attempt_at > at + APART)
    free = select(Notification.id).where(*_KEPT_BACK, waits).order_by(Notification.id)
    ids = db.session.scalars(free.with_for_update(skip_locked=True)).all()
    soon = case((is_rested, literal(at, UTCDateTime)), else_=literal(at + APART, UTCDateTime))
    for start in range(0, len(ids), 500):
        some = update(Notification).where(Notification.id.in_(ids[start : start + 500]), *_KEPT_BACK)
        db.session.execute(some.values(next_attempt_at=soon), execution_options={"synchronize_session": False})
    return len(ids)
