"""What a clock that ran ahead and was put right has left in the outbox: nothing of it waits for that clock's time.

A claim may go on for one claim's length from now and no longer, a further attempt is no further away than the longest
step between two. What lies beyond was written by a clock that was wrong. Such a claim is shortened, not taken away: the
sender may be alive and have the mail in hand, and nobody else gets it sooner than any claim ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_, select, update

from app.core.time import UTCDateTime
from app.extensions import db
from app.notifications.batches import LONGEST, is_in_the_making
from app.notifications.claims import CLAIM, WAITING
from app.notifications.models import Notification
from app.notifications.trying_again import DELAYS_MINUTES

APART = timedelta(minutes=1)  # by so much the clocks of two machines may differ, and nothing is wrong
FIRST_STEP, LONGEST_STEP = timedelta(minutes=DELAYS_MINUTES[0]), timedelta(minutes=max(DELAYS_MINUTES))
_WAITS = Notification.status.in_(WAITING)


def is_any_ahead(*, at: datetime) -> bool:
    """Whether anything waits for longer than it may."""
    ahead = or_(_held_too_long(at), _made_too_long(at), _put_off_too_far(at))
    return bool(db.session.scalar(select(exists().where(ahead))))


def bring_back(*, at: datetime) -> int:
    """Claims end, and further attempts come, as if they were of this moment; returns how many rows were changed."""
    tried_at = literal(at + FIRST_STEP, UTCDateTime)
    due = case((Notification.due_at > tried_at, Notification.due_at), else_=tried_at)
    return (
        _changed(_held_too_long(at), claimed_until=at + CLAIM)
        + _changed(_made_too_long(at), claimed_until=at + LONGEST)
        + _changed(_put_off_too_far(at), next_attempt_at=due)
    )


def _held_too_long(at: datetime) -> ColumnElement[bool]:
    return and_(_WAITS, Notification.claim > 0, Notification.claimed_until > at + CLAIM + APART)


def _made_too_long(at: datetime) -> ColumnElement[bool]:
    return and_(_WAITS, is_in_the_making(), Notification.claimed_until > at + LONGEST + APART)


def _put_off_too_far(at: datetime) -> ColumnElement[bool]:
    """Tried in vain; what was never tried may wait for a morning, and nothing leaves before it is due."""
    return and_(
        _WAITS,
        Notification.attempts > 0,
        Notification.next_attempt_at > at + LONGEST_STEP + APART,
        Notification.next_attempt_at > Notification.due_at,
    )


def _changed(which: ColumnElement[bool], **values: object) -> int:
    some = update(Notification).where(which).values(**values)
    return db.session.connection().execute(some).rowcount
