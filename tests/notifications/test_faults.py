"""Rows RM-2, RM-3, RM-5, RM-6, RM-7 and RM-12 in seconds; at full length in tests/acceptance/test_mail.py."""

from __future__ import annotations

import os
import signal
import smtplib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.time import now
from app.extensions import db
from app.jobs import mail_round, sending
from app.jobs.stopping import STOP
from app.jobs.telling import announce, send, tell
from app.notifications import claims, outbox, post
from app.notifications.headers import Before
from app.notifications.message import Letter
from app.notifications.models import Notification
from app.notifications.post import SENT, Result
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from tests import factories
from tests.cast import KARI, OLA, ULRIK, bring
from tests.harness.smtp import BadDay, ended_by, start_sender, wait_until_stopped
from tests.harness.web import CarefulClient

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller


@pytest.fixture
def bad_day(app: Flask) -> Iterator[BadDay]:
    """A mail server to spoil, and the application sending to it."""
    server = BadDay()
    server.start()
    app.config["SMTP_URL"] = server.url
    yield server
    server.stop()


def queue(app: Flask, store: Store, count: int) -> list[str]:
    """That many mails that are due, each to another address."""
    addresses = [f"visitor{number}@example.org" for number in range(count)]
    with store():
        for address in addresses:
            lifecycle.submit(factories.make_request(contact_email=address))
    with app.app_context():
        announce()
    return addresses


def rows(app: Flask) -> list[Notification]:
    """The outbox without what is a notice only, detached."""
    with app.app_context():
        query = select(Notification).where(Notification.status != "noted").order_by(Notification.id)
        found = list(db.session.scalars(query))
        db.session.expunge_all()
        return found


def run(app: Flask, job: Callable[[], None] = send) -> None:
    with app.app_context():
        job()


def after_the_claim(app: Flask) -> None:
    """What another sender does once the claim of a lost one has ended."""
    with time_machine.travel(now() + claims.CLAIM + timedelta(seconds=1)):
        run(app)


def test_sender_that_was_paused_beyond_its_claim_sends_nothing_when_it_wakes(
    app: Flask, store: Store, bad_day: BadDay
) -> None:
    (address,) = queue(app, store, 1)
    children: list[int] = []

    def pause(_address: str) -> None:
        bad_day.on_rcpt = None
        while not children:
            time.sleep(0.01)
        os.kill(children[0], signal.SIGSTOP)

    bad_day.on_rcpt = pause
    children.append(start_sender(app))
    wait_until_stopped(children[0])
    after_the_claim(app)
    (before,) = rows(app)
    os.kill(children[0], signal.SIGCONT)
    assert ended_by(children[0]) == 0
    (after,) = rows(app)
    assert [mail.to for mail in bad_day.taken] == [address]
    assert (before.status, before.claim, before.attempts) == ("sent", 2, 2)
    assert (after.status, after.sent_at, after.attempts, after.error) == ("sent", before.sent_at, 2, "")


