"""An outage of the mail server: on its first answer everything that it kept back follows, in minutes (row RM-4)."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.core.time import now
from app.extensions import db
from app.notifications import claims, outbox, post, trying_again
from app.notifications.models import Notification
from app.notifications.post import SENT, Result
from tests.harness.smtp import BadDay
from tests.notifications.outbox_rows import Clock, Store, queue, rows, run

TICK = timedelta(seconds=5)
HOURS_8 = {"away_tries": 120, "attempts": 120, "status": "rendered", "message_id": "<kept@bergen.example.org>"}


def wait_out(app: Flask, store: Store, bad_day: BadDay, clock: Clock, *, hours: float) -> None:
    """The server is away for so long, with a tick every minute: each mail is tried, and waits its own step."""
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"  # nobody there
    for _ in range(round(hours * 60)):
        run(app)
        clock.shift(timedelta(minutes=1))
    app.config["SMTP_URL"] = bad_day.url


def tick_until_all_left(app: Flask, clock: Clock, *, most: timedelta) -> tuple[timedelta, timedelta]:
    """After how long the first mail left, and the last."""
    begun, left = now(), []
    while len(left) < len(rows(app)) and now() - begun < most:
        run(app)
        left = [row.sent_at for row in rows(app) if row.sent_at]
        clock.shift(TICK)
    assert len(left) == len(rows(app))
    return min(left) - begun, max(left) - begun


def failed(app: Flask, store: Store, result: Result, *, to: str) -> Notification:
    """One more try of that mail, which ended so; the row afterwards."""
    with store() as session:
        mail_id = session.scalars(select(Notification.id).where(Notification.address == to)).one()
        session.execute(update(Notification).where(Notification.id == mail_id).values(next_attempt_at=now()))
    with store():
        letter = outbox.take(mail_id, at=now())
        assert letter is not None
    with store():
        assert outbox.record(letter, result, at=now())
    return next(row for row in rows(app) if row.address == to)


@pytest.mark.parametrize("count", [1, 5])
def test_after_an_outage_everything_leaves_with_the_first_that_goes_through(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock, count: int
) -> None:
    queue(app, store, count)
    wait_out(app, store, bad_day, clock, hours=1)
    assert all(row.attempts > 5 for row in rows(app))
    first, last = tick_until_all_left(app, clock, most=timedelta(minutes=10))
    assert first < timedelta(minutes=5)
    assert last - first <= trying_again.APART + TICK
    assert len(bad_day.taken) == count


def test_mails_that_were_tried_more_than_a_minute_ago_leave_in_the_same_tick(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    addresses = queue(app, store, 4)
    for address in addresses[1:]:
        failed(app, store, Result("away", "ConnectionRefusedError", reached=False), to=address)
    with store() as session:
        later = {"next_attempt_at": now() + timedelta(minutes=4), "away_at": now() - timedelta(minutes=2)}
        session.execute(update(Notification).where(Notification.address != addresses[0]).values(later))
    run(app)
    assert {row.status for row in rows(app)} == {"sent"}


def test_one_recipient_who_says_later_keeps_his_steps_when_the_server_is_back(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    grey, away, fresh = queue(app, store, 3)
    for _ in range(4):
        failed(app, store, Result("later", "451 greylisted"), to=grey)
    failed(app, store, Result("away", "421 closing"), to=away)
    clock.shift(timedelta(minutes=1))
    run(app)
    assert {mail.to for mail in bad_day.taken} == {away, fresh}
    (row,) = (row for row in rows(app) if row.address == grey)
    assert (row.status, row.next_attempt_at) == ("rendered", now() + timedelta(minutes=14))


def test_answer_that_refuses_one_mail_shows_that_the_server_is_back_too(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    grey, away = queue(app, store, 2)
    bad_day.plans[grey].append("451")
    for _ in range(3):
        failed(app, store, Result("away", "TimeoutError"), to=away)
    clock.shift(timedelta(minutes=1))
    run(app)
    assert [mail.to for mail in bad_day.taken] == [away]


def test_mail_that_the_server_always_hangs_on_is_tried_once_a_minute_at_most(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "WHOLE_SECONDS", 1.0)  # ten times what a good one takes on a machine with much to do
    monkeypatch.setattr(post, "LEAST_SECONDS", 0.1)
    bad, *good = queue(app, store, 25)
    bad_day.plans[bad].extend(["hang"] * 30)
    with store() as session:  # another mail every tick, for two minutes
        for number, address in enumerate(good):
            due = update(Notification).where(Notification.address == address)
            session.execute(due.values(next_attempt_at=now() + number * TICK))
    for _ in good:
        run(app)
        clock.shift(TICK)
    assert len(bad_day.taken) == len(good)
    assert len([address for address, _at in bad_day.asked if address == bad]) <= 3


def test_first_delay_after_an_outage_is_a_minute_however_long_it_was(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    (address,) = queue(app, store, 1)
    with store() as session:
        session.execute(update(Notification).values(HOURS_8))
    assert failed(app, store, Result("later", "451 greylisted"), to=address).next_attempt_at == now() + timedelta(
        minutes=1
    )


def test_mail_is_tried_eight_times_after_an_outage_that_was_longer_than_a_day(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    """Each of the eight is an answer of the server: those that found nobody are none."""
    (address,) = queue(app, store, 1)
    with store() as session:
        session.execute(update(Notification).values(HOURS_8 | {"due_at": now() - timedelta(hours=30)}))
    ends = [failed(app, store, Result("later", "451 greylisted"), to=address).status for _ in range(8)]
    assert ends == ["rendered"] * 7 + ["failed"]


def test_mail_in_a_senders_hand_is_not_brought_forward(app: Flask, store: Store, clock: Clock) -> None:
    (address,) = queue(app, store, 1)
    failed(app, store, Result("away", "TimeoutError"), to=address)
    clock.shift(timedelta(minutes=2))
    with store():
        (mail_id,) = claims.due_ids(at=now())
        letter = outbox.take(mail_id, at=now())
        assert letter is not None
    with store():
        db.session.execute(update(Notification).values(next_attempt_at=now() + timedelta(minutes=3)))
        assert trying_again.bring_forward(at=now()) == 0
        assert outbox.record(letter, SENT, at=now())
    assert [(row.status, row.away_at) for row in rows(app)] == [("sent", None)]


@pytest.mark.one_engine
@pytest.mark.parametrize(("code", "outcome"), [(451, "away"), (452, "away"), (550, "refused")])
def test_not_now_before_any_recipient_is_named_is_the_servers_matter(code: int, outcome: str) -> None:
    assert post._result(smtplib.SMTPSenderRefused(code, b"no", "vertskap@example.org")).outcome == outcome
