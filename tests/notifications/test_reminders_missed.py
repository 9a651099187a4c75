"""Reminders that come too late: after an outage the useful are sent, the rest is marked missed and never sent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.extensions import db
from app.notifications.reminder_models import ReminderRule
from app.visits import lifecycle
from app.visits.models import Visit
from tests.cast import OLA
from tests.harness.web import Mailbox
from tests.notifications.reminding import MORNING_BEFORE, VISITOR, Clock, Store, make_visit, rows, run


def test_after_an_outage_the_useful_are_sent_and_the_rest_marked_missed(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    make_visit(store)
    clock.move_to(datetime(2027, 5, 10, 6, 30, tzinfo=UTC))  # the visit begins at 07:00 UTC
    run(app)
    assert {status for *_rest, status in rows(app, "day-before", "host-day-before")} == {"sent"}


def test_reminder_after_the_beginning_is_missed(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    make_visit(store)
    clock.move_to(datetime(2027, 5, 10, 7, 0, tzinfo=UTC))
    run(app)
    assert rows(app, "day-before", "host-day-before") == [
        ("day-before", VISITOR, "missed"),
        ("host-day-before", OLA.email, "missed"),
    ]
    assert mailbox.mails == []


def test_visit_that_ended_during_an_outage_leaves_a_row_that_says_missed(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    """Row RM-10: the scheduler was away from before the reminder was due until after the last stop."""
    visit_id = make_visit(store)
    clock.move_to(datetime(2027, 5, 10, 12, 30, tzinfo=UTC))
    with app.app_context():
        scheduler.advance()
    run(app)
    run(app)
    with app.app_context():
        assert db.session.get_one(Visit, visit_id).status == "completed"
    assert rows(app, "day-before", "host-day-before") == [
        ("day-before", VISITOR, "missed"),
        ("host-day-before", OLA.email, "missed"),
    ]
    assert [mail["Subject"] for mail in mailbox.to(VISITOR)] == []


@pytest.mark.parametrize("is_derived", [False, True])
def test_reminder_in_own_words_of_what_has_begun_is_missed(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, is_derived: bool
) -> None:
    """Whether the scheduler was away when it became due, or the sender when it was to leave."""
    make_visit(store)
    with store() as session:
        rule = session.scalars(select(ReminderRule).where(ReminderRule.slug == "day-before")).one()
        rule.kind, rule.words = "reminder", {"en": {"subject": "Bring boots", "text": "It will be wet."}}
    clock.move_to(MORNING_BEFORE)
    if is_derived:
        with app.app_context():
            scheduler.remind()
    clock.move_to(datetime(2027, 5, 10, 7, 1, tzinfo=UTC))
    run(app)
    assert rows(app, "reminder") == [("reminder", VISITOR, "missed")]
    assert mailbox.to(VISITOR) == []


def test_visit_confirmed_after_nine_needs_no_reminder(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    clock.move_to(MORNING_BEFORE + timedelta(hours=2))
    visit_id = make_visit(store, "proposed")
    with store() as session:
        lifecycle.accept(session.get_one(Visit, visit_id))
    run(app)
    assert rows(app, "day-before", "host-day-before") == []
