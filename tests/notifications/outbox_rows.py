"""Due mails, one run of a job, and the rows of the outbox afterwards: for tests of senders and servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.time import now
from app.extensions import db
from app.jobs.telling import announce, send
from app.notifications import claims
from app.notifications.models import Notification
from app.visits import lifecycle
from tests import factories
from tests.harness.smtp import BadDay

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
