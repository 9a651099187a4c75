"""A rule that tells contact persons of what happened: to their appointment, or to the whole visit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.notifications.activity_stops import BEFORE_ANY
from app.notifications.reminder_rules import VERBS
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from tests import factories
from tests.cast import OLA, ULRIK
from tests.harness.web import Mailbox
from tests.notifications.reminding import Clock, Store, make_visit, rows, run
from tests.notifications.test_reminder_rules_edited import add

AT_ONCE = {"amount": 0, "unit": "hours", "direction": "after", "clock": "exact", "anchor": "activity"}


def told(app: Flask) -> list[str]:
    return [to for _kind, to, _status in rows(app, "host-reminder")]


def add_rule(store: Store, verb: str) -> None:
    add(store, verb, **AT_ONCE, verb=verb, audience=["contacts"], kind="host-reminder")


def test_the_contact_of_an_appointment_that_was_moved_is_told_and_no_other(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    visit_id = make_visit(store)
    with store() as session:
        ulrik = session.scalars(select(User).where(User.email == ULRIK.email)).one()
        visit = session.get_one(Visit, visit_id)
        factories.make_appointment(visit, user=ulrik, start="14:00", end="15:00", title="Pumps")
    add_rule(store, "move-appointment")
    clock.shift(timedelta(minutes=1))
    with store() as session:
        stop = session.get_one(Visit, visit_id).appointments[0]
        assert stop.contact is not None
        ola = stop.contact
        plan = lifecycle.Plan(
            title=stop.title, host=stop.host, contact=ola, place_text=stop.place_text,
            starts_at=stop.starts_at + timedelta(minutes=30), ends_at=stop.ends_at + timedelta(minutes=30),
        )  # fmt: skip
        lifecycle.move_appointment(stop, plan, by=by_user(ola, ola.hosts[0]))
    clock.shift(timedelta(minutes=1))
    run(app)
    assert told(app) == [OLA.email]


def test_contacts_are_told_of_a_visit_that_was_cancelled(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    visit_id = make_visit(store)
    add_rule(store, "cancel")
    clock.shift(timedelta(minutes=1))
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        lifecycle.cancel(session.get_one(Visit, visit_id), reason="Storm", by=by_user(ola, ola.hosts[0]), at=now())
    clock.shift(timedelta(minutes=1))
    run(app)
    assert told(app) == [OLA.email]


@pytest.mark.one_engine
def test_what_happens_before_any_programme_is_among_what_can_happen() -> None:
    assert set(BEFORE_ANY) < set(VERBS)
