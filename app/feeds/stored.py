"""Bodies kept for sending: written whole or by the weeks that changed, so that validator and bytes belong together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, bindparam, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.feeds.models import FeedBody, FeedPart
from app.feeds.parts import Body, join
from app.feeds.renewal import Anew
from app.feeds.selection import Shown

IDENTITY, GZIP = "identity", "gzip"


def etag_in(etag: str, coding: str) -> str:
    """The validator of those bytes in that coding: different bytes need different ones (RFC 9110, 8.8.3.3)."""
    return etag if coding == IDENTITY else f"{etag}-{coding}"


_KEYS = ("scope_kind", "scope_id", "level", "language", "show_cancelled", "hosts")


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a stored body without reading it."""

    id: int
    version: int
    fresh_until: datetime
    etag: str


@dataclass(frozen=True, slots=True)
class Built:
    """A body just made from that version of the scope, to be stored in a transaction of its own."""

    shown: Shown
    version: int
    fresh_until: datetime
    body: Body


@dataclass(frozen=True, slots=True)
class Renewed:
    """A stored body of which some weeks were made anew from that version of the scope, to be stored likewise."""

    body_id: int
    base_etag: str
    base_version: int
    version: int
    anew: Anew


# Built once: making and compiling a statement costs more than asking it.
_META = select(FeedBody.id, FeedBody.version, FeedBody.fresh_until, FeedBody.etag).where(
    *(getattr(FeedBody, key) == bindparam(key) for key in _KEYS)
)
_WHOLE = (
    select(FeedBody.opening, FeedPart.week, FeedPart.digest, FeedPart.content)
    .outerjoin(FeedPart, FeedPart.feed_body_id == FeedBody.id)
    .where(FeedBody.id == bindparam("body_id"), FeedBody.etag == bindparam("etag"))
    .order_by(FeedPart.week)
)


def find_kept(shown: Shown) -> Kept | None:
    """The stored body, good or not."""
    row = db.session.execute(_META, _keys(shown)).first()
    return None if row is None else Kept(*row)


def find_body(kept: Kept) -> Body | None:
    """The bytes, if they are still those of that validator; read with one statement."""
    rows = db.session.execute(_WHOLE, {"body_id": kept.id, "etag": kept.etag}).all()
    if not rows:
        return None
    body = join(rows[0].opening, ((row.week, row.digest, row.content) for row in rows if row.week is not None))
    return body if body.etag == kept.etag else None


def keep(built: Built) -> None:
    """Store the body for the next fetch; one built from a newer version meanwhile is left alone."""
    body_id = db.session.scalar(_upsert(built))
    if body_id is None:
        return
    db.session.execute(delete(FeedPart).where(FeedPart.feed_body_id == body_id))
    _insert_parts(body_id, {number: (digest, bytes(text)) for number, (digest, text) in built.body.slices().items()})


def keep_renewed(renewed: Renewed) -> None:
    """Store the weeks that changed, if the body is still the one they were made for; else somebody was faster."""
    anew = renewed.anew
    values: dict[str, object] = {"version": renewed.version, "etag": anew.body.etag}
    if anew.leaving_at is not None:
        sooner = FeedBody.fresh_until > anew.leaving_at, anew.leaving_at
        values["fresh_until"] = case(sooner, else_=FeedBody.fresh_until)
    same = FeedBody.etag == renewed.base_etag, FeedBody.version == renewed.base_version
    storing = update(FeedBody).where(FeedBody.id == renewed.body_id, *same).values(**values)
    if db.session.connection().execute(storing).rowcount == 0:
        return
    changed = FeedPart.feed_body_id == renewed.body_id, FeedPart.week.in_(list(anew.texts))
    db.session.execute(delete(FeedPart).where(*changed))
    now_there = anew.body.slices()
    parts = {number: (now_there[number][0], text) for number, text in anew.texts.items() if text}
    _insert_parts(renewed.body_id, parts)


def _insert_parts(body_id: int, parts: Mapping[int, tuple[bytes, bytes]]) -> None:
    for number, (digest, text) in parts.items():  # one by one: together they would be in memory once more
        row = {"feed_body_id": body_id, "week": number, "digest": digest, "content": text}
        db.session.execute(_insert(FeedPart).values(**row))


def _keys(shown: Shown) -> dict[str, object]:
    return {
        "scope_kind": shown.kind,
        "scope_id": shown.scope_id,
        "level": shown.level,
        "language": shown.language,
        "show_cancelled": shown.show_cancelled,
        "hosts": shown.hosts,
    }


def _insert(model: type[FeedBody] | type[FeedPart]) -> postgresql.Insert | sqlite.Insert:
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(model) if is_postgres else sqlite.insert(model)


def _upsert(built: Built) -> Insert:
    keys = _keys(built.shown)
    values = {
        "version": built.version,
        "fresh_until": built.fresh_until,
        "etag": built.body.etag,
        "opening": built.body.opening,
    }
    into = _insert(FeedBody).values(**keys, **values)
    no_newer = FeedBody.version <= built.version
    return into.on_conflict_do_update(index_elements=list(keys), set_=values, where=no_newer).returning(FeedBody.id)
