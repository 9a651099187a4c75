"""What the usual fetch asks the database: who reads which body; and, of what was found before, whether it is still so.

The smaller question is about nothing but what decided the last answer: the feed, its owner and their role, their hosts
where hosts decide, the scope's version and the body. One thing that is otherwise, and everything is asked anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal_column, null, select

from app.core.prepared import Row
from app.feeds.models import Feed, FeedBody, FeedFetch
from app.feeds.rules import Reader, granted_level, hosts_shown, may_subscribe
from app.feeds.selection import Shown
from app.people.models import Host, Membership, User
from app.visits.programme_models import FeedScope

KNOWN_ANSWERS = 1024  # the same few feeds are fetched again and again
_ONE: ColumnElement[int] = literal_column("1")
_VERSION = func.coalesce(FeedScope.version, _ONE)
_OWNER = and_(User.id == Feed.user_id, User.deactivated_at.is_(None))
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
    FeedFetch.version >= _VERSION,
)
_SCOPE = and_(FeedScope.kind == Feed.scope_kind, FeedScope.scope_id == Feed.scope_id)
_IN_FORCE = and_(Host.id == Membership.host_id, Host.retired_at.is_(None))
_THIS_FEED = Feed.token_hash == bindparam("token_hash"), Feed.revoked_at.is_(None)
# A row for each of the reader's hosts and each body whose time is not over.
LOOK = (
    select(
        Feed.id, Feed.scope_kind, Feed.scope_id, Feed.level, Feed.language, Feed.show_cancelled,
        User.id, User.is_coordinator, FeedFetch.fetched_at, _VERSION, func.coalesce(FeedScope.whole, _ONE),
        Host.id, FeedBody.hosts, FeedBody.id, FeedBody.version, FeedBody.etag,
    )
    .join(User, _OWNER)
    .join(FeedBody, _BODY_OF_FEED)
    .outerjoin(FeedScope, _SCOPE)
    .outerjoin(FeedFetch, _NOTED)
    .outerjoin(Membership, Membership.user_id == User.id)
    .outerjoin(Host, _IN_FORCE)
    .where(*_THIS_FEED)
)  # fmt: skip


def _still(host: ColumnElement[Any], *, is_coordinator: bool) -> Select[Any]:
    same_body = FeedBody.id == bindparam("body_id"), FeedBody.hosts == bindparam("hosts")
    same_bytes = (
        FeedBody.etag == bindparam("etag"),
        FeedBody.version == _VERSION,
        FeedBody.version == bindparam("version"),
    )
    return (
        select(host)
        .select_from(Feed)
        .join(User, and_(_OWNER, User.is_coordinator.is_(is_coordinator)))
        .join(FeedBody, and_(*same_body, _BODY_OF_FEED))
        .outerjoin(FeedScope, _SCOPE)
        .where(*_THIS_FEED, *same_bytes)
    )


# A row where it is still so. No hosts: a coordinator's decide nothing.
STILL_OF_COORDINATOR = _still(null(), is_coordinator=True)
# A row for each of the reader's hosts where it is still so, if they are the same.
STILL_OF_HOST = (
    _still(Host.id.expression, is_coordinator=False)
    .outerjoin(Membership, Membership.user_id == User.id)
    .outerjoin(Host, _IN_FORCE)
)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed whose owner may read it, and the body kept for such readers: of which version, and of which it must be."""

    feed_id: int
    reader: Reader
    shown: Shown
    noted_at: Any  # as the driver gives it; None where the fetch is to be noted: long ago, or of an older version
    version: int
    whole: int
    body_id: int
    body_version: int
    etag: str

    def is_still_so(self, rows: Sequence[Row]) -> bool:
        """Whether the smaller question's answer says that the whole one's would be the same."""
        return bool(rows) and (self.reader.is_coordinator or _hosts_in(rows, 0) == self.reader.hosts)


@lru_cache(maxsize=KNOWN_ANSWERS)
def found_in(rows: tuple[Row, ...]) -> Found | None:
    """The feed and the body that this reader gets, by the rules of every fetch.

    Of nothing but what the database has just said: the same answer need not be weighed twice.
    """
    if not rows:
        return None
    feed_id, kind, scope_id, level, language, show_cancelled = rows[0][:6]
    user_id, is_coordinator, noted_at, version, whole = rows[0][6:11]
    reader = Reader(user_id, True, bool(is_coordinator), _hosts_in(rows, 11))
    if not may_subscribe(reader, kind, scope_id) or granted_level(reader, kind, level) != level:
        return None
    hosts = hosts_shown(reader, kind)
    body = next((row[13:] for row in rows if row[12] == hosts), None)
    if body is None:
        return None
    shown = Shown(kind, scope_id, level, language, bool(show_cancelled), hosts)
    return Found(feed_id, reader, shown, noted_at, version, whole, *body)


def _hosts_in(rows: Sequence[Row], column: int) -> frozenset[int]:
    return frozenset(row[column] for row in rows if row[column] is not None)
