"""The mailbox that answers come to: read by several schedulers at once, and over TLS with a known certificate."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.jobs.mailbox import read_replies
from app.notifications.reply_address import thread_address
from app.notifications.reply_models import Reply
from app.visits.programme_models import Message
from tests.cast import OLA
from tests.harness.imap import ImapServer, start_imap
from tests.harness.tls import TlsDoor, make_certificate
from tests.harness.web import free_port
from tests.notifications.town import VISITOR_ADDRESS, Town

Clock = time_machine.Traveller
READERS, MAILS = 3, 9


@pytest.fixture
def imap_server(town: Town) -> Iterator[ImapServer]:
    server = start_imap()
    town.app.config["IMAP_URL"] = server.url
    yield server
    server.process.terminate()
    server.process.wait(10)


def words(app: Flask, town: Town, number: int) -> bytes:
    """The visitor writes."""
    with app.app_context():
        address = thread_address(town.visit_id, None)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = VISITOR_ADDRESS, address, "Re: your visit"
    mail["Message-ID"] = f"<{number}@utrecht.example.org>"
    mail.set_content(f"Number {number}")
    return mail.as_bytes()


def read(app: Flask) -> None:
    with app.app_context():
        read_replies()


def counted(app: Flask) -> tuple[int, Counter[str]]:
    """Mails that were kept, and the messages on the visit."""
    with app.app_context():
        kept = db.session.scalar(select(func.count()).select_from(Reply)) or 0
        return kept, Counter(db.session.scalars(select(Message.body)))


def test_several_schedulers_take_each_mail_of_one_mailbox_once(town: Town, imap_server: ImapServer) -> None:
    for number in range(MAILS):
        imap_server.deliver(words(town.app, town, number))
    readers = [threading.Thread(target=read, args=[town.app]) for _reader in range(READERS)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    kept, messages = counted(town.app)
    assert (kept, imap_server.unseen()) == (MAILS, 0)
    assert messages == {f"Number {number}": 1 for number in range(MAILS)}


def test_mailbox_is_read_over_tls_only_with_a_certificate_that_is_known(
    town: Town, imap_server: ImapServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imap_server.deliver(words(town.app, town, 1))
    certificate = make_certificate(tmp_path)
    door = TlsDoor(imap_server.port, certificate)
    try:
        town.app.config["IMAP_URL"] = f"imaps://reader:secret%20word@127.0.0.1:{door.port}/INBOX"
        read(town.app)
        assert (counted(town.app)[0], imap_server.unseen()) == (0, 1)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        read(town.app)
        assert (counted(town.app)[0], imap_server.unseen()) == (1, 0)
    finally:
        door.close()


@pytest.mark.usefixtures("pg_programs")
def test_mails_taken_after_the_backup_are_read_again_and_told_to_nobody_anew(
    app: Flask, town: Town, imap_server: ImapServer, flask_command: Callable[..., str], tmp_path: Path, clock: Clock
) -> None:
    """One was in the backup already, one is lost with the days after it, one comes after the restoring."""
    imap_server.deliver(words(app, town, 1))
    read(app)
    town.tick()
    flask_command("backup", str(tmp_path / "monday"))
    clock.shift(timedelta(hours=1))
    imap_server.deliver(words(app, town, 2))
    read(app)
    town.tick()
    told = len(town.mailbox.to(OLA.email))
    assert (counted(app)[0], told) == (2, 2)
    clock.shift(timedelta(hours=1))
    answer = flask_command("restore", str(tmp_path / "monday"), "--yes")
    assert "2 mails of the mailbox of answers are read again" in answer
    clock.shift(timedelta(minutes=1))
    for _time in range(2):
        read(app)
        town.tick()
    assert counted(app) == (2, Counter({"Number 1": 1, "Number 2": 1}))
    assert len(town.mailbox.to(OLA.email)) == told
    imap_server.deliver(words(app, town, 3))
    read(app)
    town.tick()
    assert counted(app)[0] == 3
    assert ["Number 3" in mail.as_string() for mail in town.mailbox.to(OLA.email)[told:]] == [True]


@pytest.mark.usefixtures("pg_programs")
def test_a_mailbox_that_is_away_when_a_backup_is_put_back_is_said(
    app: Flask, town: Town, imap_server: ImapServer, flask_command: Callable[..., str], tmp_path: Path
) -> None:
    flask_command("backup", str(tmp_path / "monday"))
    app.config["IMAP_URL"] = f"imap://nobody:x@127.0.0.1:{free_port()}/INBOX"
    assert "mark its mails since then as unread there" in flask_command("restore", str(tmp_path / "monday"), "--yes")
