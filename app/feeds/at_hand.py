"""Stored bodies brought to hand: from this process's shelf, and from the database only those weeks that it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, func, select

from app.core.standing import StandingConnections
from app.feeds.models import FeedBody, FeedPart
from app.feeds.parts import Body, Text, join, pack
from app.feeds.shelf import Shelf
from app.feeds.stored import GZIP, IDENTITY

PORTION_BYTES = 256 * 1024  # at a time from the database, whose driver holds everything it reads twice
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


class AtHand:
    """Bodies by their validator, read through the driver's own cursor."""

    def __init__(self, connections: StandingConnections, most_bytes: int) -> None:
        self.shelf = Shelf(most_bytes)
        self._weeks, self._texts = connections.statement(_WEEKS), connections.statement(_TEXTS)

    def find(self, cursor: Any, body_id: int, etag: str, coding: str) -> Body | None:
        """The body of that validator in that coding, or None when the database has another one by now."""
        held = self.shelf.find(body_id, coding)
        if held is not None and held.etag == etag:
            return held
        if coding == GZIP:
            plain = self.find(cursor, body_id, etag, IDENTITY)
            return self.packed(body_id, plain) if plain is not None else None
        body = self._read(cursor, body_id, etag, held)
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
        try:
            body = join(bytes(rows[0][0]), self._in_order(cursor, body_id, weeks, known))
        except KeyError:
            return None
        return body if body.etag == etag else None  # another node may have stored a newer one meanwhile

    def _in_order(
        self, cursor: Any, body_id: int, weeks: list[tuple[int, bytes, int]], known: Mapping[bytes, Text]
    ) -> Iterator[tuple[int, bytes, Text]]:
        """Each week with its text; raises KeyError where one is gone by now."""
        portion: dict[int, tuple[bytes, Text]] = {}
        missing = [(week, size) for week, digest, size in weeks if digest not in known]
        portions = _portions(missing)
        for week, digest, _ in weeks:
            if digest in known:
                yield week, digest, known[digest]
                continue
            if week not in portion:
                first, last = next(portions, (week, week))
                read = self._texts.run(cursor, body_id=body_id, first=first, last=last)
                portion = {week: (digest, text) for week, digest, text in read}
            yield week, *portion.pop(week)


def _portions(missing: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """First and last week of what to read at a time."""
    begun, bytes_so_far, last = 0, 0, 0
    for week, size in missing:
        if bytes_so_far and (bytes_so_far + size > PORTION_BYTES or week > last + 1):
            yield begun, last
            bytes_so_far = 0
        begun = begun if bytes_so_far else week
        bytes_so_far, last = bytes_so_far + size, week
    if bytes_so_far:
        yield begun, last
