"""Feeds of a person, and the feed behind a secret address."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from app.core.errors import NotFound
from app.core.tokens import hash_token
from app.extensions import db
from app.feeds.models import Feed, ScopeKind
from app.feeds.rules import may_subscribe
from app.people.models import Host, User


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose visits a feed shows; `host` where it is one host's."""

    kind: ScopeKind
    id: int
    host: Host | None = None


def scopes_for(user: User) -> list[Scope]:
    """Every scope the person may choose: their own, their hosts', for coordinators all and every host's."""
    mine = [Scope(ScopeKind.MINE, user.id)]
    if not user.is_coordinator:
        return mine + [Scope(ScopeKind.HOST, host.id, host) for host in user.hosts]
    hosts = db.session.scalars(select(Host).where(Host.retired_at.is_(None)).order_by(Host.id))
    return [*mine, Scope(ScopeKind.ALL, 0), *(Scope(ScopeKind.HOST, host.id, host) for host in hosts)]


def scope_of(feed: Feed) -> Scope:
    """The feed's scope, with its host."""
    kind = ScopeKind(feed.scope_kind)
    return Scope(kind, feed.scope_id, db.session.get(Host, feed.scope_id) if kind == ScopeKind.HOST else None)


def feeds_of(user: User) -> list[Feed]:
    """The person's feeds that still run, in the order they were made."""
    mine = select(Feed).where(Feed.user_id == user.id, Feed.revoked_at.is_(None)).order_by(Feed.id)
    return list(db.session.scalars(mine))


def count_feeds_of(user: User) -> int:
    """How many feeds of that person still run."""
    mine = select(func.count()).select_from(Feed).where(Feed.user_id == user.id, Feed.revoked_at.is_(None))
    return db.session.scalar(mine) or 0


def get_feed_of(user: User, feed_id: int) -> Feed:
    """That person's running feed; raises NotFound for any other."""
    feed = db.session.scalar(select(Feed).where(Feed.id == feed_id, Feed.user_id == user.id, Feed.revoked_at.is_(None)))
    if feed is None:
        raise NotFound()
    return feed


def get_readable_feed(token: str) -> Feed:
    """The feed at that secret address, if its owner may still read it.

    Raises NotFound alike for an unknown or replaced token, a revoked feed, a deactivated owner and lost rights.
    """
    feed = db.session.scalar(
        select(Feed)
        .where(Feed.token_hash == hash_token(token), Feed.revoked_at.is_(None))
        .options(joinedload(Feed.user))
    )
    if feed is None or not may_subscribe(feed.user, feed.scope_kind, feed.scope_id):
        raise NotFound()
    return feed
