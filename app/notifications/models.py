"""The outbox: every mail to a person, from the moment it is due until it is sent, failed or dropped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import User
from app.visits.models import Visit


class Notification(Model):
    """One mail to one person; `key` makes it one: the same fact never tells the same person twice."""

    __tablename__ = "notification"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_notification_due", "status", "next_attempt_at"),
        Index("ix_notification_notices", "user_id", "read_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # activity or date, kind, recipient
    kind: Mapped[str]  # a name in the catalogue
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activity.id", ondelete="SET NULL"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))  # None: the visitor
    address: Mapped[str]
    language: Mapped[str]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what was true when it was derived
    # due | rendered | held | sent | failed | superseded | missed | dropped
    # gathered: goes out as part of a digest; noted: the application alone tells of it
    status: Mapped[str] = mapped_column(default="due")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_attempt_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    away_tries: Mapped[int] = mapped_column(default=0)  # those of its attempts that found the server away
    away_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # the last one did; None once the server answered
    first_tried_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)  # by a sender; while claim is 0, by its maker
    claim: Mapped[int] = mapped_column(default=0)  # rises with every claim: who holds an older number may not send
    lost_claims: Mapped[int] = mapped_column(default=0)  # senders that ended while they had it
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")  # with {link} where the secret link goes
    html: Mapped[str] = mapped_column(default="")  # the same as a page, until the mail has left
    message_id: Mapped[str] = mapped_column(default="", index=True)
    headers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # sender, answers' address, thread
    calendar: Mapped[str] = mapped_column(default="")  # the iCalendar part, until the mail has left
    calendar_method: Mapped[str] = mapped_column(default="")  # REQUEST, CANCEL; PUBLISH for an attached file
    carries: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # what it tells of which Invitation
    sealed_link: Mapped[str | None]  # the link, encrypted, until the mail has left
    error: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # its reader settled it in the application
    part_of_id: Mapped[int | None] = mapped_column(ForeignKey("notification.id", ondelete="SET NULL"), index=True)
    visit: Mapped[Visit | None] = relationship()
    user: Mapped[User | None] = relationship()
