"""The usual fetch in one statement: nothing has changed, the reader still may, nothing is to be written.

Anything else is left to `body.serve`: this answers only what that would answer, more cheaply, by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, Engine, and_, bindparam, func, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, TimeoutError

from app.core.tokens import hash_token
from app.feeds.actions import FETCH_NOTED_EVERY
from app.feeds.models import Feed, FeedBody, FeedContent, FeedFetch
from app.feeds.rules import Reader, granted_level, hosts_shown, may_subscribe
from app.feeds.stored import etag_in
from app.people.models import Host, Membership, User
from app.visits.programme_models import FeedScope

_BODY_OF_FEED = and_(
    FeedBody.scope_kind == Feed.scope_kind,
    FeedBody.scope_id == Feed.scope_id,
    FeedBody.level == Feed.level,
    FeedBody.language == Feed.language,
    FeedBody.show_cancelled == Feed.show_cancelled,
    FeedBody.version == func.coalesce(FeedScope.version, literal_column("1")),
    FeedBody.fresh_until > bindparam("at"),
)
# A row for each of the reader's hosts and each body that is good; no row while the fetch is still to be noted.
_GOOD = (
    select(
        Feed.scope_kind, Feed.scope_id, Feed.level, User.id, User.is_coordinator, Host.id, FeedBody.hosts,
        FeedBody.id, FeedBody.etag,
    )
    .join(User, and_(User.id == Feed.user_id, User.deactivated_at.is_(None)))
    .join(FeedFetch, and_(FeedFetch.feed_id == Feed.id, FeedFetch.program == bindparam("program")))
    .outerjoin(FeedScope, and_(FeedScope.kind == Feed.scope_kind, FeedScope.scope_id == Feed.scope_id))
    .join(FeedBody, _BODY_OF_FEED)
    .outerjoin(Membership, Membership.user_id == User.id)
    .outerjoin(Host, and_(Host.id == Membership.host_id, Host.retired_at.is_(None)))
    .where(
        Feed.token_hash == bindparam("token_hash"), Feed.revoked_at.is_(None), FeedFetch.fetched_at > bindparam("noted")
    )
)  # fmt: skip
_CONTENT = (
    select(FeedContent.content)
    .join(FeedBody, FeedBody.id == FeedContent.feed_body_id)
    .where(
        FeedBody.id == bindparam("body_id"), FeedBody.etag == bindparam("etag"),
        FeedContent.coding == bindparam("coding"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Usual:
    """An answer that needs nothing written; `content` is None when the program has these bytes already."""

    etag: str
    content: bytes | None


class Quick:
    """The two statements, compiled once for one engine and run on its own connections outside the ORM."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_postgres = engine.dialect.name == "postgresql"
        # Names for parameters, whatever the driver is used to elsewhere: they are given as a dictionary.
        dialect: Dialect = (  # the call is untyped in the library
            postgresql.dialect(paramstyle="pyformat") if self.is_postgres else sqlite.dialect(paramstyle="named")  # type: ignore[no-untyped-call]
        )
        content = _CONTENT if self.is_postgres else _CONTENT.with_only_columns(literal_column("feed_content.rowid"))
        self.good, self.content = (str(statement.compile(dialect=dialect)) for statement in (_GOOD, content))

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What the database may raise here when it is busy or away."""
        return (OperationalError, TimeoutError, self.engine.dialect.loaded_dbapi.OperationalError)

    def find(self, token: str, program: str, coding: str, etags: Set[str], *, at: datetime) -> Usual | None:
        """The answer in that coding to a program that has these ETags, or None where it takes more than this."""
        asked = {
            "token_hash": hash_token(token),
            "program": program,
            "at": self._time(at),
            "noted": self._time(at - FETCH_NOTED_EVERY),
        }
        with self._cursor() as cursor:
            rows = cursor.execute(self.good, asked).fetchall()
            found = _body_for(rows)
            if found is None:
                return None
            body_id, etag = found
            sent_as = etag_in(etag, coding)
            if sent_as in etags:
                return Usual(sent_as, None)
            content = self._read(cursor, {"body_id": body_id, "etag": etag, "coding": coding})
            return None if content is None else Usual(sent_as, content)

    def _read(self, cursor: Any, wanted: dict[str, object]) -> bytes | None:
        """The bytes, if they are still those of that ETag."""
        if self.is_postgres:
            row = cursor.execute(self.content, wanted).fetchone()
            return row[0] if row else None
        # As a column, SQLite gathers a large value page by page through its small cache; as a blob it is read straight.
        cursor.execute("BEGIN")  # the row's number and its bytes are of one state; giving the connection back ends it
        row = cursor.execute(self.content, wanted).fetchone()
        if row is None:
            return None
        with cursor.connection.blobopen("feed_content", "content", row[0], readonly=True) as blob:
            content: bytes = blob.read()
            return content

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """A cursor outside any transaction: each statement sees one state, no BEGIN and ROLLBACK go to and fro."""
        connection = self.engine.raw_connection()
        driver: Any = connection.driver_connection
        try:
            if not self.is_postgres:
                yield driver.cursor()
                return
            driver.autocommit = True
            try:
                yield driver.cursor(binary=True)  # bytes come as bytes, not as twice as many hexadecimal digits
            finally:
                driver.autocommit = False
        finally:
            connection.close()

    def _time(self, moment: datetime) -> Any:
        utc = moment.astimezone(UTC)
        return utc if self.is_postgres else utc.replace(tzinfo=None).isoformat(" ", "microseconds")


def _body_for(rows: list[Any]) -> tuple[int, str] | None:
    """Id and ETag of the body that this reader gets, by the rules of every fetch."""
    if not rows:
        return None
    kind, scope_id, level, user_id, is_coordinator = rows[0][:5]
    hosts = frozenset(row[5] for row in rows if row[5] is not None)
    reader = Reader(user_id, True, bool(is_coordinator), hosts)
    if not may_subscribe(reader, kind, scope_id) or granted_level(reader, kind, level) != level:
        return None
    wanted = hosts_shown(reader, kind)
    return next(((row[7], row[8]) for row in rows if row[6] == wanted), None)
