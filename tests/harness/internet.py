"""A small internet on the loopback: 127.0.0.2 is a site out there, 127.0.0.1, .3, .4 and ::1 are machines inside.

Whoever connects to a machine inside is written down; a test passes when nobody did.
"""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network

OUTSIDE = "127.0.0.2"
PORTS_TRIED = 5
INSIDE = ("127.0.0.1", "127.0.0.3", "127.0.0.4", "::1")
ALLOWED = (ip_network("127.0.0.2/32"),)

Answer = bytes | Callable[[socket.socket], None]


@dataclass
class Internet:
    """A site whose pages are raw answers by path, and what was asked of it; `hits` are connections inside."""

    port: int
    pages: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    hits: list[str] = field(default_factory=list)

    def url(self, path: str = "/mine.ics", host: str = OUTSIDE, scheme: str = "http") -> str:
        """The address of a page of the site, or of the same port elsewhere."""
        return f"{scheme}://{host}:{self.port}{path}"

    def serve(self, path: str, body: bytes, *headers: str, status: str = "200 OK") -> str:
        """Put a page there; its address."""
        lines = [f"HTTP/1.1 {status}", "Content-Type: text/calendar", f"Content-Length: {len(body)}", *headers, "", ""]
        self.pages[path] = "\r\n".join(lines).encode() + body
        return self.url(path)


def _talk(site: Internet, connection: socket.socket) -> None:
    with connection:
        connection.settimeout(30)
        head = b""
        try:
            while b"\r\n\r\n" not in head and (piece := connection.recv(4096)):
                head += piece
            path = head.split(b" ")[1].decode() if b" " in head else ""
            site.asked.append(path)
            site.heads.append(head.decode("latin-1"))
            answer = site.pages.get(path, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            connection.sendall(answer) if isinstance(answer, bytes) else answer(connection)
        except OSError:
            return


def _accept(listener: socket.socket, handle: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            connection, _address = listener.accept()
        except OSError:
            return
        threading.Thread(target=handle, args=[connection], daemon=True).start()


def _listen(address: str, port: int, handle: Callable[[socket.socket], None]) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((address, port))
    listener.listen(200)
    threading.Thread(target=_accept, args=[listener, handle], daemon=True).start()
    return listener


def _inside(site: Internet, address: str) -> Callable[[socket.socket], None]:
    def note(connection: socket.socket) -> None:
        site.hits.append(address)
        connection.close()

    return note


def _listen_inside(site: Internet) -> list[socket.socket]:
    listeners: list[socket.socket] = []
    for address in INSIDE:
        try:
            listeners.append(_listen(address, site.port, _inside(site, address)))
        except OSError as error:  # a machine without IPv6
            if address != "::1" or error.errno == errno.EADDRINUSE:
                _close(listeners)
                raise
    return listeners


def _close(listeners: list[socket.socket]) -> None:
    for listener in listeners:
        listener.close()


def _open(site: Internet) -> list[socket.socket]:
    """Listeners on one port that is free outside and inside; another port when something inside has it."""
    for left in reversed(range(PORTS_TRIED)):
        out = _listen(OUTSIDE, 0, lambda connection: _talk(site, connection))
        site.port = out.getsockname()[1]
        try:
            return [out, *_listen_inside(site)]
        except OSError:
            out.close()
            if not left:
                raise
    raise AssertionError


@contextmanager
def small_internet() -> Iterator[Internet]:
    """The site and the machines inside, all on one free port."""
    site = Internet(port=0)
    listeners = _open(site)
    try:
        yield site
    finally:
        _close(listeners)
