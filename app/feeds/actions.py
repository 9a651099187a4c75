"""Making, renewing and revoking feeds, and noting that one was fetched."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, update

from app.core.errors import Invalid, NotAllowed
from app.core.languages import LANGUAGES
from app.core.text import clean_line
from app.core.time import now
from app.core.tokens import hash_token, new_token
from app.extensions import db
from app.feeds.models import LEVEL_NAMES, Feed, ScopeKind
from app.feeds.queries import count_feeds_of
from app.feeds.rules import may_change, may_subscribe
from app.people.models import User

LONGEST_NAME = 80
MOST_FEEDS = 20
FETCH_NOTED_EVERY = timedelta(minutes=15)


def create_feed(
    *,
    by: User,
    name: str,
    kind: str,
    scope_id: int,
    level: str,
    language: str,
    show_cancelled: bool = True,
    at: datetime | None = None,
) -> tuple[Feed, str]:
    """A new feed and its token, which is shown once and never stored.

    Raises NotAllowed for a scope that is not theirs, Invalid for a bad name, level or language, or too many feeds.
    """
    name = clean_line(name)
    _check(name, level, language)
    if not may_subscribe(by, kind, scope_id):
        raise NotAllowed()
    if count_feeds_of(by) >= MOST_FEEDS:
        raise Invalid("too-many-feeds", "name", most=MOST_FEEDS)
    token = new_token()
    feed = Feed(
        user_id=by.id,
        name=name,
        scope_kind=ScopeKind(kind),
        scope_id=scope_id,
        level=level,
        language=language,
        show_cancelled=show_cancelled,
        token_hash=hash_token(token),
        created_at=at or now(),
    )
    db.session.add(feed)
    db.session.flush()
    return feed, token


def _check(name: str, level: str, language: str) -> None:
    if not name:
        raise Invalid("name-missing", "name")
    if len(name) > LONGEST_NAME:
        raise Invalid("name-too-long", "name", longest=LONGEST_NAME)
    if level not in LEVEL_NAMES:
        raise Invalid("unknown-level", "level")
    if language not in LANGUAGES:
        raise Invalid("unknown-language", "language")


def renew_link(feed: Feed, *, by: User, at: datetime | None = None) -> str:
    """A new token; the old link stops at once. Raises NotAllowed for another person's or a revoked feed."""
    if not may_change(by, feed):
        raise NotAllowed()
    token = new_token()
    feed.token_hash = hash_token(token)
    feed.renewed_at = at or now()
    feed.last_fetched_at = None
    db.session.flush()
    return token


def revoke(feed: Feed, *, by: User, at: datetime | None = None) -> None:
    """End the feed for good; its link stops at once. Raises NotAllowed for another person's or a revoked feed."""
    if not may_change(by, feed):
        raise NotAllowed()
    feed.revoked_at = at or now()
    db.session.flush()


def note_fetch(feed_id: int, *, at: datetime | None = None) -> None:
    """Remember when the feed was last fetched, to the quarter of an hour."""
    at = at or now()
    long_ago = or_(Feed.last_fetched_at.is_(None), Feed.last_fetched_at <= at - FETCH_NOTED_EVERY)
    db.session.execute(update(Feed).where(Feed.id == feed_id, long_ago).values(last_fetched_at=at))
