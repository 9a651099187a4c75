"""Races are decided by the database: many claim at once and one wins; many book one slot and one gets it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask

from app.core.errors import AlreadyClaimed, DayFull, IllegalMove, Overlap
from app.extensions import db
from app.people.actors import SYSTEM, by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Activity, Visit
from app.visits.programme_models import Appointment
from tests import cast
from tests.factories import make_appointment, make_visit

RIVALS = 8


def at_once(app: Flask, works: list[Callable[[], str]]) -> Counter[str]:
    """Run every piece of work in its own thread and transaction, started together; counts what each returned."""
    barrier, results = Barrier(len(works)), Counter[str]()

    def run(work: Callable[[], str]) -> None:
        with app.app_context():
            barrier.wait()
            try:
                result = work()
                db.session.commit()
            except (AlreadyClaimed, DayFull, IllegalMove, Overlap) as refused:
                db.session.rollback()
                result = type(refused).__name__
            results[result] += 1

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def rivals(app: Flask) -> list[int]:
    """Ids of members of different hosts."""
    slugs = ("byutvikling", "brannvesen", "uib", "hvl", "biblioteket", "byarkivet", "vnb", "bymuseet")
    with app.app_context():
        people = [cast.Person(f"{slug}@example.org", slug.title(), hosts=(slug,)) for slug in slugs]
        ids = [user.id for user in cast.bring(*people)]
        db.session.commit()
    return ids


def test_of_many_claims_exactly_one_wins(app: Flask, rivals: list[int]) -> None:
    with app.app_context():
        users = [db.session.get_one(User, user_id) for user_id in rivals]
        visit = make_visit("offered", user=users[0])
        for user in users[1:]:
            lifecycle.offer(visit, user.hosts[0], part="lead", by=SYSTEM, at=cast.MONDAY)
        db.session.commit()
        visit_id = visit.id

    def claim(user_id: int) -> str:
        user = db.session.get_one(User, user_id)
        lifecycle.claim(db.session.get_one(Visit, visit_id), user.hosts[0], by=by_user(user, user.hosts[0]))
        return "won"

    results = at_once(app, [lambda user_id=user_id: claim(user_id) for user_id in rivals])
    assert results == {"won": 1, "AlreadyClaimed": RIVALS - 1}
    with app.app_context():
        visit = db.session.get_one(Visit, visit_id)
        claims = db.session.query(Activity).filter_by(visit_id=visit_id, verb="claim").all()
        assert [activity.host_id for activity in claims] == [visit.lead_host_id]
        assert Counter(o.status for o in visit.offers if o.part == "lead") == {"claimed": 1, "closed": RIVALS - 1}


def test_of_many_bookings_of_one_person_exactly_one_stands(app: Flask, rivals: list[int]) -> None:
    with app.app_context():
        users = [db.session.get_one(User, user_id) for user_id in rivals]
        visits = [make_visit("claimed", user=user).id for user in users]
        db.session.commit()

    def book(visit_id: int, user_id: int) -> str:
        user, wanted = db.session.get_one(User, user_id), db.session.get_one(User, rivals[0])
        make_appointment(db.session.get_one(Visit, visit_id), user=user, contact=wanted)
        return "booked"

    works = [lambda v=v, u=u: book(v, u) for v, u in zip(visits, rivals, strict=True)]
    assert at_once(app, works) == {"booked": 1, "Overlap": RIVALS - 1}
    with app.app_context():
        assert db.session.query(Appointment).count() == 1


def test_confirm_and_withdraw_at_once_leave_a_legal_end(app: Flask, rivals: list[int]) -> None:
    with app.app_context():
        visit_id = make_visit("proposed", user=db.session.get_one(User, rivals[0])).id
        db.session.commit()

    def accept() -> str:
        lifecycle.accept(db.session.get_one(Visit, visit_id))
        return "accepted"

    def withdraw() -> str:
        lifecycle.withdraw(db.session.get_one(Visit, visit_id))
        return "withdrawn"

    at_once(app, [accept, withdraw])
    with app.app_context():
        visit = db.session.get_one(Visit, visit_id)
        expected = "cancelled" if visit.status == "withdrawn" else "confirmed"
        assert {a.status for a in visit.appointments} == {expected}
        assert visit.status in ("withdrawn", "confirmed")
