"""The usual fetch in a statement or two: the reader still may, and nothing has changed, or only events of a few weeks.

Anything else is left to `body.serve`: this answers only what that would answer, more cheaply, by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from app.core.standing import Line, Question, StandingConnections
from app.core.tokens import hash_token
from app.feeds.actions import FETCH_NOTED_EVERY
from app.feeds.at_hand import AtHand
from app.feeds.body import Asked, Served
from app.feeds.look import KNOWN_ANSWERS, LOOK, STILL_OF_COORDINATOR, STILL_OF_HOST, Found, found_in
from app.feeds.renewal import Renewal
from app.feeds.stored import GZIP, IDENTITY, Renewed, etag_in


@dataclass(frozen=True, slots=True)
class Last:
    """What the last fetch of a feed by a program found here, and how to ask whether it is still so, up to a moment."""

    found: Found
    question: Question
    values: Mapping[str, str]
    until: datetime  # then the fetch is to be noted again


class Quick:
    """The fetch of one engine's feeds, on its own connections outside the ORM."""

    def __init__(self, engine: Engine, *, most_bytes: int) -> None:
        self.engine = engine
        self.connections = StandingConnections(engine)
        self.look = self.connections.question(LOOK)
        self.still_of_coordinator = self.connections.question(STILL_OF_COORDINATOR)
        self.still_of_host = self.connections.question(STILL_OF_HOST)
        self._last: dict[tuple[str, str], Last] = {}
        self.at_hand = AtHand(self.connections, most_bytes)
        self.renewal = Renewal(self.connections)
        self._times = lru_cache(maxsize=8)(self._times_at)  # they count whole seconds

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the database may raise here when it is busy or away, or has other tables than when this began."""
        return (SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error)

    def find(self, token: str, asked: Asked, *, at: datetime) -> Served | None:
        """The answer, or None where it takes more than this; what it says is to be done comes after the answer."""
        with self.connections.line() as line:
            found = self._found(line, hash_token(token), asked.program, at)
            if found is None or found.body_version > found.version:
                return None
            if found.body_version < found.version:
                return self._renewed(line, found, asked, at)
            etag, fetch_due = etag_in(found.etag, asked.coding), found.noted_at is None
            if etag in asked.etags:
                return Served(found.feed_id, asked.program, found.version, etag, None, fetch_due)
            body = self.at_hand.find(line, found.body_id, found.etag, asked.coding)
            if body is None:
                return None
            return Served(found.feed_id, asked.program, found.version, etag, body.content, fetch_due)

    def _found(self, line: Line, token_hash: str, program: str, at: datetime) -> Found | None:
        """What the database says now: with the smaller question, if that says that the last answer is still right."""
        times, last = self._times(at), self._last.get((token_hash, program))
        if last is not None and at < last.until:
            if last.found.is_still_so(line.ask(last.question, {**last.values, "at": times["at"]})):
                return last.found
        found = found_in(tuple(line.ask(self.look, {"token_hash": token_hash, "program": program, **times})))
        if found is not None and found.noted_at is not None and found.body_version == found.version:
            self._keep(token_hash, program, found)
        return found

    def _keep(self, token_hash: str, program: str, found: Found) -> None:
        if len(self._last) >= KNOWN_ANSWERS:
            self._last.clear()
        question = self.still_of_coordinator if found.reader.is_coordinator else self.still_of_host
        body = {
            "body_id": str(found.body_id),
            "hosts": found.shown.hosts,
            "etag": found.etag,
            "version": str(found.version),
        }
        until = self.connections.read_moment(found.noted_at) + FETCH_NOTED_EVERY
        self._last[token_hash, program] = Last(found, question, {"token_hash": token_hash, **body}, until)

    def _times_at(self, at: datetime) -> dict[str, str]:
        return {"at": self.connections.asked_moment(at), "noted": self.connections.asked_moment(at - FETCH_NOTED_EVERY)}

    def _renewed(self, line: Line, found: Found, asked: Asked, at: datetime) -> Served | None:
        """The answer with the weeks that changed made anew."""
        if found.whole > found.body_version:
            return None
        base = self.at_hand.find(line, found.body_id, found.etag, IDENTITY)
        if base is None:
            return None
        anew = self.renewal.renew(line.cursor(), found.shown, base, since=found.body_version, at=at)
        self.at_hand.shelf.put(found.body_id, IDENTITY, anew.body)
        made = Renewed(found.body_id, found.etag, found.body_version, found.version, anew)
        if asked.has(anew.body.etag):
            return _served(found, asked, anew.body.etag, None, made)
        sent = self.at_hand.packed(found.body_id, anew.body) if asked.coding == GZIP else anew.body
        return _served(found, asked, anew.body.etag, sent.content, made)


def _served(found: Found, asked: Asked, etag: str, content: bytes | None, made: Renewed | None = None) -> Served:
    etag = etag_in(etag, asked.coding)
    return Served(found.feed_id, asked.program, found.version, etag, content, found.noted_at is None, made)
