"""Fetching a calendar from an address that somebody typed in: hostile until shown otherwise.

At most 10 MB, at most 15 seconds in all, at most 3 redirections, each of them judged as if it were the first address.
Nothing of the address or of the answer is ever logged.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from typing import Final
from urllib.parse import urljoin

from app.calendars.busy import LARGEST_FILE, NotTaken
from app.calendars.connecting import Deadline, connect
from app.calendars.targets import Network, Target, read_target
from app.core.errors import Invalid

SECONDS: Final = 15.0
REDIRECTIONS: Final = 3
_MOVED: Final = (301, 302, 303, 307, 308)
_PIECE: Final = 64 * 1024
_LONGEST_TAG: Final = 300
_HEADERS: Final = {
    "Accept": "text/calendar, text/plain;q=0.5, */*;q=0.1",
    "Accept-Encoding": "gzip",
    "User-Agent": "Vertskap (calendar subscription)",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Tags:
    """By what the other side recognises what we have already: ETag and Last-Modified, as it gave them."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """The file, or None where it has not changed."""

    body: bytes | None
    tags: Tags


def fetch(url: str, *, tags: Tags, allowed: Sequence[Network] = ()) -> Fetched:
    """What lies at that address now; raises NotTaken, within 15 seconds, whatever answers there."""
    deadline = Deadline(SECONDS)
    try:
        target = read_target(url)
        for _hop in range(REDIRECTIONS + 1):
            found = _ask(target, tags, allowed, deadline)
            if isinstance(found, Fetched):
                return found
            target = found
    except (Invalid, OSError, HTTPException, ValueError) as error:
        raise NotTaken("unreachable") from error
    raise NotTaken("unreachable")


def _ask(target: Target, tags: Tags, allowed: Sequence[Network], deadline: Deadline) -> Fetched | Target:
    connection = HTTPConnection(target.host, target.port)
    connection.auto_open = 0  # never by itself, and so never anywhere else
    connection.sock = connect(target, allowed, deadline)
    try:
        connection.putrequest("GET", target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": target.name, **_HEADERS, **_conditions(tags)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        return _answer(connection.getresponse(), target, tags)
    finally:
        connection.close()


def _conditions(tags: Tags) -> dict[str, str]:
    named = {"If-None-Match": tags.etag, "If-Modified-Since": tags.modified}
    return {name: value for name, value in named.items() if value}


def _answer(response: HTTPResponse, target: Target, tags: Tags) -> Fetched | Target:
    if response.status in _MOVED:
        moved = read_target(urljoin(target.url, response.getheader("Location") or ""))
        if target.scheme == "https" and moved.scheme != "https":
            raise NotTaken("unreachable")  # the address is a secret, and would travel in the open
        return moved
    if response.status == 304 and tags != Tags():
        return Fetched(None, tags)
    if response.status != 200:
        raise NotTaken("unreachable")
    etag, modified = response.getheader("ETag", ""), response.getheader("Last-Modified", "")
    return Fetched(_body(response), Tags(_tag(etag), _tag(modified)))


def _tag(value: str) -> str:
    return value if value.isascii() and value.isprintable() and len(value) <= _LONGEST_TAG else ""


def _body(response: HTTPResponse) -> bytes:
    encoding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise NotTaken("unreadable")
    unpack = zlib.decompressobj(wbits=31) if "gzip" in encoding else None
    body, received = bytearray(), 0
    try:
        while piece := response.read(_PIECE):
            received += len(piece)
            body += unpack.decompress(piece, LARGEST_FILE + 1 - len(body)) if unpack else piece
            if received > LARGEST_FILE or len(body) > LARGEST_FILE:
                raise NotTaken("too-much")
            if unpack and unpack.eof:
                return bytes(body)  # whatever follows the packed file is not part of it
    except zlib.error as error:
        raise NotTaken("unreadable") from error
    if response.length or unpack:
        raise NotTaken("unreachable")  # it ended too early
    return bytes(body)
