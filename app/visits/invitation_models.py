"""Who has been invited to which appointment, what their calendar was last told, and what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import User
from app.visits.programme_models import Appointment

VISITOR_KEY = "visitor"


class Invitation(Model):
    """One appointment and one person who attends it: the visitor's contact, or a contact person of a host.

    `told` is what their calendar knows: status, start, end, place, title, text, the place's name and address in every
    language; empty before the first mail has left.
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("appointment_id", "attendee"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"))
    attendee: Mapped[str]  # u<id of the user>, or visitor
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    address: Mapped[str] = mapped_column(default="")  # where the last calendar part went
    told: Mapped[list[Any]] = mapped_column(JSON, default=list)
    way: Mapped[str] = mapped_column(default="")  # request, file, own (their own act: nothing was mailed), cancel
    sequence: Mapped[int] = mapped_column(default=0)  # of the appointment when it was told
    partstat: Mapped[str] = mapped_column(default="NEEDS-ACTION")  # or ACCEPTED, TENTATIVE, DECLINED
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    comment: Mapped[str] = mapped_column(default="")
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)  # who plans has decided what follows from a no
    # another time that was proposed, until the appointment is moved
    counter_starts_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    counter_ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    counter_elsewhere: Mapped[str] = mapped_column(default="", server_default="")  # or one on a clock that nobody knows
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    appointment: Mapped[Appointment] = relationship()
    user: Mapped[User | None] = relationship()

    @property
    def is_countered(self) -> bool:
        """Whether the last answer proposes another time."""
        return self.counter_starts_at is not None or bool(self.counter_elsewhere)

    def forget_counter(self) -> None:
        """No other time is proposed any more."""
        self.counter_starts_at = self.counter_ends_at = None
        self.counter_elsewhere = ""

    @property
    def is_shown(self) -> bool:
        """Whether the person's calendar shows the appointment because of a mail of ours."""
        return self.way in ("request", "file")
