"""The usual fetch in one statement: the reader still may, and nothing has changed, or only the events of a few weeks.

Anything else is left to `body.serve`: this answers only what that would answer, more cheaply, by the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, Engine, and_, bindparam, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError

from app.core.prepared import Row
from app.core.standing import Line, StandingConnections
from app.core.tokens import hash_token
from app.feeds.actions import FETCH_NOTED_EVERY
from app.feeds.at_hand import AtHand
from app.feeds.body import Asked, Served
from app.feeds.models import Feed, FeedBody, FeedFetch
from app.feeds.renewal import Renewal
from app.feeds.rules import Reader, granted_level, hosts_shown, may_subscribe
from app.feeds.selection import Shown
from app.feeds.stored import GZIP, IDENTITY, Renewed, etag_in
from app.people.models import Host, Membership, User
from app.visits.programme_models import FeedScope

KNOWN_ANSWERS = 1024  # the same few feeds are fetched again and again
_BODY_OF_FEED = and_(
    FeedBody.scope_kind == Feed.scope_kind,
    FeedBody.scope_id == Feed.scope_id,
    FeedBody.level == Feed.level,
    FeedBody.language == Feed.language,
    FeedBody.show_cancelled == Feed.show_cancelled,
    FeedBody.fresh_until > bindparam("at"),
)
_NOTED = and_(
    FeedFetch.feed_id == Feed.id,
    FeedFetch.program == bindparam("program"),
    FeedFetch.fetched_at > bindparam("noted"),
)
_SCOPE = and_(FeedScope.kind == Feed.scope_kind, FeedScope.scope_id == Feed.scope_id)
_ONE: ColumnElement[int] = literal_column("1")
# A row for each of the reader's hosts and each body whose time is not over.
_LOOK = (
    select(
        Feed.id, Feed.scope_kind, Feed.scope_id, Feed.level, Feed.language, Feed.show_cancelled,
        User.id, User.is_coordinator, FeedFetch.feed_id,
        func.coalesce(FeedScope.version, _ONE), func.coalesce(FeedScope.whole, _ONE),
        Host.id, FeedBody.hosts, FeedBody.id, FeedBody.version, FeedBody.etag,
    )
    .join(User, and_(User.id == Feed.user_id, User.deactivated_at.is_(None)))
    .join(FeedBody, _BODY_OF_FEED)
    .outerjoin(FeedScope, _SCOPE)
    .outerjoin(FeedFetch, _NOTED)
    .outerjoin(Membership, Membership.user_id == User.id)
    .outerjoin(Host, and_(Host.id == Membership.host_id, Host.retired_at.is_(None)))
    .where(Feed.token_hash == bindparam("token_hash"), Feed.revoked_at.is_(None))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A feed whose owner may read it, and the body kept for such readers: of which version, and of which it must be."""

    feed_id: int
    shown: Shown
    is_noted: bool
    version: int
    whole: int
    body_id: int
    body_version: int
    etag: str


class Quick:
    """The fetch of one engine's feeds, on its own connections outside the ORM."""

    def __init__(self, engine: Engine, *, most_bytes: int) -> None:
        self.engine = engine
        self.connections = StandingConnections(engine)
        self.look = self.connections.question(_LOOK)
        self.at_hand = AtHand(self.connections, most_bytes)
        self.renewal = Renewal(self.connections)
        self._times = lru_cache(maxsize=8)(self._times_at)  # they count whole seconds

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the database may raise here when it is busy or away, or has other tables than when this began."""
        return (SQLAlchemyError, self.engine.dialect.loaded_dbapi.Error)

    def find(self, token: str, asked: Asked, *, at: datetime) -> Served | None:
        """The answer, or None where it takes more than this; what it says is to be done comes after the answer."""
        values = {"token_hash": hash_token(token), "program": asked.program, **self._times(at)}
        with self.connections.line() as line:
            found = _found_in(tuple(line.ask(self.look, values)))
            if found is None or found.body_version > found.version:
                return None
            if found.body_version < found.version:
                return self._renewed(line, found, asked, at)
            if asked.has(found.etag):
                return _served(found, asked, found.etag, None)
            body = self.at_hand.find(line, found.body_id, found.etag, asked.coding)
            return None if body is None else _served(found, asked, found.etag, body.content)

    def _times_at(self, at: datetime) -> dict[str, str]:
        return {"at": self.connections.asked_moment(at), "noted": self.connections.asked_moment(at - FETCH_NOTED_EVERY)}

    def _renewed(self, line: Line, found: Found, asked: Asked, at: datetime) -> Served | None:
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
    return Served(found.feed_id, asked.program, etag_in(etag, asked.coding), content, not found.is_noted, made)


@lru_cache(maxsize=KNOWN_ANSWERS)
def _found_in(rows: tuple[Row, ...]) -> Found | None:
    """The feed and the body that this reader gets, by the rules of every fetch.

    Of nothing but what the database has just said: the same answer need not be weighed twice.
    """
    if not rows:
        return None
    feed_id, kind, scope_id, level, language, show_cancelled = rows[0][:6]
    user_id, is_coordinator, noted, version, whole = rows[0][6:11]
    reader = Reader(user_id, True, bool(is_coordinator), frozenset(row[11] for row in rows if row[11] is not None))
    if not may_subscribe(reader, kind, scope_id) or granted_level(reader, kind, level) != level:
        return None
    hosts = hosts_shown(reader, kind)
    body = next((row[13:] for row in rows if row[12] == hosts), None)
    if body is None:
        return None
    shown = Shown(kind, scope_id, level, language, bool(show_cancelled), hosts)
    return Found(feed_id, shown, noted is not None, version, whole, *body)
