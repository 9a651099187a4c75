"""Reading the outbox: what was sent, what waits, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.core.errors import NotFound
from app.extensions import db
from app.notifications.failures import KIND as MAIL_FAILED
from app.notifications.models import Notification
from app.visits.models import Visit

WAITING, HELD, SENT, NOTED, FAILED, DROPPED = "waiting", "held", "sent", "noted", "failed", "dropped"
# What a person looks for -> the statuses of rows.
STATES: dict[str, tuple[str, ...]] = {
    WAITING: ("due", "rendered", "gathered"),
    HELD: ("held",),
    SENT: ("sent",),
    NOTED: ("noted",),
    FAILED: ("failed",),
    DROPPED: ("superseded", "missed", "dropped"),
}
PAGE_SIZE = 50
PATIENCE, AWAY_PATIENCE = timedelta(minutes=15), timedelta(minutes=3)


def state_of(mail: Notification) -> str:
    """The state that a person would call it by."""
    return next(state for state, statuses in STATES.items() if mail.status in statuses)


def mails_where(*, state: str = "", ref: str = "", kind: str = "") -> Select[Notification]:
    """Mails in that state about that visit, of that kind, newest first; empty words mean all."""
    query = select(Notification).options(joinedload(Notification.visit)).order_by(Notification.id.desc())
    query = query.where(Notification.kind != MAIL_FAILED)  # a notice about a mail, listed itself already
    if state in STATES:
        query = query.where(Notification.status.in_(STATES[state]))
    if kind:
        query = query.where(Notification.kind == kind)
    if ref.strip():
        query = query.where(Notification.visit.has(Visit.ref == ref.strip().upper()))
    return query


def page_of(query: Select[Notification], number: int) -> tuple[Sequence[Notification], int]:
    """One page of the list and how many pages there are; numbers outside give the nearest page."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(max(number, 1), pages)
    return db.session.scalars(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)).all(), pages


def count_by_state() -> dict[str, int]:
    """How many mails are in each state."""
    counted = select(Notification.status, func.count()).where(Notification.kind != MAIL_FAILED)
    rows = db.session.execute(counted.group_by(Notification.status))
    by_status: dict[str, int] = dict(rows.all())
    return {state: sum(by_status.get(one, 0) for one in statuses) for state, statuses in STATES.items()}


def count_in(state: str) -> int:
    """How many mails are in that one state."""
    return db.session.scalar(select(func.count()).where(Notification.status.in_(STATES[state]))) or 0


def due_since() -> ColumnElement[datetime]:
    """Since when a waiting mail should have left: its first attempt, before that the moment it is kept until."""
    tried = func.coalesce(Notification.first_tried_at, Notification.due_at)
    return case((Notification.attempts > 0, tried), else_=Notification.next_attempt_at)


def count_stuck(*, at: datetime) -> int:
    """How many mails were tried and still wait: the mail server does not take them.

    One that was asked to come later (451, greylisting) counts after a quarter of an hour, one to a server that is away
    after three minutes.
    """
    is_away = Notification.away_at.is_not(None)
    waits = or_(due_since() <= at - PATIENCE, and_(is_away, due_since() <= at - AWAY_PATIENCE))
    stuck = (Notification.status.in_(STATES[WAITING]), Notification.attempts > 0, waits)
    return db.session.scalar(select(func.count()).where(*stuck)) or 0


def get_mail(mail_id: int) -> Notification:
    """The mail with that id; raises NotFound."""
    found = db.session.get(Notification, mail_id)
    if found is None:
        raise NotFound()
    return found
