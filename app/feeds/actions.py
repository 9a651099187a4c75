"""Making, renewing and revoking feeds, and noting that one was fetched."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Insert, case, delete, or_
from sqlalchemy.dialects import postgresql, sqlite

from app.core.errors import Invalid, NotAllowed
from app.core.languages import LANGUAGES
from app.core.text import clean_line
from app.core.time import now
from app.core.tokens import hash_token, new_token
from app.extensions import db
from app.feeds.models import LEVEL_NAMES, Feed, FeedFetch, ScopeKind
from app.feeds.queries import count_feeds_of, may_choose
from app.feeds.rules import granted_level, may_change, reader_of
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
    """A new feed and its token, which is shown once and never stored; its level is what the rules grant, at most.

    Raises NotAllowed for a scope that is not theirs or not in force, Invalid for a bad name, level or language, or
    too many feeds.
    """
    name = clean_line(name)
    _check(name, level, language)
    if not may_choose(by, kind, scope_id):
        raise NotAllowed()
    if count_feeds_of(by) >= MOST_FEEDS:
        raise Invalid("too-many-feeds", "name", most=MOST_FEEDS)
    token = new_token()
    feed = Feed(
        user_id=by.id,
        name=name,
        scope_kind=ScopeKind(kind),
        scope_id=scope_id,
        level=granted_level(reader_of(by), kind, level),
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
    db.session.execute(delete(FeedFetch).where(FeedFetch.feed_id == feed.id))
    db.session.flush()
    db.session.expire(feed, ["fetches"])
    return token


def revoke(feed: Feed, *, by: User, at: datetime | None = None) -> None:
    """End the feed for good; its link stops at once. Raises NotAllowed for another person's or a revoked feed."""
    if not may_change(by, feed):
        raise NotAllowed()
    feed.revoked_at = at or now()
    db.session.flush()


def note_fetch(feed_id: int, program: str, version: int, *, at: datetime | None = None) -> None:
    """Remember that the program fetched that version of the feed; of many nodes at once one writes.

    The same version to the quarter of an hour; a newer one at once, as mails ask whether a program has a change.
    """
    at = at or now()
    db.session.execute(_noting(feed_id, program, version, at))


def _noting(feed_id: int, program: str, version: int, at: datetime) -> Insert:
    keys = {"feed_id": feed_id, "program": program}
    is_due = or_(FeedFetch.fetched_at <= at - FETCH_NOTED_EVERY, FeedFetch.version < version)
    newest = case((FeedFetch.version > version, FeedFetch.version), else_=version)
    dialect = postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite
    into = dialect.insert(FeedFetch).values(**keys, fetched_at=at, version=version)
    changed = {"fetched_at": at, "version": newest}
    return into.on_conflict_do_update(index_elements=list(keys), set_=changed, where=is_due)
