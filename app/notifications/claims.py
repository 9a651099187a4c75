"""Who may send a mail now: a claim has an end and a number, and only the newest number counts.

A sender that was paused for longer than its claim finds a higher number when it wakes: it hands nothing over and
writes nothing down. A claim lasts much longer than one mail may take, so nobody loses a mail that is on its way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, or_, select, update

from app.core.time import UTCDateTime
from app.extensions import db
from app.notifications.batches import is_unclaimed
from app.notifications.models import Notification

WAITING = ("due", "rendered")
CLAIM = timedelta(minutes=5)  # ten times what one mail can take
URGENT = ("sign-in", "confirm-address")  # somebody sits and waits for it
MOST_LOST = 8  # senders that ended with the same mail in hand: it is put aside
# What a mail that is done for does not keep: its link, the calendar part with the secret address for answers, the page.
DONE: dict[str, Any] = {
    "sealed_link": None, "calendar": "", "html": "", "claimed_until": None, "next_attempt_at": None, "away_at": None,
}  # fmt: skip


def _is_due(at: Any) -> ColumnElement[bool]:
    """Waits to be sent at that moment, and no other sender works on it."""
    return and_(Notification.status.in_(WAITING), Notification.next_attempt_at <= at, is_unclaimed(at))


@dataclass(frozen=True, slots=True)
class Due:
    """A mail that waits; `is_alone` where a sender ended with it in hand: no other is put at risk beside it."""

    id: int
    visit_id: int | None = None
    is_alone: bool = False


# A sender's claim that ended; whoever made the mail and ended meanwhile had no claim.
WAS_CLAIMED = and_(Notification.claimed_until.is_not(None), Notification.claim > 0)
_ORDER = case((Notification.kind.in_(URGENT), 0), else_=1), Notification.next_attempt_at, Notification.id


def due_mails(*, at: datetime, limit: int = 200) -> list[Due]:
    """The mails that wait to be sent now: those that somebody waits for first, then the longest waiting."""
    was_lost = or_(WAS_CLAIMED, Notification.lost_claims > 0)
    query = select(Notification.id, Notification.visit_id, was_lost).where(_is_due(at))
    return [Due(*row) for row in db.session.execute(query.order_by(*_ORDER).limit(limit))]


def due_ids(*, at: datetime, limit: int = 200) -> list[int]:
    """The same by id alone."""
    return [one.id for one in due_mails(at=at, limit=limit)]


def is_any_tried() -> bool:
    """Whether a mail waits that somebody tried to send already."""
    tried = select(Notification.id).where(Notification.status.in_(WAITING), Notification.attempts > 0)
    return db.session.scalar(tried.where(Notification.next_attempt_at.is_not(None)).limit(1)) is not None


_AT = bindparam("at", type_=UTCDateTime)
_ID, _NUMBER = bindparam("mail", type_=Integer), bindparam("number", type_=Integer)
_ANY_OF, _MOST = bindparam("mails", type_=Integer, expanding=True), bindparam("most", type_=Integer)
# Said for every mail that leaves, so put together once.
_FREE = (
    select(Notification.id)
    .where(Notification.id.in_(_ANY_OF), _is_due(_AT))
    .order_by(*_ORDER)
    .limit(_MOST)
    .with_for_update(skip_locked=True)
    .cte("free")
)
_TAKE = (
    update(Notification)
    .where(Notification.id.in_(select(_FREE.c.id)))
    .values(
        claim=Notification.claim + 1,
        claimed_until=bindparam("until", type_=UTCDateTime),
        lost_claims=Notification.lost_claims + case((WAS_CLAIMED, 1), else_=0),
    )
    .returning(Notification)
    .execution_options(populate_existing=True, synchronize_session=False)
)
_HELD = select(Notification.id).where(
    Notification.id == _ID,
    Notification.claim == _NUMBER,
    Notification.claimed_until > _AT,
    Notification.status.in_(WAITING),
)
_SENT = (
    update(Notification)
    .where(Notification.id == _ID, Notification.claim == _NUMBER, Notification.status.in_(WAITING))
    .values(status="sent", sent_at=_AT, error="", lost_claims=0, **DONE)
    .execution_options(synchronize_session=False)
)
_OF_CLAIM = (
    select(Notification)
    .where(Notification.id == _ID, Notification.claim == _NUMBER, Notification.status.in_(WAITING))
    .with_for_update(of=Notification)
    .execution_options(populate_existing=True)
)


def claim(notification_id: int, *, at: datetime) -> Notification | None:
    """The mail under a new number; None when another sender has it or it is not due any more."""
    return next(iter(claim_some([notification_id], most=1, at=at)), None)


def claim_some(ids: Sequence[int], *, most: int, at: datetime) -> list[Notification]:
    """Up to so many of these mails, each under a new number, in their order; less what other senders have by now.

    One conditional UPDATE; on PostgreSQL a row that another sender is just claiming is skipped, not waited for. A claim
    that ended without a word of how it went (the sender was killed) is counted.
    """
    found = db.session.scalars(_TAKE, {"mails": ids, "most": most, "at": at, "until": at + CLAIM})
    return sorted(found, key=lambda one: ids.index(one.id))


def is_held(notification_id: int, number: int, *, at: datetime) -> bool:
    """Whether this claim is still the newest and has not ended: asked again right before the mail is handed over."""
    asked = {"mail": notification_id, "number": number, "at": at}
    return db.session.connection().execute(_HELD, asked).first() is not None


def find_held(notification_id: int, number: int) -> Notification | None:
    """The waiting mail of that claim, locked; None where another sender has taken over since."""
    found: Notification | None = db.session.scalar(_OF_CLAIM, {"mail": notification_id, "number": number})
    return found


def mark_sent(notification_id: int, number: int, *, at: datetime) -> bool:
    """Written down in one statement; False where another sender has taken over. Nothing secret is kept (`DONE`)."""
    told = {"mail": notification_id, "number": number, "at": at}
    return db.session.connection().execute(_SENT, told).rowcount == 1
