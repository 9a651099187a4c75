"""Tables of feeds: the subscription itself, who fetched it, and the calendar kept ready for sending."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import User


class ScopeKind(StrEnum):
    """Whose appointments, or appointments of what, a feed shows; the words of FeedScope."""

    MINE = "user"
    HOST = "host"
    PLACE = "place"
    GOAL = "goal"
    PARTNERSHIP = "partnership"
    THEME = "theme"
    ALL = "all"


# Scopes that cut across hosts: a coordinator reads all of one, anybody else what they may see of it.
SHARED = (ScopeKind.PLACE, ScopeKind.GOAL, ScopeKind.PARTNERSHIP, ScopeKind.THEME)


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
    scope_id: Mapped[int]  # the id of the user, host, place, goal, partnership or theme; 0 for all
    level: Mapped[str]
    language: Mapped[str]
    show_cancelled: Mapped[bool] = mapped_column(default=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    renewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user: Mapped[User] = relationship()
    fetches: Mapped[list[FeedFetch]] = relationship(
        back_populates="feed",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="FeedFetch.fetched_at.desc()",
    )


class FeedFetch(Model):
    """When a program last fetched a feed, and which version it got; the program by a coarse name only.

    The same version is noted once in a quarter of an hour, another one at once.
    """

    __tablename__ = "feed_fetch"
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id", ondelete="CASCADE"), primary_key=True)
    program: Mapped[str] = mapped_column(primary_key=True)  # a name of programs.py
    fetched_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version: Mapped[int] = mapped_column(default=0, server_default="0")  # of the scope, see FeedScope; 0: not known
    feed: Mapped[Feed] = relationship(back_populates="fetches")


class FeedBody(Model):
    """A calendar ready for sending; good while the scope's version is the same and its time is not over.

    `hosts` are the readers' hosts that decided what is in it, see rules.hosts_shown: their people share it.
    `fresh_until` is when the passing of time alone changes it: a cancelled appointment leaves, a year begins.
    `opening` is what stands before the events. Everything of it but the events of its weeks, which are FeedParts.
    """

    __tablename__ = "feed_body"
    __table_args__ = (
        UniqueConstraint(
            "scope_kind", "scope_id", "level", "language", "show_cancelled", "hosts", name="uq_feed_body_shown"
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    scope_kind: Mapped[str]
    scope_id: Mapped[int]
    level: Mapped[str]
    language: Mapped[str]
    show_cancelled: Mapped[bool]
    hosts: Mapped[str]
    version: Mapped[int]
    fresh_until: Mapped[datetime] = mapped_column(UTCDateTime)
    etag: Mapped[str]
    opening: Mapped[bytes] = mapped_column(LargeBinary, server_default="")


class FeedPart(Model):
    """The events of a body that begin in one week, as text, and its digest; a change replaces those it touches."""

    __tablename__ = "feed_part"
    feed_body_id: Mapped[int] = mapped_column(ForeignKey("feed_body.id", ondelete="CASCADE"), primary_key=True)
    week: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)
