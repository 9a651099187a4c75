"""The visit and what hangs on it: themes, goals, partnerships, offers, activities."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import Host, User
from app.strategy.models import Counterpart, Goal, Occasion, Partnership, Theme
from app.visits.statuses import Status

if TYPE_CHECKING:
    from app.visits.programme_models import Appointment, Delegate, FollowUp, Message, Outcome

STATUSES = ", ".join(f"'{status.value}'" for status in Status)


class Visit(Model):
    """One row from the first request to the final report."""

    __tablename__ = "visit"
    __table_args__ = (CheckConstraint(f"status IN ({STATUSES})", name="status"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    source: Mapped[str] = mapped_column(default="visitor")  # visitor | coordinator | import
    language: Mapped[str] = mapped_column(default="en")  # of the visitor's pages and mails
    invitations: Mapped[str] = mapped_column(default="each")  # the visitor's, by mail: each, together, none
    submit_key: Mapped[str | None] = mapped_column(
        unique=True
    )  # the draft it came from: a form sent twice is one visit
    submitted_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    received_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    # who writes
    counterpart_id: Mapped[int | None] = mapped_column(ForeignKey("counterpart.id"), index=True)
    organisation: Mapped[str]
    organisation_type: Mapped[str] = mapped_column(default="other")
    country: Mapped[str] = mapped_column(default="", index=True)  # ISO 3166-1 alpha-2
    city: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    on_behalf_of: Mapped[str] = mapped_column(default="")
    contact_name: Mapped[str] = mapped_column(default="")
    contact_email: Mapped[str] = mapped_column(default="")
    contact_phone: Mapped[str] = mapped_column(default="")
    # the delegation
    head_name: Mapped[str] = mapped_column(default="")
    head_title: Mapped[str] = mapped_column(default="")
    head_level: Mapped[str] = mapped_column(default="")
    group_size: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)  # ISO 639
    interpreter_needed: Mapped[bool] = mapped_column(default=False)
    # the visit
    purpose: Mapped[str] = mapped_column(default="")
    wanted_hosts: Mapped[list[str]] = mapped_column(JSON, default=list)  # as typed
    relation: Mapped[str] = mapped_column(default="")
    previous_visit: Mapped[str] = mapped_column(default="")
    event: Mapped[str] = mapped_column(default="")
    in_return: Mapped[str] = mapped_column(default="")
    occasion_id: Mapped[int | None] = mapped_column(ForeignKey("occasion.id"), index=True)
    # when
    duration_hours: Mapped[float | None]
    flexibility: Mapped[str] = mapped_column(default="")
    rest_of_stay: Mapped[str] = mapped_column(default="")
    # what routing said: Proposal.to_json()
    routing: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    decision: Mapped[str] = mapped_column(default="", index=True)
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    # who has it
    lead_host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"), index=True)
    lead_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    # how it ended
    closing_reason: Mapped[str] = mapped_column(default="")  # a code of app/visits/reasons.py
    closing_text: Mapped[str] = mapped_column(default="")
    alternatives: Mapped[str] = mapped_column(default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)

    counterpart: Mapped[Counterpart | None] = relationship()
    occasion: Mapped[Occasion | None] = relationship()
    lead_host: Mapped[Host | None] = relationship()
    lead_user: Mapped[User | None] = relationship()
    merged_into: Mapped[Visit | None] = relationship(remote_side=[id])
    windows: Mapped[list[VisitWindow]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="VisitWindow.position"
    )
    theme_links: Mapped[list[VisitTheme]] = relationship(back_populates="visit", cascade="all, delete-orphan")
    goal_links: Mapped[list[VisitGoal]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="VisitGoal.score.desc()"
    )
    partnership_links: Mapped[list[VisitPartnership]] = relationship(
        back_populates="visit", cascade="all, delete-orphan"
    )
    offers: Mapped[list[Offer]] = relationship(back_populates="visit", order_by="Offer.id")
    activities: Mapped[list[Activity]] = relationship(back_populates="visit", order_by="Activity.id")
    appointments: Mapped[list[Appointment]] = relationship(
        "Appointment", back_populates="visit", order_by="Appointment.starts_at"
    )
    delegates: Mapped[list[Delegate]] = relationship("Delegate", back_populates="visit", order_by="Delegate.id")
    messages: Mapped[list[Message]] = relationship("Message", back_populates="visit", order_by="Message.id")
    outcome: Mapped[Outcome | None] = relationship("Outcome", back_populates="visit", uselist=False)
    follow_ups: Mapped[list[FollowUp]] = relationship("FollowUp", back_populates="visit", order_by="FollowUp.due_on")

    @property
    def themes(self) -> list[Theme]:
        """The visit's themes, those a person set or confirmed and those suggested alike."""
        return [link.theme for link in self.theme_links]

    @property
    def co_hosts(self) -> list[Host]:
        """The hosts that have joined with a part."""
        return [offer.host for offer in self.offers if offer.status == "joined"]


