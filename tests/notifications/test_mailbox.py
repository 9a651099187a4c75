"""The mailbox that answers come to: read by several schedulers at once, and over TLS with a known certificate."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.jobs.mailbox import read_replies
from app.notifications.reply_address import thread_address
from app.notifications.reply_models import Reply
from app.visits.programme_models import Message
from tests.harness.imap import ImapServer, start_imap
from tests.harness.tls import TlsDoor, make_certificate
from tests.notifications.town import VISITOR_ADDRESS, Town

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
