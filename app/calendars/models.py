"""Tables of others' calendars: where one lies, how its last fetching went, and when its owner is busy."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import Host, User


class ExternalCalendar(Model):
    """A person's or a host's own calendar, published by another program at a secret address."""

    __tablename__ = "external_calendar"
    __table_args__ = (
        CheckConstraint("(host_id IS NULL) <> (user_id IS NULL)", name="whose"),
        CheckConstraint("state IN ('never', 'ok', 'failed')", name="state"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(default="")  # the owner's own word for it
    sealed_url: Mapped[str]  # encrypted; whoever reads it reads the calendar
    etag: Mapped[str] = mapped_column(default="")
    modified: Mapped[str] = mapped_column(default="")  # Last-Modified, as the other side wrote it
    state: Mapped[str] = mapped_column(default="never")
    failure: Mapped[str] = mapped_column(default="")  # one of busy.FAILURES, with state "failed"
    fetched_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # when it last went well
    attempted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    unreadable: Mapped[int] = mapped_column(default=0)  # events that made no sense
    seen_until: Mapped[date | None]  # how far ahead its blocks reach
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    taken_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # somebody is fetching it
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    host: Mapped[Host | None] = relationship(foreign_keys=[host_id])
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])


class BusyBlock(Model):
    """A time when the owner of a calendar is busy; nothing else is known of it."""

    __tablename__ = "busy_block"
    __table_args__ = (Index("ix_busy_block_calendar_time", "calendar_id", "starts_at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("external_calendar.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    tentative: Mapped[bool] = mapped_column(default=False)
