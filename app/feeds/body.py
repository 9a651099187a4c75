"""What a calendar program gets: rights first, then one cheap version check, and only if that fails a new body."""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime
from typing import NamedTuple

from flask_babel import force_locale, gettext

from app import calendars
from app.core.errors import NotFound
from app.core.time import now
from app.feeds.actions import FETCH_NOTED_EVERY, note_fetch
from app.feeds.models import ScopeKind
from app.feeds.parts import Body, assemble, pack
from app.feeds.queries import Subscription, find_scope, get_readable_feed
from app.feeds.rules import granted_level, hosts_shown
from app.feeds.selection import Shown, fresh_until, texts_for
from app.feeds.stored import GZIP, IDENTITY, Built, Kept, Renewed, etag_in, find_body, find_kept, keep, keep_renewed
from app.strategy.models import Goal


class Asked(NamedTuple):
    """How a program asks: who it is, in which coding it gets it, the ETags (without quotes) of what it has already."""

    program: str
    coding: str = IDENTITY
    etags: Set[str] = frozenset()

    def has(self, etag: str) -> bool:
        """Whether it has what that ETag stands for, in the coding it would get."""
        return etag_in(etag, self.coding) in self.etags


class Served(NamedTuple):
    """The answer to a fetch: `content` is None when the program has these bytes already.

    `made` is to be stored, and `fetch_due` says that the fetch is to be noted: all of it afterwards.
    """

    feed_id: int
    program: str
    version: int  # of the scope
    etag: str  # of the bytes in their coding, without quotes
    content: bytes | None
    fetch_due: bool
    made: Built | Renewed | None = None

    @property
    def has_news(self) -> bool:
        """Whether there is anything to store."""
        return self.fetch_due or self.made is not None


def serve(token: str, asked: Asked, *, at: datetime | None = None) -> Served:
    """Answer a fetch of the feed at that secret address; writes nothing.

    Raises NotFound for a token that is unknown or whose owner may no longer read the feed, alike.
    """
    at = at or now()
    feed = get_readable_feed(token, asked.program)
    shown = shown_by(feed)
    kept = find_kept(shown)
    if kept is not None and _is_good(kept, feed.version, at):
        if asked.has(kept.etag):
            return _served(feed, asked, kept.etag, None, at)
        body = find_body(kept)
        if body is not None:
            return _served(feed, asked, kept.etag, body, at)
    built = _built(feed, shown, at)
    body = None if asked.has(built.body.etag) else built.body
    return _served(feed, asked, built.body.etag, body, at, built)


def finish(served: Served, *, at: datetime | None = None) -> None:
    """Store what was made and note the fetch: to be called after the answer, in a short transaction of its own."""
    if isinstance(served.made, Built):
        keep(served.made)
    elif served.made is not None:
        keep_renewed(served.made)
    if served.fetch_due:
        note_fetch(served.feed_id, served.program, served.version, at=at)


def shown_by(feed: Subscription) -> Shown:
    """What the feed shows now, by the rights its reader has now."""
    level = granted_level(feed.reader, feed.kind, feed.level)
    hosts = hosts_shown(feed.reader, feed.kind)
    return Shown(feed.kind, feed.scope_id, level, feed.language, feed.show_cancelled, hosts)


def _is_good(kept: Kept, version: int, at: datetime) -> bool:
    return kept.version == version and at < kept.fresh_until


def _served(
    feed: Subscription, asked: Asked, etag: str, body: Body | None, at: datetime, built: Built | None = None
) -> Served:
    if body is not None and asked.coding == GZIP:
        body = pack(body)
    fetch_due = feed.fetched_at is None or feed.fetched_at <= at - FETCH_NOTED_EVERY
    content = body.content if body is not None else None
    return Served(feed.id, asked.program, feed.version, etag_in(etag, asked.coding), content, fetch_due, built)


def _built(feed: Subscription, shown: Shown, at: datetime) -> Built:
    # The version was read before the events: a change in between makes this body look old, never fresh.
    opening = calendars.feed_opening(calendar_name(shown)).encode()
    return Built(shown, feed.version, fresh_until(shown, at=at), assemble(opening, texts_for(shown, at=at)))


def calendar_name(shown: Shown) -> str:
    """What the calendar is called in the program, in the feed's language; raises NotFound where the row is gone."""
    with force_locale(shown.language):
        if shown.kind == ScopeKind.MINE:
            return str(gettext("My visits"))
        if shown.kind == ScopeKind.ALL:
            return str(gettext("All visits"))
        scope = find_scope(shown.kind, shown.scope_id)
        if scope is None or scope.row is None:
            raise NotFound()
        name = scope.row.name_in(shown.language)
        number = f"{scope.row.slug} " if isinstance(scope.row, Goal) and scope.row.kind == "priority" else ""
        return str(gettext("Visits: %(name)s", name=number + name))
