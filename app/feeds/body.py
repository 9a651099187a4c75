"""What a calendar program gets: rights first, then one cheap version check, and only if that fails a new body."""

from __future__ import annotations

import hashlib
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from flask_babel import force_locale, gettext

from app import calendars
from app.core.errors import NotFound
from app.core.time import now
from app.feeds.actions import FETCH_NOTED_EVERY, note_fetch
from app.feeds.models import ScopeKind
from app.feeds.queries import Subscription, find_scope, get_readable_feed
from app.feeds.rules import granted_level, hosts_shown
from app.feeds.selection import Shown, fragments_for, fresh_until
from app.feeds.stored import GZIP, IDENTITY, Built, Kept, etag_in, find_kept, keep, keep_packed, pack
from app.strategy.models import Goal


@dataclass(frozen=True, slots=True)
class Asked:
    """How a program asks: who it is, whether it reads gzip, the ETags (without quotes) of what it has already."""

    program: str
    reads_gzip: bool = False
    etags: Set[str] = frozenset()

    @property
    def coding(self) -> str:
        """The coding it gets."""
        return GZIP if self.reads_gzip else IDENTITY

    def has(self, etag: str) -> bool:
        """Whether it has what that ETag stands for, in the coding it would get."""
        return etag_in(etag, self.coding) in self.etags


@dataclass(frozen=True, slots=True)
class Served:
    """The answer to a fetch: `content` is None when the program has these bytes already.

    `built` and `packed` are to be stored, and `fetch_due` says that the fetch is to be noted: all of it afterwards.
    """

    feed_id: int
    asked: Asked
    kept: Kept
    content: bytes | None
    fetch_due: bool
    built: Built | None = None
    packed: bytes | None = None

    @property
    def etag(self) -> str:
        """The validator of the bytes in their coding, without quotes."""
        return etag_in(self.kept.etag, self.asked.coding)

    @property
    def has_news(self) -> bool:
        """Whether there is anything to store."""
        return self.fetch_due or self.built is not None or self.packed is not None


def serve(token: str, asked: Asked, *, at: datetime | None = None) -> Served:
    """Answer a fetch of the feed at that secret address; writes nothing.

    Raises NotFound for a token that is unknown or whose owner may no longer read the feed, alike.
    """
    at = at or now()
    feed = get_readable_feed(token, asked.program)
    fetch_due = feed.fetched_at is None or feed.fetched_at <= at - FETCH_NOTED_EVERY
    shown = shown_by(feed)
    kept = find_kept(shown, coding="" if asked.etags else asked.coding)
    if kept is not None and _is_good(kept, feed.version, at) and asked.has(kept.etag):
        return Served(feed.id, asked, kept, None, fetch_due)
    if kept is not None and asked.etags:
        kept = find_kept(shown, coding=asked.coding)
    if kept is None or not _is_good(kept, feed.version, at):
        return _built(feed, shown, asked, fetch_due, at)
    if kept.content is None:
        return _packed(feed, shown, asked, fetch_due, at)
    return Served(feed.id, asked, kept, kept.content, fetch_due)


def finish(served: Served, *, at: datetime | None = None) -> None:
    """Store what was made and note the fetch: to be called after the answer, in a short transaction of its own."""
    if served.built is not None:
        keep(served.built, served.packed)
    elif served.packed is not None:
        keep_packed(served.kept, served.packed)
    if served.fetch_due:
        note_fetch(served.feed_id, served.asked.program, at=at)


def shown_by(feed: Subscription) -> Shown:
    """What the feed shows now, by the rights its reader has now."""
    level = granted_level(feed.reader, feed.kind, feed.level)
    hosts = hosts_shown(feed.reader, feed.kind)
    return Shown(feed.kind, feed.scope_id, level, feed.language, feed.show_cancelled, hosts)


def _is_good(kept: Kept, version: int, at: datetime) -> bool:
    return kept.version == version and at < kept.fresh_until


def _built(feed: Subscription, shown: Shown, asked: Asked, fetch_due: bool, at: datetime) -> Served:
    # The version was read before the fragments: a change in between makes this body look old, never fresh.
    content = calendars.feed(calendar_name(shown), fragments_for(shown, at=at))
    etag = hashlib.blake2b(content, digest_size=16).hexdigest()
    built = Built(shown, feed.version, fresh_until(shown, at=at), etag, content)
    kept = Kept(0, built.version, built.fresh_until, etag, content)
    if asked.has(etag):
        return Served(feed.id, asked, kept, None, fetch_due, built)
    packed = pack(content) if asked.reads_gzip else None
    return Served(feed.id, asked, kept, packed or content, fetch_due, built, packed)


def _packed(feed: Subscription, shown: Shown, asked: Asked, fetch_due: bool, at: datetime) -> Served:
    """Nobody has asked for this body compressed before."""
    plain = find_kept(shown, coding=IDENTITY)
    if plain is None or plain.content is None:
        return _built(feed, shown, asked, fetch_due, at)
    packed = pack(plain.content)
    return Served(feed.id, asked, plain, packed, fetch_due, packed=packed)


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
