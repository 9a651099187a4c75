"""A mail server as it is on bad days, mail by mail; and senders in processes that can be killed."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from flask import Flask

from app.extensions import db
from app.jobs.sending import send_due
from tests.harness.web import free_port

HANG_SECONDS = 120.0


@dataclass(frozen=True)
class Taken:
    """A mail that the server has said 250 to, or would have."""

    to: str
    data: bytes
    at: float

    @property
    def message_id(self) -> str:
        return str(message_from_bytes(self.data)["Message-ID"])


@dataclass
class BadDay:
    """For each address what happens to the mails to it, in turn; then `ok`.

    `451`, `550` (at RCPT), `554` (after the words), `421` (after the words, and good-bye), `hang` (no answer to the
    words), `drip` (the answer comes a byte a second), or a function that is called in place of the answer to the words.
    `on_rcpt` is called with the address before RCPT is answered; `banner` seconds pass before each greeting.
    """

    plans: dict[str, deque[str | Callable[[Callable[[], None]], None]]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    taken: list[Taken] = field(default_factory=list)
    asked: list[tuple[str, float]] = field(default_factory=list)
    on_rcpt: Callable[[str], None] | None = None
    banner: float = 0.0
    port: int = 0
    closing: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        """Listen on a free port."""
        self.port = self.port or free_port()
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=128)
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Listen no more; connections end by themselves."""
        self.closing.set()
        self.listener.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def to(self, address: str) -> list[Taken]:
        """The mails to that address that were taken."""
        return [mail for mail in self.taken if mail.to == address]

    def _accept(self) -> None:
        while True:
            try:
                connection, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._quietly, args=[connection], daemon=True).start()

    def _quietly(self, connection: socket.socket) -> None:
        try:
            with connection, connection.makefile("rb") as lines:
                self.closing.wait(self.banner)
                connection.sendall(b"220 bad day\r\n")
                self._talk(connection, lines)
        except OSError:
            return

    def _talk(self, connection: socket.socket, lines: Any) -> None:
        to, what = "", "ok"
        while line := lines.readline():
            word, answer = line[:4].upper(), b"250 OK"
            if word == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                what = self.plans[to].popleft() if self.plans[to] else "ok"
                self.asked.append((to, time.monotonic()))
                if self.on_rcpt is not None:
                    self.on_rcpt(to)
                if what in ("451", "550"):
                    answer = str(what).encode() + b" not now"
            elif word == b"DATA":
                connection.sendall(b"354 go\r\n")
                data = b"".join(iter(lines.readline, b".\r\n"))
                if not self._answered(connection, to, what, data):
                    return
                continue
            elif word == b"QUIT":
                connection.sendall(b"221 bye\r\n")
                return
            connection.sendall(answer + b"\r\n")

    def _answered(self, connection: socket.socket, to: str, what: Any, data: bytes) -> bool:
        """The answer to the words; False where the connection ends with it."""
        if not data:
            return False
        if what == "hang":
            self.closing.wait(HANG_SECONDS)
            return False
        if what in ("554", "421"):
            connection.sendall(what.encode() + b" no\r\n")
            return bool(what == "554")
        self.taken.append(Taken(to, data, time.monotonic()))
        if callable(what):
            what(lambda: connection.sendall(b"250 OK\r\n"))
            return False
        if what == "drip":
            for letter in b"250 " + b"O" * 60:
                connection.sendall(bytes([letter]))
                if self.closing.wait(1):
                    return False
        connection.sendall(b"250 OK\r\n")
        return True


def start_sender(app: Flask) -> int:
    """The sending job in a process of its own, made by fork so that a hundred of them are quick; its process id."""
    with app.app_context():
        db.engine.dispose()  # no connection is shared with the child
    child = os.fork()
    if child:
        return child
    try:
        with app.app_context():
            send_due()
        os._exit(0)
    finally:
        os._exit(1)


def ended_by(child: int) -> int:
    """Wait for the process; the number of the signal that ended it, 0 where it ended by itself and well."""
    _pid, status = os.waitpid(child, 0)
    return -os.waitstatus_to_exitcode(status)


def wait_until_stopped(child: int) -> None:
    """Until SIGSTOP has taken hold."""
    _pid, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    assert os.WSTOPSIG(status) == signal.SIGSTOP
