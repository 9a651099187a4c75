"""Stored bodies brought to hand: from this process's shelf, and from the database only those weeks that it lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any

from sqlalchemy import Select, bindparam, func, literal_column, select

from app.core.standing import Line, StandingConnections
from app.feeds.models import FeedBody, FeedPart
from app.feeds.parts import DIGEST_BYTES, Body, Text, gather, pack
from app.feeds.shelf import Shelf
from app.feeds.stored import GZIP, IDENTITY

# At a time from the database, whose driver holds everything it reads twice: a small share of the body, in few readings.
LEAST_PORTION, MOST_PORTION, SHARE = 16 * 1024, 256 * 1024, 8
_WEEKS = (
    select(FeedBody.opening, FeedPart.week, FeedPart.digest, func.length(FeedPart.content))
    .outerjoin(FeedPart, FeedPart.feed_body_id == FeedBody.id)
    .where(FeedBody.id == bindparam("body_id"), FeedBody.etag == bindparam("etag"))
    .order_by(FeedPart.week)
)
_TEXTS = select(FeedPart.week, FeedPart.digest, FeedPart.content).where(
    FeedPart.feed_body_id == bindparam("body_id"),
    FeedPart.week >= bindparam("first"),
    FeedPart.week <= bindparam("last"),
)
_OF_WEEK = FeedPart.feed_body_id == bindparam("body_id"), FeedPart.week == bindparam("week")
_PIECE = select(func.substring(FeedPart.content, bindparam("begins", None), bindparam("most", None))).where(*_OF_WEEK)
_ROW: Select[int] = select(literal_column("rowid")).select_from(FeedPart).where(*_OF_WEEK)


class AtHand:
    """Bodies by their validator, read through the driver's own cursor."""

    def __init__(self, connections: StandingConnections, most_bytes: int) -> None:
        self.shelf = Shelf(most_bytes)
        self._weeks, self._texts = connections.statement(_WEEKS), connections.statement(_TEXTS)
        self._is_postgres = connections.is_postgres
        self._piece = connections.statement(_PIECE if connections.is_postgres else _ROW)

    def find(self, line: Line, body_id: int, etag: str, coding: str) -> Body | None:
        """The body of that validator in that coding, or None when the database has another one by now."""
        held = self.shelf.find(body_id, coding)
        if held is not None and held.etag == etag:
            return held
        if coding == GZIP:
            plain = self.find(line, body_id, etag, IDENTITY)
            return self.packed(body_id, plain) if plain is not None else None
        body = self._read(line.cursor(), body_id, etag, held)
        if body is not None:
            self.shelf.put(body_id, IDENTITY, body)
        return body

    def packed(self, body_id: int, plain: Body) -> Body:
        """The plain body in gzip coding; of an earlier one, weeks that are the same need no work."""
        body = pack(plain, self.shelf.find(body_id, GZIP))
        self.shelf.put(body_id, GZIP, body)
        return body

    def _read(self, cursor: Any, body_id: int, etag: str, held: Body | None) -> Body | None:
        rows = self._weeks.run(cursor, body_id=body_id, etag=etag).fetchall()
        if not rows:
            return None
        weeks = [(week, bytes(digest), size) for _, week, digest, size in rows if week is not None]
        known = dict(held.slices().values()) if held else {}
        expected = sum(size for _, _, size in weeks)
        try:
            body = gather(bytes(rows[0][0]), self._in_order(cursor, body_id, weeks, known), expected=expected)
        except KeyError:
            return None
        return body if body.etag == etag else None  # another node may have stored a newer one meanwhile

    def _in_order(
        self, cursor: Any, body_id: int, weeks: list[tuple[int, bytes, int]], known: Mapping[bytes, Text]
    ) -> Iterator[tuple[int, bytes, Iterable[Text]]]:
        """Each week with its text; raises KeyError where one is gone by now."""
        portion: dict[int, tuple[bytes, Text]] = {}
        most = min(max(sum(size for _, _, size in weeks) // SHARE, LEAST_PORTION), MOST_PORTION)
        missing = [(week, size) for week, digest, size in weeks if digest not in known and size <= most]
        portions = _portions(missing, most)
        for week, digest, size in weeks:
            if digest in known:
                yield week, digest, (known[digest],)
                continue
            if size > most:
                yield week, digest, self._in_pieces(cursor, {"body_id": body_id, "week": week}, digest, size, most)
                continue
            if week not in portion:
                first, last = next(portions, (week, week))
                read = self._texts.run(cursor, body_id=body_id, first=first, last=last)
                portion = {week: (digest, text) for week, digest, text in read}
            found, text = portion.pop(week)
            yield week, found, (text,)

    def _in_pieces(self, cursor: Any, part: Mapping[str, int], digest: bytes, size: int, most: int) -> Iterator[bytes]:
        """A large text, never whole in memory; raises KeyError where another one has taken its place meanwhile."""
        read = self._pieces_of_postgres if self._is_postgres else self._pieces_of_sqlite
        hashing = blake2b(digest_size=DIGEST_BYTES)
        for piece in read(cursor, part, size, most):
            hashing.update(piece)
            yield piece
        if hashing.digest() != digest:
            raise KeyError(part["week"])

    def _pieces_of_postgres(self, cursor: Any, part: Mapping[str, int], size: int, most: int) -> Iterator[bytes]:
        for begins in range(0, size, most):
            row = self._piece.run(cursor, **part, begins=begins + 1, most=most).fetchone()
            yield row[0] if row else b""

    def _pieces_of_sqlite(self, cursor: Any, part: Mapping[str, int], size: int, most: int) -> Iterator[bytes]:
        row = self._piece.run(cursor, **part).fetchone()
        if row is None:
            return
        with cursor.connection.blobopen(FeedPart.__tablename__, "content", row[0], readonly=True) as blob:
            while piece := blob.read(most):
                yield piece


def _portions(missing: list[tuple[int, int]], most: int) -> Iterator[tuple[int, int]]:
    """First and last week of what to read at a time."""
    begun, bytes_so_far, last = 0, 0, 0
    for week, size in missing:
        if bytes_so_far and (bytes_so_far + size > most or week > last + 1):
            yield begun, last
            bytes_so_far = 0
        begun = begun if bytes_so_far else week
        bytes_so_far, last = bytes_so_far + size, week
    if bytes_so_far:
        yield begun, last
