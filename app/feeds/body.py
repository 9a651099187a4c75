"""What a calendar program gets: rights first, then one cheap version check, and only if that fails a new body."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy import Insert
from sqlalchemy.dialects import postgresql, sqlite

from app import calendars
from app.core.errors import NotFound
from app.core.time import now
from app.extensions import db
from app.feeds.actions import FETCH_NOTED_EVERY
from app.feeds.models import Feed, FeedBody, ScopeKind
from app.feeds.queries import get_readable_feed
from app.feeds.rules import hosts_shown
from app.feeds.selection import Shown, fragments_for, fresh_until
from app.people.models import Host
from app.visits.scopes import version_of


@dataclass(frozen=True, slots=True)
class Built:
    """A body just made, to be stored in a transaction of its own."""

    shown: Shown
    version: int
    fresh_until: datetime
    etag: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Served:
    """The answer to a fetch: `body` is None when the program has these bytes already.

    `built` is to be stored, and `fetch_due` says that the fetch is to be noted: both after the reading is over.
    """

    feed_id: int
    etag: str
    body: bytes | None
    fetch_due: bool
    built: Built | None = None


def serve(token: str, *, has_already: Callable[[str], bool], at: datetime | None = None) -> Served:
    """Answer a fetch of the feed at that secret address; writes nothing.

    `has_already` says of an ETag (without quotes) whether the program holds it. Raises NotFound for a token that is
    unknown or whose owner may no longer read the feed, alike.
    """
    at = at or now()
    feed = get_readable_feed(token)
    fetch_due = feed.last_fetched_at is None or feed.last_fetched_at <= at - FETCH_NOTED_EVERY
    shown = _shown(feed)
    version = version_of(shown.kind, shown.scope_id)
    stored = _find_stored(shown)
    if stored is not None and _is_good(stored, shown, version, at):
        body = None if has_already(stored.etag) else stored.body
        return Served(feed.id, stored.etag, body, fetch_due)
    built = _build(shown, version, at)
    return Served(feed.id, built.etag, None if has_already(built.etag) else built.body, fetch_due, built)


def store(built: Built) -> None:
    """Keep the body for the next fetch; one built from a newer version meanwhile is left alone."""
    keys = _keys(built.shown)
    values = {
        "version": built.version,
        "hosts": built.shown.hosts,
        "fresh_until": built.fresh_until,
        "etag": built.etag,
        "body": built.body,
    }
    db.session.execute(_upsert(keys, values))


def _shown(feed: Feed) -> Shown:
    hosts = hosts_shown(feed)
    return Shown(feed.scope_kind, feed.scope_id, feed.level, feed.language, feed.show_cancelled, hosts)


def _keys(shown: Shown) -> dict[str, object]:
    return {
        "scope_kind": shown.kind,
        "scope_id": shown.scope_id,
        "level": shown.level,
        "language": shown.language,
        "show_cancelled": shown.show_cancelled,
    }


def _find_stored(shown: Shown) -> FeedBody | None:
    return db.session.get(FeedBody, _keys(shown))


def _is_good(stored: FeedBody, shown: Shown, version: int, at: datetime) -> bool:
    return stored.version == version and stored.hosts == shown.hosts and at < stored.fresh_until


def _build(shown: Shown, version: int, at: datetime) -> Built:
    # The version was read before the fragments: a change in between makes this body look old, never fresh.
    body = calendars.feed(_calendar_name(shown), fragments_for(shown, at=at))
    etag = hashlib.sha256(body).hexdigest()[:32]
    return Built(shown, version, fresh_until(shown, at=at), etag, body)


def _calendar_name(shown: Shown) -> str:
    with force_locale(shown.language):
        match shown.kind:
            case ScopeKind.MINE:
                return str(gettext("My visits"))
            case ScopeKind.HOST:
                host = db.session.get(Host, shown.scope_id)
                if host is None:
                    raise NotFound()
                return str(gettext("Visits: %(host)s", host=host.name_in(shown.language)))
        return str(gettext("All visits"))


def _upsert(keys: dict[str, object], values: dict[str, object]) -> Insert:
    no_newer = FeedBody.version <= values["version"]
    if db.session.get_bind().dialect.name == "postgresql":
        into = postgresql.insert(FeedBody).values(**keys, **values)
        return into.on_conflict_do_update(index_elements=list(keys), set_=values, where=no_newer)
    into_sqlite = sqlite.insert(FeedBody).values(**keys, **values)
    return into_sqlite.on_conflict_do_update(index_elements=list(keys), set_=values, where=no_newer)
