"""A sender that is killed while it sends: nothing is lost, and what comes twice is the same mail to the byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy.orm import Session

from app.core.time import now
from app.jobs.sending import send_due
from app.visits import lifecycle
from tests import factories
from tests.harness.web import free_port

Store = Callable[[], AbstractContextManager[Session]]
FLASK = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi"]


class Killing:
    """A mail server that takes the mail and kills whoever sends it, before it hears of that."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.victim: subprocess.Popen[bytes] | None = None

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        self.mails.append(envelope.original_content)
        if self.victim is not None:
            os.kill(self.victim.pid, signal.SIGKILL)
            self.victim.wait(10)
            self.victim = None
        return "250 OK"


@pytest.fixture
def killing(app: Flask) -> Iterator[Killing]:
    """That server, and the application sending to it."""
    handler = Killing()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    app.config["SMTP_URL"] = f"smtp://127.0.0.1:{controller.port}"
    yield handler
    controller.stop()


def test_sender_killed_while_sending_loses_nothing_and_repeats_the_same_bytes(
    app: Flask, store: Store, settings: dict[str, str], killing: Killing
) -> None:
    with store():
        lifecycle.submit(factories.WATER)
    environment = os.environ | settings | {"SMTP_URL": app.config["SMTP_URL"], "BASE_URL": app.config["BASE_URL"]}
    sender = killing.victim = subprocess.Popen([*FLASK, "outbox-run"], cwd=Path(__file__).parents[2], env=environment)
    assert sender.wait(30) == -signal.SIGKILL
    with time_machine.travel(now() + timedelta(minutes=6)), app.app_context():
        send_due()
        send_due()
    first, again = killing.mails
    assert first == again
