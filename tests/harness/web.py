"""A client that signs in, a real web server in its own process, and a real mail server."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import has_app_context
from flask.testing import FlaskClient

from tests.harness.mails import Mail

POLICY = policy.default.clone(message_factory=Mail)
ROOT = Path(__file__).resolve().parents[2]


class CarefulClient(FlaskClient):
    """A test client that refuses to work inside an app context: Flask-Login would leak one user into the next."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        if has_app_context():
            raise AssertionError("leave the app context before making a request (see tests/README.md)")
        kwargs.setdefault("buffered", True)  # read to the end, so that what follows an answer happens too
        return super().open(*args, **kwargs)

    def sign_in(self, session_id: str) -> CarefulClient:
        """Be this user (`user.get_id()`) from now on, without the walk through a mailed link."""
        with self.session_transaction() as session:
            session["_user_id"] = session_id
            session["_fresh"] = True
        return self


def free_port() -> int:
    """A TCP port that is free right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Mailbox:
    """What reached the mail server, in order; `refuse` makes it answer 451 to every mail."""

    port: int
    mails: list[Mail] = field(default_factory=list)
    refuse: bool = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        if self.refuse:
            return "451 try again later"
        mail = message_from_bytes(envelope.original_content, policy=POLICY)
        mail["X-Envelope-To"] = ", ".join(envelope.rcpt_tos)
        self.mails.append(mail)
        return "250 OK"

    def to(self, address: str) -> list[Mail]:
        """The mails that were delivered to that address."""
        return [mail for mail in self.mails if address in mail["X-Envelope-To"]]


def start_mailbox() -> tuple[Mailbox, Controller]:
    """A mail server on a free port of this machine."""
    mailbox = Mailbox(free_port())
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=5) as probe:
        probe.noop()
    return mailbox, controller


def start_server(settings: dict[str, str], log: Path) -> tuple[str, subprocess.Popen[bytes]]:
    """Gunicorn with the application, as in production, on a free port; returns its URL and process."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [str(Path(sys.executable).parent / "gunicorn"), "--config", "gunicorn.conf.py", "wsgi:app"]
    size = {"WEB_CONCURRENCY": "1", "WEB_THREADS": "6"}
    environment = os.environ | {"BASE_URL": url, "PORT": str(port)} | size | settings
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    wait_for(f"{url}/healthz", process, log)
    return url, process


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 120) -> None:
    """Return when something answers there; raises RuntimeError with the log when the server ended or took too long."""
    until = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < until:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    process.kill()
    raise RuntimeError(f"the web server did not start:\n{log.read_text()[-3000:]}")