def test_sender_whose_own_clock_says_that_its_claim_is_over_sends_nothing(
    app: Flask, store: Store, bad_day: BadDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(app, store, 1)
    monkeypatch.setattr(sending, "OWN_SECONDS", 0.0)
    run(app)
    assert (bad_day.taken, [row.status for row in rows(app)]) == ([], ["rendered"])


@pytest.mark.parametrize("result", [SENT, Result("refused", "550 no"), Result("later", "451 no")])
def test_what_a_late_sender_writes_down_changes_nothing(app: Flask, store: Store, clock: Clock, result: Result) -> None:
    queue(app, store, 1)
    with store():
        (row_id,) = claims.due_ids(at=now())
        late = outbox.take(row_id, at=now())
    clock.shift(claims.CLAIM)
    with store():
        newer = outbox.take(row_id, at=now())
    assert late is not None
    assert newer is not None
    (before,) = rows(app)
    with store():
        assert not outbox.may_go(late, at=now())
        assert not outbox.record(late, result, at=now())
        outbox.give_back(late)
        outbox.park(late, at=now())
    (after,) = rows(app)
    columns = [column.key for column in Notification.__table__.columns]
    assert {key: getattr(after, key) for key in columns} == {key: getattr(before, key) for key in columns}
    with store():
        assert outbox.record(newer, SENT, at=now())


def killed(app: Flask, store: Store, bad_day: BadDay, *, kills: int, answered: bool) -> tuple[int, int]:
    """Kill so many senders in DATA, then let others finish: how many mails never came, how many copies too many."""
    # A sender has made the next mails ready when it is killed.
    addresses = queue(app, store, (mail_round.AT_ONCE + 1) * kills)
    children: list[int] = []

    def kill(answer: Callable[[], None]) -> None:
        if answered:
            answer()
        os.kill(children[-1], signal.SIGKILL)

    for address in addresses:
        bad_day.plans[address].append(kill)
    ends = []
    for _ in range(kills):
        children.append(start_sender(app))
        ends.append(ended_by(children[-1]))
    assert ends == [signal.SIGKILL] * kills
    bad_day.plans.clear()
    for _ in range(2):
        after_the_claim(app)
    copies = Counter(mail.to for mail in bad_day.taken)
    assert all(len({mail.data for mail in bad_day.to(address)}) == 1 for address in addresses)
    assert {row.status for row in rows(app)} == {"sent"}
    return sum(copies[address] == 0 for address in addresses), sum(copies.values()) - len(addresses)


@pytest.mark.parametrize("answered", [False, True])
def test_killed_senders_lose_nothing_and_repeat_one_mail_each_to_the_byte(
    app: Flask, store: Store, bad_day: BadDay, answered: bool, figures: Callable[..., None]
) -> None:
    lost, extra = killed(app, store, bad_day, kills=4, answered=answered)
    figures("RM-3" if answered else "RM-2", kills=4, lost=lost, extra_copies=extra)
    assert lost == 0
    assert extra <= 4


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


def test_mail_that_senders_keep_ending_with_is_put_aside(app: Flask, store: Store, bad_day: BadDay) -> None:
    poison, good = queue(app, store, 2)
    with store() as session:
        lost = {"lost_claims": claims.MOST_LOST - 1, "claimed_until": now() - timedelta(seconds=1)}
        session.execute(update(Notification).where(Notification.address == poison).values(**lost))
    run(app)
    assert [(row.address, row.status) for row in rows(app)] == [(poison, "failed"), (good, "sent")]
    assert [mail.to for mail in bad_day.taken] == [good]


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


def test_beside_a_mail_that_a_sender_ended_with_no_other_is_at_risk(app: Flask, store: Store, bad_day: BadDay) -> None:
    poison, *others = queue(app, store, 3)
    with store() as session:
        lost = {"lost_claims": 1, "claimed_until": now() - timedelta(seconds=1)}
        session.execute(update(Notification).where(Notification.address == poison).values(**lost))
    in_hand: list[list[str]] = []

    def look(answer: Callable[[], None]) -> None:
        time.sleep(0.2)  # the others would be made ready meanwhile
        in_hand.append([row.address for row in rows(app) if row.claimed_until])
        answer()

    for address in (poison, *others):
        bad_day.plans[address].append(look)
    run(app)
    assert in_hand[0] == [poison]
    assert set(in_hand[1]) == set(others)
    assert {row.status for row in rows(app)} == {"sent"}


def test_what_was_made_ready_a_while_ago_is_compared_with_the_present_again(
    app: Flask, store: Store, bad_day: BadDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_round, "FRESH_SECONDS", 0.1)
    first, *_others, last = queue(app, store, mail_round.AT_ONCE)

    def withdraw(answer: Callable[[], None]) -> None:
        assert rows(app)[-1].status == "rendered"
        with store() as session:
            visit = session.scalars(select(Visit).where(Visit.contact_email == last)).one()
            lifecycle.withdraw(visit)
        time.sleep(0.2)
        answer()

    bad_day.plans[first].append(withdraw)
    run(app)
    assert [row.status for row in rows(app)] == ["sent"] * (mail_round.AT_ONCE - 1) + ["superseded"]
    assert last not in {mail.to for mail in bad_day.taken}


def test_mail_that_cannot_be_made_is_put_aside_and_those_beside_it_leave(
    app: Flask, store: Store, bad_day: BadDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = queue(app, store, mail_round.AT_ONCE)
    real = outbox.letter_of

    def letter_of(found: Notification, *, before: Before, at: datetime) -> Letter:
        if found.address == addresses[1]:
            raise KeyError("a template asks for what is not there")
        return real(found, before=before, at=at)

    monkeypatch.setattr(outbox, "letter_of", letter_of)
    run(app)
    assert [row.status for row in rows(app)] == ["sent", "failed"] + ["sent"] * (mail_round.AT_ONCE - 2)
    assert [(row.attempts, row.claimed_until) for row in rows(app)] == [(1, None)] * mail_round.AT_ONCE


@pytest.fixture
def _not_stopping_afterwards() -> Iterator[None]:
    yield
    STOP.clear()


@pytest.mark.usefixtures("_not_stopping_afterwards")
def test_stopping_sender_hears_the_answer_and_begins_no_other_mail(app: Flask, store: Store, bad_day: BadDay) -> None:
    first, *_others = queue(app, store, 3)

    def slow(answer: Callable[[], None]) -> None:
        time.sleep(0.3)  # the next mail is made ready meanwhile
        STOP.set()
        answer()

    bad_day.plans[first].append(slow)
    run(app)
    assert [mail.to for mail in bad_day.taken] == [address for address, _at in bad_day.asked] == [first]
    free = [("sent", 1, None), ("rendered", 0, None), ("rendered", 0, None)]
    assert [(row.status, row.attempts, row.claimed_until) for row in rows(app)] == free


@pytest.mark.usefixtures("_not_stopping_afterwards")
def test_sender_told_to_stop_before_the_words_says_none_and_gives_the_mail_back(
    app: Flask, store: Store, bad_day: BadDay
) -> None:
    queue(app, store, 1)
    bad_day.on_rcpt = lambda _address: STOP.set()
    run(app)
    assert (bad_day.taken, [(row.attempts, row.claimed_until) for row in rows(app)]) == ([], [(0, None)])


def test_what_was_sent_is_written_down_although_the_database_was_away(
    app: Flask, store: Store, bad_day: BadDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue(app, store, 1)
    real, left = outbox.record, [2]

    def record(*args: object, **kwargs: object) -> bool:
        if left[0]:
            left[0] -= 1
            raise OperationalError("", {}, Exception("away"))
        return real(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "record", record)
    monkeypatch.setattr(sending, "WRITE_AGAIN", (0.01, 0.01, 0.01))
    run(app)
    assert [row.status for row in rows(app)] == ["sent"]
    after_the_claim(app)
    assert len(bad_day.taken) == 1


def test_a_letter_is_the_same_whoever_takes_it(app: Flask, store: Store) -> None:
    queue(app, store, 1)
    with app.app_context():
        (row_id,) = claims.due_ids(at=now())
        first = outbox.take(row_id, at=now())
        db.session.commit()
        again = outbox.take(row_id, at=now() + claims.CLAIM)
        assert first is not None
        assert again == replace(first, claim=2)


@pytest.mark.one_engine
def test_greeting_that_is_refused_is_the_servers_fault_not_the_mails() -> None:
    found = post._result(smtplib.SMTPHeloError(550, b"who are you"))
    assert (found.outcome, found.reached) == ("away", False)
