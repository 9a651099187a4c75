"""A calendar's bytes as its opening, the events of each week, and its end; what changes when some weeks do.

Weeks are fixed, so the same events always give the same weeks, bytes and validator, however they were put together.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from io import BytesIO

END = b"END:VCALENDAR\r\n"
# A gzip member without name and date, made quickly; the same input gives the same bytes.
GZIP_OPENING = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff"
DIGEST_BYTES = 16
Text = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Week:
    """The events that begin in one week: the digest of their text, and how many bytes they take in the body."""

    number: int
    digest: bytes
    size: int


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes ready for sending and where each week's lie in them. `etag` is the validator of the plain bytes."""

    etag: str
    opening_size: int
    weeks: tuple[Week, ...]
    content: bytes

    @property
    def opening(self) -> bytes:
        """What stands before the events."""
        return self.content[: self.opening_size]

    def slices(self) -> dict[int, tuple[bytes, Text]]:
        """Digest and bytes of each week, without copying them."""
        found: dict[int, tuple[bytes, Text]] = {}
        view, begins = memoryview(self.content), self.opening_size
        for week in self.weeks:
            found[week.number] = week.digest, view[begins : begins + week.size]
            begins += week.size
        return found


def digest_of(content: bytes) -> bytes:
    """What stands for the text of a week."""
    return blake2b(content, digest_size=DIGEST_BYTES).digest()


def etag_of(opening: bytes, digests: Iterable[bytes]) -> str:
    """The validator of a calendar: a hash over its opening and its weeks, so two are equal only with the same bytes."""
    return digest_of(digest_of(opening) + b"".join(digests)).hex()


def assemble(opening: bytes, texts: Mapping[int, bytes]) -> Body:
    """The calendar with these weeks; those without a text are left out."""
    return join(opening, ((number, digest_of(text), text) for number, text in sorted(texts.items()) if text))


def join(opening: bytes, weeks: Iterable[tuple[int, bytes, Text]]) -> Body:
    """The calendar of number, digest and text of each week, in order; they need not be in memory all at once."""
    return gather(opening, ((number, digest, (text,)) for number, digest, text in weeks))


def gather(opening: bytes, weeks: Iterable[tuple[int, bytes, Iterable[Text]]], *, expected: int = 0) -> Body:
    """The same with each week's text in pieces; room for the `expected` bytes of all weeks is made once."""
    whole, known = BytesIO(), []
    if expected:
        whole.seek(len(opening) + expected + len(END) - 1)
        whole.write(b"\n")
        whole.seek(0)
    whole.write(opening)
    for number, digest, pieces in weeks:
        size = sum(whole.write(piece) for piece in pieces)
        known.append(Week(number, digest, size))
    whole.write(END)
    whole.truncate()
    return Body(etag_of(opening, (week.digest for week in known)), len(opening), tuple(known), whole.getvalue())


def with_weeks(body: Body, texts: Mapping[int, bytes]) -> Body:
    """The plain calendar with these weeks instead of those it has; an empty text takes a week out."""
    weeks = body.slices()
    for number, text in texts.items():
        weeks.pop(number, None)
        if text:
            weeks[number] = digest_of(text), text
    return join(body.opening, ((number, *week) for number, week in sorted(weeks.items())))


def pack(body: Body, before: Body | None = None) -> Body:
    """The plain calendar in gzip coding; weeks that `before`, an earlier packed form, has already are taken from it.

    Each week is deflated by itself, up to a byte's end, so that the pieces may stand behind each other in one stream.
    """
    known = dict(before.slices().values()) if before else {}
    packed = [known[digest] if digest in known else _deflated(text) for digest, text in body.slices().values()]
    opening = GZIP_OPENING + _deflated(body.opening)
    end = _deflated(END, last=True) + struct.pack("<II", zlib.crc32(body.content), len(body.content) & 0xFFFFFFFF)
    weeks = tuple(Week(w.number, w.digest, len(piece)) for w, piece in zip(body.weeks, packed, strict=True))
    return Body(body.etag, len(opening), weeks, b"".join([opening, *packed, end]))


def _deflated(text: Text, *, last: bool = False) -> bytes:
    """Quick rather than small."""
    packer = zlib.compressobj(1, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(text) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
