"""A visit whose days have passed without the visitor's last yes: it is completed where that is sure, else settled."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core.errors import IllegalMove
from app.core.time import now
from app.extensions import db
from app.jobs.passing import advance
from app.jobs.telling import announce
from app.notifications.models import Notification
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.todos import todos_of
from app.visits.waiting import Heading, waiting_cases
from tests import factories
from tests.cast import KARI, OLA, bring
from tests.notifications.town import Store, plan_of
from tests.web.office import Office, open_office

Clock = time_machine.Traveller
DAY = timedelta(days=1)


def ola() -> User:
    return db.session.scalars(select(User).where(User.email == OLA.email)).one()


def lead() -> object:
    return by_user(ola(), ola().hosts[0])


def ask_for_change(visit: Visit) -> None:
    lifecycle.ask_for_change(visit, text="A day later, please.", at=now())


def move_and_propose(visit: Visit) -> None:
    (stop,) = visit.appointments
    later = plan_of(stop, starts_at=stop.starts_at + DAY, ends_at=stop.ends_at + DAY)
    lifecycle.move_appointment(stop, later, by=lead(), at=now())  # type: ignore[arg-type]
    lifecycle.propose(visit, by=lead(), at=now())  # type: ignore[arg-type]


def give_away(visit: Visit) -> None:
    """To the same host: the programme stands as the visitor said yes to it."""
    kari = db.session.scalars(select(User).where(User.email == KARI.email)).one()
    lifecycle.release(visit, reason="Ill.", by=lead(), at=now())  # type: ignore[arg-type]
    lifecycle.reassign(visit, ola().hosts[0], reason="Well again.", by=by_user(kari), at=now())


def confirmed(store: Store) -> int:
    with store():
        bring(KARI, OLA)
        return factories.make_visit("confirmed", user=ola(), at=now()).id


def over(session: object = None) -> datetime:
    """A while after the last stop."""
    return max(db.session.scalars(select(Appointment.ends_at))) + timedelta(hours=1)


@pytest.mark.parametrize(
    ("change", "status", "told"),
    [(ask_for_change, "claimed", True), (move_and_propose, "proposed", True), (give_away, "completed", False)],
)
def test_what_surely_took_place_is_completed_and_of_the_rest_lead_and_coordinators_are_alarmed_once(
    app: Flask, store: Store, clock: Clock, change: object, status: str, told: bool
) -> None:
    visit_id = confirmed(store)
    with store() as session:
        change(session.get_one(Visit, visit_id))  # type: ignore[operator]
        ends = over()
    clock.move_to(ends - timedelta(hours=3))
    with app.app_context():
        advance()
    with store() as session:
        assert session.get_one(Visit, visit_id).status != "completed"
    clock.move_to(ends)
    for _ in range(2):
        with app.app_context():
            advance()
            announce()
        clock.shift(timedelta(minutes=2))
    with store() as session:
        visit = session.get_one(Visit, visit_id)
        mails = select(Notification.address).where(Notification.kind == "days-passed").order_by(Notification.address)
        people = sorted({*session.scalars(select(User.email).where(User.is_coordinator)), OLA.email})
        assert visit.status == status
        assert list(session.scalars(mails)) == (people if told else [])
        cases = [(case.heading, case.alarm) for case in waiting_cases(at=now())]
        assert cases == ([(Heading.ALARM, "days-passed")] if told else [])
        assert [todo.kind for todo in todos_of(ola(), at=now())][:1] == (["settle"] if told else ["report"])


def test_it_is_told_again_when_the_new_days_pass_too(app: Flask, store: Store, clock: Clock) -> None:
    visit_id = confirmed(store)
    with store() as session:
        move_and_propose(session.get_one(Visit, visit_id))
    for _ in range(2):
        with store():
            ends = over()
        clock.move_to(ends)
        with app.app_context():
            advance()
        with store() as session:
            (stop,) = session.get_one(Visit, visit_id).appointments
            later = plan_of(stop, starts_at=now() + DAY, ends_at=now() + DAY + timedelta(hours=1))
            lifecycle.move_appointment(stop, later, by=lead(), at=now())  # type: ignore[arg-type]
    with store() as session:
        assert [one.verb for one in session.get_one(Visit, visit_id).activities].count("pass-by") == 2


def test_nobody_says_that_it_took_place_before_its_days_have_passed(store: Store, clock: Clock) -> None:
    visit_id = confirmed(store)
    with store() as session:
        ask_for_change(session.get_one(Visit, visit_id))
        with pytest.raises(IllegalMove):
            lifecycle.complete(session.get_one(Visit, visit_id), by=lead(), at=now())  # type: ignore[arg-type]


@pytest.fixture
def office(app: Flask, store: Store, clock: Clock) -> Office:
    return open_office(app, store)


def test_lead_host_settles_it_from_the_inbox_and_then_reports(office: Office, store: Store, clock: Clock) -> None:
    with store():
        visit = factories.make_visit("confirmed", user=ola(), at=now())
        ask_for_change(visit)
        ref, ends = visit.ref, over()
    address = f"/visits/{ref}/complete"
    browser = office.browser(OLA)
    assert browser.get(address).status_code == 403
    clock.move_to(ends)
    browser, kari = office.browser(OLA), office.browser(KARI)
    assert f'href="{address}"' in browser.get("/inbox").text
    assert f'href="{address}"' in browser.get(f"/visits/{ref}").text
    assert f'href="{address}"' in kari.get("/triage").text
    assert "Did the visit from" in browser.get(address).text
    answer = browser.post(address, follow_redirects=True)
    assert "It is recorded that the visit took place." in answer.text
    assert f'href="/visits/{ref}/report"' in answer.text
    assert browser.post(address).status_code in (403, 409)
