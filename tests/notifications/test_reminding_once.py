"""After an outage, rules of several distances say one thing about one event once: the nearest in its own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app import scheduler
from tests.cast import OLA, ULRIK
from tests.harness.web import Mailbox
from tests.notifications.reminding import MORNING_BEFORE, VISITOR, Clock, Store, make_visit, run
from tests.notifications.test_reminder_rules_edited import add, edit

TWO_DAYS_BEFORE = datetime(2027, 5, 8, 7, 0, tzinfo=UTC)
BRIEFING = {"anchor": "visit-start", "audience": ["lead", "co-hosts", "backup"], "kind": "briefing", "words": {}}


def texts_to(mailbox: Mailbox, address: str) -> list[str]:
    return [mail.get_body(("plain",)).get_content() for mail in mailbox.to(address)]  # type: ignore[union-attr]


@pytest.fixture
def two_briefings(app: Flask, store: Store, mailbox: Mailbox) -> None:
    """One two days before, and one the day before, as the day before has for contact persons."""
    make_visit(store)
    edit(store, "briefing", amount=2)
    add(store, "nearer", **BRIEFING)


@pytest.mark.parametrize("order", [99, -1])
def test_two_distances_that_an_outage_makes_due_at_once_say_it_once(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_briefings: None, order: int
) -> None:
    edit(store, "own-nearer", position=order)
    clock.move_to(MORNING_BEFORE + timedelta(minutes=1))
    run(app)
    run(app)
    (text,) = texts_to(mailbox, OLA.email)
    assert (text.count("Briefing: visit from"), text.count("The programme for Monday 10 May")) == (1, 1)
    (mail,) = mailbox.to(ULRIK.email)
    assert mail["Subject"].startswith("Orientering: besøk fra")


def test_without_an_outage_each_distance_reminds(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_briefings: None
) -> None:
    for at in (TWO_DAYS_BEFORE, MORNING_BEFORE):
        clock.move_to(at + timedelta(minutes=1))
        run(app)
    assert len(mailbox.to(ULRIK.email)) == 2


def test_it_is_said_in_the_words_of_the_nearest_rule(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_briefings: None
) -> None:
    words = {language: {"subject": "Tomorrow", "body": "Tomorrow they come."} for language in ("en", "nb", "nn")}
    edit(store, "own-nearer", words=words)
    clock.move_to(MORNING_BEFORE + timedelta(minutes=1))
    run(app)
    assert [mail["Subject"] for mail in mailbox.to(ULRIK.email)] == ["Tomorrow"]


def test_different_words_of_the_citys_own_are_different_things(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    make_visit(store)
    add(store, "Bring boots", amount=2)
    add(store, "Bring coats")
    clock.move_to(MORNING_BEFORE + timedelta(minutes=1))
    run(app)
    (text,) = texts_to(mailbox, VISITOR)
    assert ("Bring boots" in text, "Bring coats" in text) == (True, True)


def test_nearer_rule_that_is_switched_off_in_between_leaves_it_to_the_other(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, two_briefings: None
) -> None:
    clock.move_to(MORNING_BEFORE + timedelta(minutes=1))
    with app.app_context():
        scheduler.remind()
    edit(store, "own-nearer", is_on=False)
    run(app)
    run(app)
    assert len(mailbox.to(ULRIK.email)) == 1
