"""Who relies on a feed, and whether their calendar program has fetched it since something changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, select, tuple_

from app.extensions import db
from app.feeds.models import Feed, FeedFetch, Level
from app.feeds.rules import granted_level, may_subscribe, reader_of
from app.visits.scopes import Scope

RELIED_ON = timedelta(days=14)  # a feed that nothing has fetched for so long is not looked at any more


def feeds_behind(scopes: Iterable[Scope], *, since: datetime) -> list[Feed]:
    """Feeds of these scopes that programs fetch and have not fetched since that moment; by person.

    Only those of active people who may still read them.
    """
    wanted = list(set(scopes))
    if not wanted:
        return []
    query = _not_fetched(since).where(tuple_(Feed.scope_kind, Feed.scope_id).in_(wanted)).order_by(Feed.user_id)
    return [feed for feed in db.session.scalars(query) if _may_read(feed)]


def shows_contacts(feed: Feed) -> bool:
    """Whether its events say who receives."""
    return granted_level(reader_of(feed.user), feed.scope_kind, feed.level) == Level.FULL


def _may_read(feed: Feed) -> bool:
    return may_subscribe(reader_of(feed.user), feed.scope_kind, feed.scope_id)


def _not_fetched(since: datetime) -> Select[Feed]:
    """Running feeds whose last fetch, by whichever program, was before that moment but not long before."""
    last = select(func.max(FeedFetch.fetched_at)).where(FeedFetch.feed_id == Feed.id).scalar_subquery()
    lately = exists().where(FeedFetch.feed_id == Feed.id, FeedFetch.fetched_at >= since - RELIED_ON)
    return select(Feed).where(Feed.revoked_at.is_(None), lately, last < since)
