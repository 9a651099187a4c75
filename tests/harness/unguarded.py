"""The application with one guard or another taken away: tests of faults are seen to fail without it.

A web node runs `tests.harness.unguarded:answers()`, a scheduler `tests.harness.unguarded:claims` or `:too_late`; limits
of the database are taken away by settings. Nothing of this is in the application.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from app.extensions import db
from app.notifications import outbox, reminders, write
from app.notifications.claims import WAITING
from app.notifications.message import Letter
from app.notifications.models import Notification

NO_LIMITS = {"DATABASE_STATEMENT_SECONDS": "3000", "DATABASE_LOCK_SECONDS": "3000"}


def answers() -> Flask:
    """Trouble with the database is any other error: no 503, no word of when to return; dead connections stay."""
    app = create_app()
    with app.app_context():
        db.engine.pool._pre_ping = False
    for handlers in app.error_handler_spec[None].values():
        for trouble in (SQLAlchemyError, OSError):
            handlers.pop(trouble, None)
    return app


def claims() -> Flask:
    """Whoever sees that a mail is due sends it: looked up, then sent, without taking it first."""

    def look_up(ids: Sequence[int], *, most: int, at: datetime) -> list[Notification]:
        waiting = select(Notification).where(Notification.id.in_(ids), Notification.status.in_(WAITING))
        found = db.session.scalars(waiting.limit(most), execution_options={"populate_existing": True})
        return sorted(found, key=lambda one: ids.index(one.id))

    def may_go(_letter: Letter, *, at: datetime) -> bool:
        return True

    outbox.claim_some, outbox.may_go = look_up, may_go
    return create_app()


def too_late() -> Flask:
    """Nothing is ever too late to be told."""

    def never(*_about: object, **_more: object) -> bool:
        return False

    outbox.is_too_late = write.is_too_late = outbox.has_begun = reminders._is_over = never
    return create_app()
