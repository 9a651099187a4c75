"""What tests of reminders share: a visit on 10 May, a minute of the scheduler, and the rows it left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications.models import Notification
from app.visits.models import Activity
from tests import factories
from tests.cast import OLA, ULRIK, bring

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller
VISITOR = factories.WATER.contact_email
MORNING_BEFORE = datetime(2027, 5, 9, 7, 0, tzinfo=UTC)  # 09:00 summer time, the day before 10 May


def make_visit(store: Store, step: str = "confirmed", **changes: object) -> int:
    """A visit at that step, led by Ola's host, about which nothing more is to be told; its id."""
    with store():
        ola, _ulrik = bring(OLA, ULRIK)
        visit = factories.make_visit(step, user=ola, **changes)
        db.session.execute(Activity.__table__.update().values(announced_at=now()))
        return visit.id


def run(app: Flask) -> None:
    """What the scheduler does within a minute."""
    with app.app_context():
        scheduler.remind()
        scheduler.tell()


def rows(app: Flask, *kinds: str) -> list[tuple[str, str, str]]:
    """Kind, address and status of the mails of these kinds."""
    with app.app_context():
        query = select(Notification).where(Notification.kind.in_(kinds)).order_by(Notification.id)
        return [(row.kind, row.address, row.status) for row in db.session.scalars(query)]
