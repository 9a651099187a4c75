"""Bodies kept for sending: read with one statement, so that ETag and bytes belong together; replaced as a whole."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Insert, and_, bindparam, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.feeds.models import FeedBody, FeedContent
from app.feeds.selection import Shown

IDENTITY, GZIP = "identity", "gzip"


def etag_in(etag: str, coding: str) -> str:
    """The validator of those bytes in that coding: different bytes need different ones (RFC 9110, 8.8.3.3)."""
    return etag if coding == IDENTITY else f"{etag}-{coding}"


_KEYS = ("scope_kind", "scope_id", "level", "language", "show_cancelled", "hosts")


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored body, with its bytes in the coding asked for, if they were asked for and are there."""

    id: int
    version: int
    fresh_until: datetime
    etag: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Built:
    """A body just made from that version of the scope, to be stored in a transaction of its own."""

    shown: Shown
    version: int
    fresh_until: datetime
    etag: str
    content: bytes


# Built once: making and compiling a statement costs more than asking it.
_META = select(FeedBody.id, FeedBody.version, FeedBody.fresh_until, FeedBody.etag).where(
    *(getattr(FeedBody, key) == bindparam(key) for key in _KEYS)
)
_WHOLE = _META.add_columns(FeedContent.content).outerjoin(
    FeedContent, and_(FeedContent.feed_body_id == FeedBody.id, FeedContent.coding == bindparam("coding"))
)


def find_kept(shown: Shown, *, coding: str = "") -> Kept | None:
    """The stored body, good or not; its bytes only when a coding is named."""
    keys = _keys(shown)
    statement, asked = (_WHOLE, {**keys, "coding": coding}) if coding else (_META, keys)
    row = db.session.execute(statement, asked).first()
    if row is None:
        return None
    return Kept(row.id, row.version, row.fresh_until, row.etag, row.content if coding else None)


def keep(built: Built, packed: bytes | None) -> None:
    """Store the body for the next fetch; one built from a newer version meanwhile is left alone."""
    body_id = db.session.scalar(_upsert(built))
    if body_id is None:
        return
    db.session.execute(delete(FeedContent).where(FeedContent.feed_body_id == body_id))
    contents = {IDENTITY: built.content, GZIP: packed}
    for coding, content in contents.items():
        if content is not None:
            db.session.execute(_insert(FeedContent).values(feed_body_id=body_id, coding=coding, content=content))


def keep_packed(kept: Kept, packed: bytes) -> None:
    """Store the compressed form of a body that is still the same; another node may have been faster."""
    same = select(FeedBody.id, literal(GZIP), literal(packed)).where(FeedBody.id == kept.id, FeedBody.etag == kept.etag)
    db.session.execute(
        _insert(FeedContent).from_select(["feed_body_id", "coding", "content"], same).on_conflict_do_nothing()
    )


def pack(content: bytes) -> bytes:
    """The bytes in gzip coding, without a date: the same input gives the same bytes. Quick rather than small."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def _keys(shown: Shown) -> dict[str, object]:
    return {
        "scope_kind": shown.kind,
        "scope_id": shown.scope_id,
        "level": shown.level,
        "language": shown.language,
        "show_cancelled": shown.show_cancelled,
        "hosts": shown.hosts,
    }


def _insert(model: type[FeedBody] | type[FeedContent]) -> postgresql.Insert | sqlite.Insert:
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(model) if is_postgres else sqlite.insert(model)


def _upsert(built: Built) -> Insert:
    keys = _keys(built.shown)
    values = {"version": built.version, "fresh_until": built.fresh_until, "etag": built.etag}
    into = _insert(FeedBody).values(**keys, **values)
    no_newer = FeedBody.version <= built.version
    return into.on_conflict_do_update(index_elements=list(keys), set_=values, where=no_newer).returning(FeedBody.id)