class VisitWindow(Model):
    """One of up to three spans of dates in which the visit could be."""

    __tablename__ = "visit_window"
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    visit: Mapped[Visit] = relationship(back_populates="windows")


class VisitTheme(Model):
    """A visit is about a theme; origin: visitor (ticked), router, person (set by staff)."""

    __tablename__ = "visit_theme"
    __table_args__ = (UniqueConstraint("visit_id", "theme_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id"), index=True)
    origin: Mapped[str] = mapped_column(default="visitor")
    visit: Mapped[Visit] = relationship(back_populates="theme_links")
    theme: Mapped[Theme] = relationship()


class VisitGoal(Model):
    """A visit serves a goal; state: suggested (by routing), confirmed or removed (by a person)."""

    __tablename__ = "visit_goal"
    __table_args__ = (UniqueConstraint("visit_id", "goal_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    state: Mapped[str] = mapped_column(default="suggested")
    score: Mapped[float] = mapped_column(default=0.0)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    visit: Mapped[Visit] = relationship(back_populates="goal_links")
    goal: Mapped[Goal] = relationship()


class VisitPartnership(Model):
    """A visit comes through a partnership; origin as for themes."""

    __tablename__ = "visit_partnership"
    __table_args__ = (UniqueConstraint("visit_id", "partnership_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnership.id"), index=True)
    origin: Mapped[str] = mapped_column(default="router")
    visit: Mapped[Visit] = relationship(back_populates="partnership_links")
    partnership: Mapped[Partnership] = relationship()


class Offer(Model):
    """A visit shown to one host, as lead or as part, with score and reasons."""

    __tablename__ = "offer"
    __table_args__ = (UniqueConstraint("visit_id", "host_id", "part"), Index("ix_offer_status_due", "status", "due_at"))
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("host.id"), index=True)
    part: Mapped[str]  # lead | part
    status: Mapped[str] = mapped_column(default="open", index=True)  # open claimed joined declined lapsed closed
    wave: Mapped[int] = mapped_column(default=1)
    score: Mapped[float] = mapped_column(default=0.0)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    note: Mapped[str] = mapped_column(default="")  # what a person wants of this host
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decline_reason: Mapped[str] = mapped_column(default="")
    decline_text: Mapped[str] = mapped_column(default="")
    better_host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"))
    visit: Mapped[Visit] = relationship(back_populates="offers")
    host: Mapped[Host] = relationship(foreign_keys=[host_id])
    better_host: Mapped[Host | None] = relationship(foreign_keys=[better_host_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])


class Activity(Model):
    """One verb carried out on a visit or on something of it: history, statistic and trigger of mail at once."""

    __tablename__ = "activity"
    __table_args__ = (
        Index("ix_activity_unannounced", "announced_at", "id"),
        Index("ix_activity_verb_time", "verb", "at"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str] = mapped_column(default="visit")  # visit offer appointment message outcome delegate follow-up
    subject_id: Mapped[int | None]
    verb: Mapped[str] = mapped_column(index=True)
    status_before: Mapped[str | None]
    status_after: Mapped[str]
    actor: Mapped[str]  # visitor | user | system
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    reason: Mapped[str] = mapped_column(default="")
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    announced_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    visit: Mapped[Visit] = relationship(back_populates="activities")
    user: Mapped[User | None] = relationship()
    host: Mapped[Host | None] = relationship()
