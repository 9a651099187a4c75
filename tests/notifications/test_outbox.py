"""The outbox against a real mail server: sent once, retried, dropped when no longer true, never with a secret left."""

from __future__ import annotations

import asyncio
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications import claims, outbox, post
from app.notifications.derive import announce
from app.notifications.models import Notification
from app.people.links import find_link
from app.visits import lifecycle
from app.visits.models import Visit
from tests import factories
from tests.harness.web import Mailbox, free_port

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller
TO = factories.WATER.contact_email


def submit(store: Store, **changes: object) -> int:
    """A visitor sends a request; the id of the visit."""
    with store():
        return lifecycle.submit(factories.make_request(**changes)).id


def run(app: Flask) -> None:
    """One tick of the outbox."""
    with app.app_context():
        scheduler.tell()


def rows(app: Flask) -> list[Notification]:
    """The whole outbox without what is a notice only, detached."""
    with app.app_context():
        query = select(Notification).where(Notification.status != "noted").order_by(Notification.id)
        found = list(db.session.scalars(query))
        for row in found:
            db.session.expunge(row)
        return found


def test_mail_is_sent_once_and_its_link_works(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    visit_id = submit(store)
    run(app)
    run(app)
    (mail,) = mailbox.to(TO)
    link = next(line for line in mail.get_content().splitlines() if line.startswith("http"))
    with app.app_context():
        found = find_link(link.split("/")[4], "confirm-address", at=now())
        assert found is not None
        assert found.subject_id == visit_id


def test_no_secret_is_left_once_the_mail_has_gone(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    submit(store)
    run(app)
    (row,) = rows(app)
    token = mailbox.mails[0].get_content().split("/v/")[1].split("/")[0]
    assert (row.status, row.sealed_link, row.sent_at) == ("sent", None, now())
    assert token not in row.text
    assert "{link}" in row.text


def test_headers_are_exactly_ours_whatever_people_type(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    submit(store, contact_name="A\r\nBcc: x@evil.example", organisation="B\nSubject: no\x00\r\n\r\nbody")
    run(app)
    (mail,) = mailbox.to(TO)
    assert sorted(set(mail.keys()) - {"X-Envelope-To", "X-Peer", "X-MailFrom", "X-RcptTo"}) == [
        "Auto-Submitted", "Content-Language", "Content-Type", "Date", "From", "In-Reply-To", "List-Id",
        "MIME-Version", "Message-ID", "References", "Reply-To", "Subject", "To", "X-Auto-Response-Suppress",
    ]  # fmt: skip
    assert mail["X-Envelope-To"] == TO
    assert mail["Auto-Submitted"] == "auto-generated"


def test_451_is_retried_with_the_same_message_id_until_it_goes(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    submit(store)
    mailbox.refuse = True
    run(app)
    (first,) = rows(app)
    assert (first.status, first.attempts, first.next_attempt_at) == ("rendered", 1, now() + timedelta(minutes=1))
    clock.shift(30)
    run(app)
    assert rows(app)[0].attempts == 1
    mailbox.refuse = False
    clock.shift(31)
    run(app)
    assert [mail["Message-ID"] for mail in mailbox.mails] == [first.message_id]


def test_a_mail_is_given_up_only_after_a_day_and_eight_attempts(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    submit(store, contact_email="slow@example.org")
    mailbox.refuse = True
    started = now()
    run(app)
    while rows(app)[0].status == "rendered":
        clock.move_to(rows(app)[0].next_attempt_at)
        run(app)
    (row,) = [row for row in rows(app) if row.kind == "confirm-address"]
    assert row.status == "failed"
    assert row.attempts >= 8
    assert now() - started >= timedelta(hours=24)
    assert row.sealed_link is None


class Refusing:
    """A mail server that knows no such address."""

    async def handle_RCPT(self, *_: object) -> str:
        return "550 no such person"


@pytest.fixture
def refusing(app: Flask) -> Iterator[None]:
    controller = Controller(Refusing(), hostname="127.0.0.1", port=free_port())
    controller.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield
    controller.stop()


def test_550_is_not_tried_again(app: Flask, store: Store, refusing: None, clock: Clock) -> None:
    submit(store)
    run(app)
    clock.shift(86400 * 2)
    run(app)
    row = rows(app)[0]
    assert (row.status, row.attempts, row.error) == ("failed", 1, "550 no such person")


def test_server_that_is_away_leaves_the_others_untried_and_all_go_soon_after(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    working, app.config["SMTP_URL"] = app.config["SMTP_URL"], f"smtp://127.0.0.1:{free_port()}"
    for number in range(3):
        submit(store, contact_email=f"visitor{number}@example.org")
    run(app)
    assert sorted(row.attempts for row in rows(app)) == [0, 0, 1]
    app.config["SMTP_URL"] = working
    clock.shift(300)
    run(app)
    assert {row.status for row in rows(app)} == {"sent"}
    assert len(mailbox.mails) == 3


def test_mail_that_is_no_longer_true_is_not_sent(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    visit_id = submit(store)
    with store() as session:
        visit = session.get_one(Visit, visit_id)
        announce(visit.activities[0].id, at=now())
        lifecycle.withdraw(visit)
    run(app)
    (row,) = rows(app)
    assert (row.status, mailbox.mails) == ("superseded", [])


def test_retry_compares_facts_again(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    visit_id = submit(store)
    mailbox.refuse = True
    run(app)
    with store() as session:
        lifecycle.withdraw(session.get_one(Visit, visit_id))
    mailbox.refuse = False
    clock.shift(120)
    run(app)
    (row,) = rows(app)
    assert (row.status, row.sealed_link, mailbox.mails) == ("superseded", None, [])


def test_address_corrected_before_sending_gets_the_only_mail(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    visit_id = submit(store)
    mailbox.refuse = True
    run(app)
    with store() as session:
        lifecycle.send_again(session.get_one(Visit, visit_id), email="right@example.org")
    mailbox.refuse = False
    clock.shift(120)
    run(app)
    assert [mail["X-Envelope-To"] for mail in mailbox.mails] == ["right@example.org"]


def test_two_senders_never_take_the_same_mail(app: Flask, store: Store, clock: Clock) -> None:
    submit(store)
    with store() as session:
        announce(session.scalars(select(Visit)).one().activities[0].id, at=now())
    with store():
        (row_id,) = claims.due_ids(at=now())
        assert outbox.take(row_id, at=now()) is not None
    with store():
        assert outbox.take(row_id, at=now()) is None
        assert list(claims.due_ids(at=now())) == []


def test_mail_of_a_sender_that_died_follows_later_with_the_same_message_id(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    submit(store)
    with store() as session:
        announce(session.scalars(select(Visit)).one().activities[0].id, at=now())
    with store():
        letter = outbox.take(claims.due_ids(at=now())[0], at=now())
        assert letter is not None
    run(app)
    assert mailbox.mails == []
    clock.shift(301)
    run(app)
    assert [mail["Message-ID"] for mail in mailbox.mails] == [letter.message_id]
    assert mailbox.mails[0].get_content().split() == letter.text.split()


def test_without_a_server_mails_lie_in_a_folder_for_the_owner_only(app: Flask, store: Store, clock: Clock) -> None:
    submit(store)
    run(app)
    folder = Path(app.config["MAIL_DIR"])
    (file,) = [path for path in folder.iterdir() if TO.encode() in path.read_bytes()]
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert mail["To"] == TO
    assert [path for path in folder.iterdir() if path.name.startswith(".")] == []
    os.unlink(file)


def test_address_that_is_none_is_failed_and_stops_nobody_else(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    submit(store, contact_email="not an address")
    submit(store)
    run(app)
    assert [(row.address, row.status) for row in rows(app)] == [("not an address", "failed"), (TO, "sent")]
    assert len(mailbox.mails) == 1


def test_several_schedulers_at_once_send_each_mail_once(app: Flask, store: Store, mailbox: Mailbox) -> None:
    addresses = [f"visitor{number}@example.org" for number in range(24)]
    for address in addresses:
        submit(store, contact_email=address)
    threads = [threading.Thread(target=run, args=[app]) for _scheduler in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(app)
    assert sorted(mail["X-Envelope-To"] for mail in mailbox.mails) == sorted(addresses)


class Silent:
    """A server that greets and then says nothing more."""

    async def handle_MAIL(self, *_: object) -> str:
        await asyncio.sleep(30)
        return "250 late"


def test_slow_server_is_cut_off(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "WHOLE_SECONDS", 0.5)
    controller = Controller(Silent(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        started = datetime.now()
        with post.Server(f"smtp://127.0.0.1:{controller.port}") as server:
            result = server.send(make_letter())
        assert result.outcome == "away"
        assert (datetime.now() - started).total_seconds() < 5
    finally:
        controller.stop()


def make_letter() -> outbox.Letter:
    """Any mail."""
    return outbox.Letter(
        1, "message", "Vertskap <from@example.org>", "to@example.org", "reply@example.org", "en", "Subject", "Text",
        "<1@example.org>", now(),
    )  # fmt: skip
