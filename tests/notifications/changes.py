"""Row RM-8: reminders that are ready to go, and then what they speak of changes; rounds to be counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import func, select

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications.models import Notification
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Activity, Visit
from tests import factories
from tests.cast import OLA, ULRIK
from tests.notifications.town import Store, plan_of, user

MORNING_BEFORE = datetime(2027, 5, 9, 7, 0, tzinfo=UTC)  # 09:00 summer time, the day before 10 May
WAYS = ("cancel", "move-day", "move-hour", "remove-attendee")
REMINDERS = ("day-before", "host-day-before")


@dataclass
class Count:
    """What came of all rounds."""

    rounds: int = 0
    dead: int = 0  # reminders sent of what is not so any more
    renewed: int = 0  # made anew for the same day, with the new hour
    expected: int = 0

    def as_figures(self) -> dict[str, int]:
        return {"changed": self.rounds, "of_dead_facts": self.dead, "renewed": self.renewed}


def change_before_sending(app: Flask, store: Store, *, rounds: int) -> Count:
    """Derive, change, send: in turn a visit is cancelled, moved to another day or hour, its contact person replaced.

    Goes by the outbox itself: what it says it sent. The clock must stand at MORNING_BEFORE.
    """
    count = Count()
    for number in range(rounds):
        with store():
            visit_id = _make_visit(number)
        with app.app_context():
            scheduler.remind()
        before = _last_id(app)
        with store():
            _change(db.session.get_one(Visit, visit_id), WAYS[number % len(WAYS)])
        with app.app_context():
            scheduler.tell()
            scheduler.remind()
            scheduler.tell()
            _judge(count, visit_id, WAYS[number % len(WAYS)], before)
    return count


def _make_visit(number: int) -> int:
    visit = factories.make_visit("confirmed", user=user(OLA), contact_email=f"visitor{number}@example.org")
    # each round has its own hours: nobody may be double-booked
    db.session.execute(Activity.__table__.update().values(announced_at=now()))
    return visit.id


def _last_id(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.max(Notification.id))) or 0


def _change(visit: Visit, way: str) -> None:
    ola, ulrik = user(OLA), user(ULRIK)
    (stop,) = visit.appointments
    actor = by_user(ola, ola.hosts[0])
    later = {"move-day": timedelta(days=3), "move-hour": timedelta(minutes=30)}.get(way)
    if way == "cancel":
        lifecycle.cancel(visit, reason="Storm", by=actor)
    elif later is not None:
        plan = plan_of(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
        lifecycle.move_appointment(stop, plan, by=actor)
    else:
        lifecycle.move_appointment(stop, plan_of(stop, contact=ulrik), by=actor)


def _judge(count: Count, visit_id: int, way: str, before: int) -> None:
    """Nothing derived before the change is sent, except to those for whom nothing changed; then clear the day."""
    visit = db.session.get_one(Visit, visit_id)
    of_visit = Notification.visit_id == visit_id, Notification.kind.in_(REMINDERS), Notification.status == "sent"
    old = db.session.scalars(select(Notification).where(*of_visit, Notification.id <= before)).all()
    new = db.session.scalars(select(Notification).where(*of_visit, Notification.id > before)).all()
    untouched = [row for row in old if way == "remove-attendee" and row.user_id is None]
    count.rounds += 1
    count.dead += len(old) - len(untouched)
    count.renewed += len(new)
    count.expected += {"cancel": 0, "move-day": 0, "move-hour": 2, "remove-attendee": 1}[way]
    if way != "cancel":
        ola = db.session.scalars(select(User).where(User.email == OLA.email)).one()
        lifecycle.cancel(visit, reason="The round is over", by=by_user(ola, ola.hosts[0]))
        db.session.commit()
