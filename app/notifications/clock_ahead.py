"""What a clock that ran ahead and was put right has left in the outbox: nothing of it waits for that clock's time.

A claim may go on for one claim's length from now and no longer, a further attempt is no further away than the longest
step between two. What lies beyond was written by a clock that was wrong. Such a claim is shortened, not taken away: the
sender may be alive and have the mail in hand, and nobody else gets it sooner than any claim ends. A mail that was never
tried and says that it was made in the future gets the moment that it would have been given if it were made now.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, literal, or_, select, update

from app.core.time import UTCDateTime
from app.extensions import db
from app.notifications.batches import LONGEST, is_in_the_making
from app.notifications.claims import CLAIM, WAITING
from app.notifications.groups import DIGESTS
from app.notifications.models import Notification
from app.notifications.pace import pace_of
from app.notifications.recipients import Recipient
from app.notifications.trying_again import DELAYS_MINUTES
from app.visits.models import Activity

AT_ONCE = 200  # mails that are made ready again in one transaction; the next look goes on
APART = timedelta(minutes=1)  # by so much the clocks of two machines may differ, and nothing is wrong
FIRST_STEP, LONGEST_STEP = timedelta(minutes=DELAYS_MINUTES[0]), timedelta(minutes=max(DELAYS_MINUTES))
_WAITS = Notification.status.in_(WAITING)


def is_any_ahead(*, at: datetime) -> bool:
    """Whether anything waits for longer than it may."""
    ahead = or_(_held_too_long(at), _made_too_long(at), _put_off_too_far(at), _made_in_the_future(at))
    return bool(db.session.scalar(select(exists().where(ahead))))


def bring_back(*, at: datetime) -> int:
    """Claims end, and further attempts come, as if they were of this moment; returns how many rows were changed."""
    tried_at = literal(at + FIRST_STEP, UTCDateTime)
    due = case((Notification.due_at > tried_at, Notification.due_at), else_=tried_at)
    return (
        _changed(_held_too_long(at), claimed_until=at + CLAIM)
        + _changed(_made_too_long(at), claimed_until=at + LONGEST)
        + _changed(_put_off_too_far(at), next_attempt_at=due)
        + _made_again(at)
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


def _made_in_the_future(at: datetime) -> ColumnElement[bool]:
    return and_(_WAITS, Notification.attempts == 0, Notification.created_at > at + APART)


def _made_again(at: datetime) -> int:
    """Each as if it were made now; a reminder keeps its own moment, and what was to wait for a while does."""
    query = select(Notification).where(_made_in_the_future(at)).order_by(Notification.id).limit(AT_ONCE)
    found = db.session.scalars(query.with_for_update(skip_locked=True, of=Notification)).all()
    for row in found:
        if "rule" not in row.facts:
            row.due_at = _due_again(row, at)
        row.created_at, row.next_attempt_at = at, _first_again(row, at)
    db.session.flush()
    return len(found)


def _due_again(row: Notification, at: datetime) -> datetime:
    """At once, unless it was made to wait: by what happened, whose moment may be of the wrong clock too."""
    if row.due_at <= row.created_at:
        return at
    activity = db.session.get(Activity, row.activity_id) if row.activity_id else None
    is_ahead = activity is None or activity.at > at + APART
    return row.due_at - (row.created_at - at) if is_ahead else row.due_at


def _first_again(row: Notification, at: datetime) -> datetime:
    earliest = max(row.due_at, at)
    if row.visit is None or row.kind in DIGESTS:
        return earliest
    person = Recipient(row.address, row.language, row.user)
    activity = db.session.get(Activity, row.activity_id) if row.activity_id else None
    pace = pace_of(row.kind, person, row.visit, row.facts.get("about", {}), activity, at=earliest)
    return row.due_at if pace.first_at == earliest else pace.first_at


def _changed(which: ColumnElement[bool], **values: object) -> int:
    some = update(Notification).where(which).values(**values)
    return db.session.connection().execute(some).rowcount
