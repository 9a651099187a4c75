"""Digests: what is due for one person at the same time becomes one mail with a section for each.

The parts stay rows of their own: each is compared with the present again whenever the digest is sent, and what is not
true any more drops out. A mail that brings something to a calendar, or that somebody waits for, goes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update

from app.extensions import db
from app.notifications.batches import ALONE, is_in_the_making, is_unclaimed
from app.notifications.calendar_part import part_for
from app.notifications.groups import DIGESTS
from app.notifications.models import Notification

MOST = 25  # sections of one mail


def first_ids(*, at: datetime) -> Sequence[int]:
    """For each person with several mails due now, the one that waits longest."""
    person = Notification.user_id, Notification.address, _visit_of_visitor()
    first = func.min(case((is_unclaimed(at), Notification.id)))
    query = select(first).where(_is_free(at)).group_by(*person).having(func.count() > 1, first.is_not(None))
    return db.session.scalars(query.order_by(first)).all()


def gather(notification_id: int, *, at: datetime) -> Notification | None:
    """One mail for everything that is due for this person now; None where fewer than two may go together."""
    first = db.session.get(Notification, notification_id)
    if first is None:
        return None
    same = [Notification.user_id == first.user_id, Notification.address == first.address]
    if first.user_id is None:
        same.append(Notification.visit_id == first.visit_id)
    query = select(Notification).where(_is_free(at), *same).order_by(Notification.next_attempt_at, Notification.id)
    locked = query.limit(MOST).with_for_update(skip_locked=True, of=Notification)
    found = [one for one in db.session.scalars(locked) if not one.facts.get("urgent") and not part_for(one).text]
    return _digest_of(found, at) if len(found) > 1 else None


def parts_of(digest: Notification) -> Sequence[Notification]:
    """The mails that it brings, in the order in which they became due."""
    query = select(Notification).where(Notification.part_of_id == digest.id, Notification.status == "gathered")
    return db.session.scalars(query.order_by(Notification.due_at, Notification.id)).all()


def settle_parts(digest: Notification, status: str, *, at: datetime | None) -> None:
    """What became of the digest became of its parts."""
    if digest.kind in DIGESTS and status in ("sent", "failed", "dropped"):
        parts = update(Notification).where(
            Notification.part_of_id == digest.id, Notification.status.in_(("gathered", "failed"))
        )
        db.session.execute(parts.values(status=status, sent_at=at))


def gather_again(digest: Notification) -> None:
    """A digest that failed is tried anew, with its parts."""
    parts = update(Notification).where(Notification.part_of_id == digest.id, Notification.status == "failed")
    db.session.execute(parts.values(status="gathered"))


def _visit_of_visitor() -> ColumnElement[int]:
    """A visitor is one person for each visit: the secret link is the visit's."""
    return func.coalesce(Notification.user_id * 0, Notification.visit_id)


def _is_free(at: datetime) -> ColumnElement[bool]:
    """Due, never tried, in no sender's hands (at most another run makes it), and of a kind that can share a mail."""
    unclaimed = or_(is_unclaimed(at), is_in_the_making())
    return and_(
        Notification.status == "due", Notification.next_attempt_at <= at, Notification.attempts == 0, unclaimed,
        Notification.kind.not_in(ALONE),
    )  # fmt: skip


def _digest_of(parts: Sequence[Notification], at: datetime) -> Notification:
    first, visits = parts[0], {part.visit_id for part in parts}
    digest = Notification(
        key=f"digest:{first.id}", kind="host-digest" if first.user_id else "digest",
        visit_id=first.visit_id if len(visits) == 1 else None, user_id=first.user_id, address=first.address,
        language=first.language, facts={"about": {}, "state": {}}, due_at=at, created_at=at,
        next_attempt_at=first.next_attempt_at,  # a clock that ran ahead for a while keeps it no longer than its parts
    )  # fmt: skip
    db.session.add(digest)
    db.session.flush()
    for part in parts:
        part.status, part.part_of_id, part.next_attempt_at, part.claimed_until = "gathered", digest.id, None, None
    db.session.flush()
    return digest
