"""The notification centre: everything that concerns a person, read from the same rows as the mails.

Nobody depends on mail: a row is a notice from the moment it is due, whether its mail has left, waits for the morning,
failed or is not wanted at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.notifications.groups import GROUP_OF
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.people.models import User
from app.visits.models import Visit
from app.visits.queries import seen_by

PAGE_SIZE = 30
GONE = ("superseded", "missed", "dropped")  # what is not true, or was over before it was told
# What may be read by whoever has lost sight of the visit by that very event.
FAREWELLS = tuple(kind for kind, one in KINDS.items() if not one.page and kind in GROUP_OF)


def unread_count(user: User, *, at: datetime) -> int:
    """How many notices the person has not marked as read."""
    query = select(func.count()).select_from(Notification).outerjoin(Notification.visit)
    return db.session.scalar(query.where(_shown_to(user, at), Notification.read_at.is_(None))) or 0


def notices_of(user: User, *, unread: bool, page: int, at: datetime) -> tuple[Sequence[Notification], int, int]:
    """One page of the notices, the newest first; its number within bounds, and how many pages there are."""
    state = Notification.read_at.is_(None) if unread else Notification.read_at.is_not(None)
    shown = and_(_shown_to(user, at), state)
    total = db.session.scalar(select(func.count()).select_from(Notification).outerjoin(Notification.visit).where(shown))
    pages = max(1, -(-(total or 0) // PAGE_SIZE))
    number = min(max(page, 1), pages)
    query = select(Notification).outerjoin(Notification.visit).where(shown).options(joinedload(Notification.visit))
    query = query.order_by(Notification.due_at.desc(), Notification.id.desc())
    return db.session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all(), number, pages


def mark_read(user: User, *, only: int | None = None, at: datetime) -> int:
    """One notice, or all that are shown now, as read at that moment; how many that were."""
    ids = (
        select(Notification.id).outerjoin(Notification.visit).where(_shown_to(user, at), Notification.read_at.is_(None))
    )
    if only is not None:
        ids = ids.where(Notification.id == only)
    return _set_read(ids.subquery(), at)


def mark_unread(user: User, *, only: int | None = None, read_at: datetime | None = None) -> int:
    """Undo: one notice, or all that were marked at that very moment; how many that were."""
    ids = select(Notification.id).where(Notification.user_id == user.id, Notification.read_at.is_not(None))
    ids = ids.where(Notification.id == only) if only is not None else ids.where(Notification.read_at == read_at)
    return _set_read(ids.subquery(), None)


def _set_read(ids: object, at: datetime | None) -> int:
    changed = update(Notification).where(Notification.id.in_(select(ids))).values(read_at=at)  # type: ignore[call-overload]
    return db.session.connection().execute(changed).rowcount


def _shown_to(user: User, at: datetime) -> ColumnElement[bool]:
    """Theirs, due, still worth knowing, and about a visit that they may see."""
    return and_(
        Notification.user_id == user.id,
        Notification.kind.in_(tuple(GROUP_OF)),
        Notification.status.not_in(GONE),
        Notification.due_at <= at,
        or_(Visit.id.is_(None), Notification.kind.in_(FAREWELLS), seen_by(user)),
    )
