"""Connecting to a machine of the open internet and no other: resolved once, judged, and connected to by its number.

Between a check and a connection a name can change its meaning, so the two are one: the socket is opened to the very
address that was judged. No proxy is ever used, whatever the environment says.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from typing import Any, Final

from app.calendars.targets import Network, Target, may_connect

MOST_ADDRESSES: Final = 4  # of one name
CONNECT_SECONDS: Final = 5.0


class Deadline:
    """A moment by which everything is over, however slowly the other side talks."""

    def __init__(self, seconds: float) -> None:
        self.ends_at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds until then; raises TimeoutError when there are none."""
        seconds = self.ends_at - time.monotonic()
        if seconds <= 0:
            raise TimeoutError
        return seconds


class _Hurried:
    """A socket that gives each of its waits only what is left of the whole time."""

    deadline: Deadline | None = None

    def recv_into(self, *args: Any) -> int:
        """As a socket does it."""
        if self.deadline is not None:
            self.settimeout(self.deadline.left())  # type: ignore[attr-defined]
        return super().recv_into(*args)  # type: ignore[misc]

    def sendall(self, *args: Any) -> None:
        """As a socket does it."""
        if self.deadline is not None:
            self.settimeout(self.deadline.left())  # type: ignore[attr-defined]
        super().sendall(*args)  # type: ignore[misc]


class _Plain(_Hurried, socket.socket):
    pass


class _Secure(_Hurried, ssl.SSLSocket):
    pass


def connect(target: Target, allowed: Sequence[Network], deadline: Deadline) -> socket.socket:
    """A connection to a machine that may be asked; raises OSError when there is none."""
    addresses = [found for found in _resolved(target, deadline) if may_connect(found[4][0], target.port, allowed)]
    for family, kind, protocol, _name, address in addresses[:MOST_ADDRESSES]:
        plain = _Plain(family, kind, protocol)
        plain.deadline = deadline
        try:
            plain.settimeout(min(deadline.left(), CONNECT_SECONDS))
            plain.connect(address)
            return _secured(plain, target, deadline) if target.scheme == "https" else plain
        except OSError:
            plain.close()
    raise ConnectionError("nobody there who may be asked")


def _secured(plain: _Plain, target: Target, deadline: Deadline) -> socket.socket:
    context = ssl.create_default_context()
    context.sslsocket_class = _Secure
    plain.settimeout(deadline.left())
    secure = context.wrap_socket(plain, server_hostname=target.host)
    assert isinstance(secure, _Secure)
    secure.deadline = deadline
    return secure


def _resolved(target: Target, deadline: Deadline) -> list[tuple[Any, Any, int, str, Any]]:
    """What the name means right now; the system's resolver knows no deadline, so it is left behind when it is late."""
    answers: queue.Queue[Any] = queue.Queue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True, name="resolve").start()
    try:
        answer = answers.get(timeout=deadline.left())
    except queue.Empty as error:
        raise TimeoutError from error
    if isinstance(answer, Exception):
        raise ConnectionError("no such name") from answer
    return list(answer)
