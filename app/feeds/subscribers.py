"""Who relies on a feed, and whether their calendar program has fetched it since something changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, exists, func, select, tuple_

from app.extensions import db
from app.feeds.models import Feed, FeedFetch
from app.feeds.rules import may_subscribe, reader_of
from app.people.models import User
from app.visits.scopes import Scope

RELIED_ON = timedelta(days=14)  # a feed that nothing has fetched for so long is not looked at any more


def subscribers_to(scopes: Iterable[Scope], *, since: datetime) -> list[User]:
    """The active people whose programs fetch a feed of one of these scopes and have not done so since that moment."""
    wanted = list(set(scopes))
    if not wanted:
        return []
    query = _not_fetched(since).where(tuple_(Feed.scope_kind, Feed.scope_id).in_(wanted)).order_by(Feed.user_id)
    feeds = db.session.scalars(query)
    return list({feed.user_id: feed.user for feed in feeds if _may_read(feed)}.values())


def _may_read(feed: Feed) -> bool:
    return may_subscribe(reader_of(feed.user), feed.scope_kind, feed.scope_id)


def _not_fetched(since: datetime) -> Select[Feed]:
    """Running feeds whose last fetch, by whichever program, was before that moment but not long before."""
    last = select(func.max(FeedFetch.fetched_at)).where(FeedFetch.feed_id == Feed.id).scalar_subquery()
    lately = exists().where(FeedFetch.feed_id == Feed.id, FeedFetch.fetched_at >= since - RELIED_ON)
    return select(Feed).where(Feed.revoked_at.is_(None), lately, last < since)
