"""A mail server on its bad days: rows RM-5, RM-6, RM-7, RM-12; at length in tests/acceptance/test_mail.py."""

from __future__ import annotations

import smtplib
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.core.time import now
from app.jobs import sending
from app.jobs.telling import tell
from app.notifications import claims, outbox, post
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from tests import factories
from tests.cast import KARI, OLA, ULRIK, bring
from tests.harness.smtp import BadDay
from tests.harness.web import CarefulClient
from tests.notifications.outbox_rows import Clock, Store, queue, rows, run


def test_greylisted_mails_and_a_server_that_hangs_up_lose_nothing(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    addresses = queue(app, store, 6)
    for number, address in enumerate(addresses):
        bad_day.plans[address].extend(["451"] * (number + 1) if number % 2 else ["421"])
    for _ in range(40):
        run(app)
        clock.shift(timedelta(minutes=10))
    assert sorted(mail.to for mail in bad_day.taken) == sorted(addresses)
    assert [row.attempts for row in rows(app)][1::2] == [3, 5, 7]


def test_server_that_hangs_up_between_two_mails_costs_the_second_nothing(
    app: Flask, store: Store, bad_day: BadDay
) -> None:
    first, second = queue(app, store, 2)
    bad_day.plans[first].append(lambda answer: answer())  # and then the connection ends
    run(app)
    assert [mail.to for mail in bad_day.taken] == [first, second]
    assert [(row.status, row.attempts) for row in rows(app)] == [("sent", 1), ("sent", 1)]


@pytest.mark.parametrize("refusal", ["550", "554"])
def test_refused_mail_is_not_tried_again_and_stands_before_the_coordinator_at_once(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock, refusal: str
) -> None:
    bad, good = queue(app, store, 2)
    bad_day.plans[bad].append(refusal)
    with store():
        (kari,) = bring(KARI)
        session_id = kari.get_id()
    run(app)
    browser = app.test_client()
    assert isinstance(browser, CarefulClient)
    page = browser.sign_in(session_id).get("/triage").text
    assert "1 mail could not be sent." in page
    clock.shift(timedelta(days=2))
    run(app)
    assert Counter(address for address, _at in bad_day.asked) == {bad: 1, good: 1}
    assert [(row.status, row.attempts) for row in rows(app)] == [("failed", 1), ("sent", 1)]


def test_connection_is_kept_after_a_refusal(app: Flask, store: Store, bad_day: BadDay) -> None:
    addresses = queue(app, store, 4)
    for address, what in zip(addresses, ("550", "554", "451", "ok"), strict=True):
        bad_day.plans[address].append(what)
    with app.app_context(), post.Server(bad_day.url) as server:
        connections = set()
        for row_id in claims.due_ids(at=now()):
            letter = outbox.take(row_id, at=now())
            assert letter is not None
            server.send(letter)
            connections.add(id(server.connection))
    assert len(connections) == 1


def test_mails_that_the_server_hangs_on_do_not_hold_up_the_others(
    app: Flask, store: Store, bad_day: BadDay, monkeypatch: pytest.MonkeyPatch, figures: Callable[..., None]
) -> None:
    monkeypatch.setattr(post, "WHOLE_SECONDS", 6.0)
    monkeypatch.setattr(post, "LEAST_SECONDS", 0.1)
    monkeypatch.setattr(sending, "PATIENCE_SECONDS", 0.3)
    addresses = queue(app, store, 24)
    slow = addresses[:4]
    for address in slow:
        bad_day.plans[address].append("drip" if address == slow[0] else "hang")
    begun = time.monotonic()
    run(app)
    waited = sorted(mail.at - begun for mail in bad_day.taken if mail.to not in slow)
    figures("RM-7", slow=len(slow), others=len(waited), last_of_the_others=round(waited[-1], 1))
    assert len(waited) == 20
    assert waited[-1] < 12  # one after the other: 24


def test_good_recipient_gets_one_mail_and_only_the_greylisted_one_is_tried_again(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    """Row RM-12: each recipient of the same event has a mail of their own."""
    with store():
        kari, ola, ulrik = bring(KARI, OLA, ULRIK)
        visit = factories.make_visit("claimed", user=ola)
        visit_id, kari_id = visit.id, kari.id
        good, bad, grey = visit.contact_email, ola.email, ulrik.email
    run(app, tell)
    bad_day.asked.clear()
    bad_day.taken.clear()
    with store() as session:
        kari = session.get_one(User, kari_id)
        lifecycle.cancel(session.get_one(Visit, visit_id), reason="A strike.", by=by_user(kari))
    bad_day.plans[bad].append("550")
    bad_day.plans[grey].append("451")
    run(app, tell)
    clock.shift(timedelta(minutes=2))
    run(app, tell)
    assert Counter(address for address, _at in bad_day.asked) == {good: 1, bad: 1, grey: 2}
    assert Counter(mail.to for mail in bad_day.taken) == {good: 1, grey: 1}


def test_mail_made_ready_when_the_server_went_away_is_free_for_the_next_tick(
    app: Flask, store: Store, bad_day: BadDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_others = queue(app, store, 3)
    monkeypatch.setattr(sending, "MOST_HANGS", 1)
    bad_day.plans[first].append("421")
    run(app)
    assert [(row.attempts, row.claimed_until) for row in rows(app)] == [(1, None), (0, None), (0, None)]
    run(app)
    assert len(bad_day.taken) == 2


@pytest.mark.one_engine
def test_greeting_that_is_refused_is_the_servers_fault_not_the_mails() -> None:
    found = post._result(smtplib.SMTPHeloError(550, b"who are you"))
    assert (found.outcome, found.reached) == ("away", False)
