"""Tables of feeds: the subscription itself, and the calendar kept ready for sending."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import User


class ScopeKind(StrEnum):
    """Whose appointments a feed shows; the words of FeedScope."""

    MINE = "user"
    HOST = "host"
    ALL = "all"


class Level(StrEnum):
    """How much a feed tells: only that time is taken; what, where, who; or with contact and note too."""

    BUSY = "busy"
    TEAM = "team"
    FULL = "full"


KINDS = ", ".join(f"'{kind}'" for kind in ScopeKind)
LEVEL_NAMES = tuple(level.value for level in Level)
LEVELS = ", ".join(f"'{level}'" for level in LEVEL_NAMES)


class Feed(Model):
    """A subscription at a secret address; only the hash of its token is stored, the link is shown once."""

    __tablename__ = "feed"
    __table_args__ = (
        CheckConstraint(f"scope_kind IN ({KINDS})", name="scope_kind"),
        CheckConstraint(f"level IN ({LEVELS})", name="level"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    scope_kind: Mapped[str]
    scope_id: Mapped[int]  # the user's or the host's id; 0 for all
    level: Mapped[str]
    language: Mapped[str]
    show_cancelled: Mapped[bool] = mapped_column(default=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    renewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User] = relationship()


class FeedBody(Model):
    """A calendar ready for sending; good while the scope's version and the reader's hosts are the same.

    `fresh_until` is when the passing of time alone changes it: a cancelled appointment leaves, a year begins.
    """

    __tablename__ = "feed_body"
    scope_kind: Mapped[str] = mapped_column(primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    level: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    show_cancelled: Mapped[bool] = mapped_column(primary_key=True)
    version: Mapped[int]
    hosts: Mapped[str] = mapped_column(default="")  # of a person's feed: ids of the hosts it may show, or "all"
    fresh_until: Mapped[datetime] = mapped_column(UTCDateTime)
    etag: Mapped[str]
    body: Mapped[bytes] = deferred(mapped_column(LargeBinary))
