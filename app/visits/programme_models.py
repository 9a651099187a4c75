"""What a claimed visit gathers: appointments, delegates, messages, the outcome; and the draft before it all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import Host, Place, User
from app.visits.models import Visit


class Appointment(Model):
    """One stop of the programme: a host, a contact person, a place, start and end."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("status IN ('hold', 'tentative', 'confirmed', 'cancelled')", name="status"),
        Index("ix_appointment_contact_time", "contact_id", "starts_at"),
        Index("ix_appointment_place_time", "exclusive_place_id", "starts_at"),
        Index("ix_appointment_host_time", "host_id", "starts_at"),
        Index("ix_appointment_room_time", "place_id", "starts_at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)  # one for life
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("host.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"), index=True)
    # the place where it takes one group at a time: what the overlap rule looks at
    exclusive_place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    place_text: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    note: Mapped[str] = mapped_column(default="")  # for hosts
    visitor_note: Mapped[str] = mapped_column(default="")  # for the visitor: what to bring, what to wear
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    # when a visit runs late, this one stays: a minister, a boat that leaves
    fixed: Mapped[bool] = mapped_column(default=False, server_default=false())
    # half the group may be at another stop that says so too meanwhile, see halves.py
    splits: Mapped[bool] = mapped_column(default=False, server_default=false())
    status: Mapped[str] = mapped_column(default="hold")
    answer: Mapped[str] = mapped_column(default="accepted")  # asked | accepted | declined, by its host
    decline_text: Mapped[str] = mapped_column(default="")
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    hold_until: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    # what the visitor last accepted: starts_at, ends_at, place, host; empty before
    agreed: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # what the visitor goes by while a great change waits to be proposed, see withholding.py; empty otherwise
    known: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    visit: Mapped[Visit] = relationship(back_populates="appointments")
    host: Mapped[Host] = relationship()
    contact: Mapped[User | None] = relationship()
    place: Mapped[Place | None] = relationship(foreign_keys=[place_id])

    @property
    def is_cancelled(self) -> bool:
        """Whether it no longer takes place."""
        return self.status == "cancelled"

    @property
    def visitor_may_call(self) -> bool:
        """Whether the visitor may see the contact person's telephone and address: only once the stop is confirmed."""
        return self.status == "confirmed"


class Fragment(Model):
    """An appointment as one VEVENT, serialised when it changed; per level of detail and language.

    `week` is the number of the week of its start as the text says it: feeds are made week by week. `form` is what the
    version of the program that wrote it puts into such a text, see fragments.FORM.
    """

    __tablename__ = "fragment"
    __table_args__ = (
        UniqueConstraint("appointment_id", "level", "language"),
        Index("ix_fragment_week", "week", "level", "language"),
        Index("ix_fragment_form", "form"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id", ondelete="CASCADE"))
    level: Mapped[str]  # busy | team | full
    language: Mapped[str]
    body: Mapped[str]
    week: Mapped[int] = mapped_column(server_default="0")
    form: Mapped[int] = mapped_column(server_default="1")


class FeedScope(Model):
    """A version per scope of feeds, raised in the transaction that changes anything shown there.

    `whole` is the last version at which anything of it may have changed, not only the weeks told in FeedWeek.
    """

    __tablename__ = "feed_scope"
    kind: Mapped[str] = mapped_column(primary_key=True)  # user | host | all
    scope_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(default=1)
    whole: Mapped[int] = mapped_column(server_default="1")


class FeedWeek(Model):
    """The version of a scope at which events of that week last changed, came or went."""

    __tablename__ = "feed_week"
    kind: Mapped[str] = mapped_column(primary_key=True)
    scope_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    week: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]


class Delegate(Model):
    """One person of the delegation, entered by the visitor after the claim; needs, never reasons."""

    __tablename__ = "delegate"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    needs: Mapped[str] = mapped_column(default="")
    needs_consent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    visit: Mapped[Visit] = relationship(back_populates="delegates")


class Message(Model):
    """One message in the visit's thread; kind: message, question (pauses the clock), answer, note (staff only)."""

    __tablename__ = "message"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(default="message")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: the visitor
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"))
    body: Mapped[str]
    by_mail: Mapped[bool] = mapped_column(default=False, server_default=false())
    attachments: Mapped[list[str]] = mapped_column(JSON, default=list)  # names of files that were not kept
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    visit: Mapped[Visit] = relationship(back_populates="messages")
    user: Mapped[User | None] = relationship()
    host: Mapped[Host | None] = relationship()


class Outcome(Model):
    """What the lead host records afterwards."""

    __tablename__ = "outcome"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), unique=True)
    achieved: Mapped[int]  # 1-5
    text: Mapped[str] = mapped_column(default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    visit: Mapped[Visit] = relationship(back_populates="outcome")


class FollowUp(Model):
    """A commitment made during a visit, with an owner and a date."""

    __tablename__ = "follow_up"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    due_on: Mapped[date] = mapped_column(index=True)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    visit: Mapped[Visit] = relationship(back_populates="follow_ups")
    owner: Mapped[User | None] = relationship()


class Draft(Model):
    """A request being written; the browser's cookie holds only its token."""

    __tablename__ = "draft"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str] = mapped_column(default="en")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
