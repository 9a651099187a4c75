"""Senders that are paused, killed, stopped or lose their database: rows RM-2 and RM-3 in seconds."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from app.core.time import now
from app.extensions import db
from app.jobs import mail_round, sending
from app.jobs.stopping import STOP
from app.notifications import claims, outbox
from app.notifications.headers import Before
from app.notifications.message import Letter
from app.notifications.models import Notification
from app.notifications.post import SENT, Result
from app.visits import lifecycle
from app.visits.models import Visit
from tests.harness.smtp import BadDay, ended_by, start_sender, wait_until_stopped
from tests.notifications.outbox_rows import Clock, Store, after_the_claim, queue, rows, run


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


def test_mail_that_senders_keep_ending_with_is_put_aside(app: Flask, store: Store, bad_day: BadDay) -> None:
    poison, good = queue(app, store, 2)
    with store() as session:
        lost = {"claim": 7, "lost_claims": claims.MOST_LOST - 1, "claimed_until": now() - timedelta(seconds=1)}
        session.execute(update(Notification).where(Notification.address == poison).values(**lost))
    run(app)
    assert [(row.address, row.status) for row in rows(app)] == [(poison, "failed"), (good, "sent")]
    assert [mail.to for mail in bad_day.taken] == [good]


def test_beside_a_mail_that_a_sender_ended_with_no_other_is_at_risk(app: Flask, store: Store, bad_day: BadDay) -> None:
    poison, *others = queue(app, store, 3)
    with store() as session:
        lost = {"claim": 1, "lost_claims": 1, "claimed_until": now() - timedelta(seconds=1)}
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
