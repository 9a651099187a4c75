"""Confirming, cancelling and moving at once: what may come of it, and what is told; used shortly and at length."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications.groups import DIGESTS
from app.notifications.models import Notification
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Activity, Visit
from app.visits.programme_models import Appointment
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.visits.test_races import at_once

FIRST = date(2027, 5, 10)


def proposed_visit(app: Flask, user_id: int, number: int) -> tuple[int, int]:
    """A proposed visit with two stops on a day of its own: its id, and that of the stop at noon."""
    with app.app_context():
        user, day = db.session.get_one(User, user_id), FIRST + timedelta(days=number)
        visit = make_visit("claimed", user=user)
        visit.invitations = "together"  # few mails, so that each can be counted
        make_appointment(visit, user=user, day=day)
        stop = make_appointment(visit, user=user, day=day, start="12:00", end="13:00", title="Lunch")
        lifecycle.propose(visit, by=by_user(user, user.hosts[0]), at=cast.MONDAY + timedelta(hours=5))
        db.session.query(Activity).filter(Activity.announced_at.is_(None)).update({"announced_at": now()})
        db.session.commit()
        return visit.id, stop.id


def collide(app: Flask, user_id: int, visit_id: int, stop_id: int, *, whole: bool) -> Counter[str]:
    """The visitor accepts, somebody moves a stop, and somebody else cancels the visit (or that stop), at once."""

    def accept() -> str:
        lifecycle.accept(db.session.get_one(Visit, visit_id))
        return "accept"

    def cancel() -> str:
        user = db.session.get_one(User, user_id)
        if whole:
            lifecycle.cancel(db.session.get_one(Visit, visit_id), reason="Storm", by=by_user(user, user.hosts[0]))
        else:
            lifecycle.remove_appointment(db.session.get_one(Appointment, stop_id), by=by_user(user, user.hosts[0]))
        return "cancel"

    def move() -> str:
        user, stop = db.session.get_one(User, user_id), db.session.get_one(Appointment, stop_id)
        plan = lifecycle.moved(stop, starts_at=stop.starts_at + timedelta(minutes=30))
        lifecycle.move_appointment(stop, plan, by=by_user(user, user.hosts[0]))
        return "move"

    return at_once(app, [accept, cancel, move])


def faults_of(app: Flask, visit_id: int, stop_id: int, results: Counter[str], *, whole: bool) -> list[str]:
    """What is not as it must be in the end: statuses, history, and the visitor's mails."""
    with app.app_context():
        scheduler.tell()
        visit = db.session.get_one(Visit, visit_id)
        stops = {stop.id: stop.status for stop in visit.appointments}
        verbs = [VERBS[one.verb] for one in visit.activities if one.verb in VERBS]
        ended = str(visit.status), stops
        query = select(Notification.kind).where(
            *(Notification.visit_id == visit_id, Notification.user_id.is_(None)),
            *(Notification.status == "sent", Notification.kind.not_in(DIGESTS)),
        )
        sent = Counter(db.session.scalars(query))
    carried_out = Counter({verb: count for verb, count in results.items() if verb in VERBS.values()})
    expected, mails = _end_of(verbs, stop_id, sorted(stops), whole=whole)
    found = [] if Counter(verbs) == carried_out else [f"history {verbs}, carried out {dict(results)}"]
    found += [] if ended == expected else [f"{ended} after {verbs}"]
    return found + ([] if sent == mails else [f"mails {dict(sent)} after {verbs}"])


VERBS = {"accept": "accept", "move-appointment": "move", "cancel": "cancel", "remove-appointment": "cancel"}
End = tuple[tuple[str, dict[int, str]], dict[str, int]]


def _end_of(verbs: list[str], stop_id: int, stops: list[int], *, whole: bool) -> End:
    """What this history must have led to: the visit's status and its stops', and what the visitor is mailed.

    The visitor was mailed nothing in between: who is told late is told only what is still so.
    """
    if whole and "cancel" in verbs:
        return ("cancelled", dict.fromkeys(stops, "cancelled")), {"cancelled": 1}
    ended, mails = dict.fromkeys(stops, "confirmed"), {"confirmed": 1}
    if not whole and "cancel" in verbs:
        return ("confirmed", ended | {stop_id: "cancelled"}), mails | {"removed": 1}
    return ("confirmed", ended), mails | ({"moved": 1} if verbs == ["accept", "move"] else {})


def bystander(app: Flask, visit_id: int) -> list[tuple[object, ...]]:
    """Another visit and its stops, as the database has them."""
    with app.app_context():
        rows = [db.session.execute(select(Visit.__table__).where(Visit.id == visit_id)).all()]
        rows.append(db.session.execute(select(Appointment.__table__).where(Appointment.visit_id == visit_id)).all())
        return [tuple(row) for part in rows for row in part]
