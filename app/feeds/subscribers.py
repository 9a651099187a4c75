"""Who relies on a feed, and whether their calendar program has fetched it since something changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import Exists, Select, and_, exists, or_, select, tuple_

from app.extensions import db
from app.feeds.models import Feed, FeedFetch, Level
from app.feeds.rules import granted_level, may_subscribe, reader_of
from app.visits.programme_models import FeedScope
from app.visits.scopes import Scope

WRITTEN_BY = timedelta(minutes=1)  # after its moment every change is in the database
RELIED_ON = timedelta(days=14)  # a feed that nothing has fetched for so long is not looked at any more


def versions_of(scopes: Iterable[Scope]) -> dict[Scope, int]:
    """The version of each of these scopes now: every change until now is in it."""
    wanted = set(scopes)
    query = select(FeedScope).where(tuple_(FeedScope.kind, FeedScope.scope_id).in_(wanted))
    known = {(row.kind, row.scope_id): row.version for row in db.session.scalars(query)} if wanted else {}
    return {scope: known.get(scope, 1) for scope in wanted}


def feeds_behind(versions: Mapping[Scope, int], *, since: datetime) -> list[Feed]:
    """Feeds of these scopes that programs fetch and have not got that version of, nor any since that moment; by person.

    Only those of active people who may still read them. A moment alone cannot tell: a fetch of the same second, or
    while the change was not written yet, may have handed out what was before.
    """
    if not versions:
        return []
    wanted = tuple_(Feed.scope_kind, Feed.scope_id).in_(list(versions))
    query = _relied_on(since).where(wanted, ~_has(versions, since)).order_by(Feed.user_id)
    return [feed for feed in db.session.scalars(query) if _may_read(feed)]


def shows_contacts(feed: Feed) -> bool:
    """Whether its events say who receives."""
    return granted_level(reader_of(feed.user), feed.scope_kind, feed.level) == Level.FULL


def _may_read(feed: Feed) -> bool:
    return may_subscribe(reader_of(feed.user), feed.scope_kind, feed.scope_id)


def _relied_on(since: datetime) -> Select[Feed]:
    """Running feeds whose last fetch, by whichever program, was not long before that moment."""
    lately = exists().where(FeedFetch.feed_id == Feed.id, FeedFetch.fetched_at >= since - RELIED_ON)
    return select(Feed).where(Feed.revoked_at.is_(None), lately)


def _has(versions: Mapping[Scope, int], since: datetime) -> Exists:
    """Whether some program got that version, or fetched when the change was surely written."""
    of_version = [
        and_(Feed.scope_kind == kind, Feed.scope_id == scope_id, FeedFetch.version >= version)
        for (kind, scope_id), version in versions.items()
    ]
    return exists().where(FeedFetch.feed_id == Feed.id, or_(FeedFetch.fetched_at > since + WRITTEN_BY, *of_version))
