"""Mails that came back: each once, with what was done about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import User
from app.visits.invitation_models import Invitation
from app.visits.models import Visit


class Reply(Model):
    """One mail from the mailbox, or pasted; `why` says what keeps it from being acted on by itself."""

    __tablename__ = "reply"
    __table_args__ = (UniqueConstraint("key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]  # of its Message-ID: the same mail is taken once
    state: Mapped[str] = mapped_column(default="waiting", index=True)  # waiting taken outdated dismissed assigned
    why: Mapped[str] = mapped_column(default="")  # unknown-sender, other-person, no-match, no-answer, unreadable …
    sender: Mapped[str] = mapped_column(default="")
    subject: Mapped[str] = mapped_column(default="")
    text: Mapped[str] = mapped_column(default="")
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # method, answer, uid, sequence, times …
    attachments: Mapped[list[str]] = mapped_column(JSON, default=list)  # their names
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="SET NULL"), index=True)
    from_visitor: Mapped[bool] = mapped_column(default=False)  # it answers a mail to the visitor
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("invitation.id", ondelete="SET NULL"), index=True)
    received_at: Mapped[datetime] = mapped_column(UTCDateTime)
    handled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    handled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    invitation: Mapped[Invitation | None] = relationship()
    visit: Mapped[Visit | None] = relationship()
    handled_by: Mapped[User | None] = relationship()
