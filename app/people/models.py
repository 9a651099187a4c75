"""Tables of people: users, hosts, memberships, absences, places, links."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_login import UserMixin
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.languages import DEFAULT_LANGUAGE
from app.core.time import UTCDateTime
from app.extensions import Model, Named


class User(UserMixin, Model):
    """A person who signs in; a member of hosts, a coordinator, an administrator, or several of these."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default=DEFAULT_LANGUAGE)
    invitations: Mapped[str] = mapped_column(default="each")  # to appointments, by mail: each, together, none
    # groups of mails that are wanted daily, or in the application only (app/notifications/groups.py)
    mail_ways: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    # {"from": "21:00", "until": "07:00", "zone": "Europe/Oslo"}; None: the city's, on the venue's clock
    quiet_hours: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    is_coordinator: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    # as a host's; None: open as long as one's host is
    opening_hours: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    deactivated_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    # Raised to end every session of this person at once; part of the session's identity.
    session_version: Mapped[int] = mapped_column(default=1)
    memberships: Mapped[list[Membership]] = relationship(back_populates="user", cascade="all, delete-orphan")
    absences: Mapped[list[Absence]] = relationship(
        foreign_keys="Absence.user_id", back_populates="user", cascade="all, delete-orphan", passive_deletes=True
    )
    stands_in: Mapped[list[Absence]] = relationship(
        foreign_keys="Absence.backup_user_id", back_populates="backup_user", passive_deletes=True
    )

    @property
    def is_active(self) -> bool:
        """Whether this person may be signed in at all (Flask-Login's word)."""
        return self.deactivated_at is None

    @property
    def hosts(self) -> list[Host]:
        """The hosts this person is a member of, retired ones left out."""
        return [m.host for m in self.memberships if m.host.retired_at is None]

    def get_id(self) -> str:
        """What the session keeps: the row and the version of its sessions."""
        return f"{self.id}.{self.session_version}"


class Host(Named, Model):
    """An organisation that receives: a department, an agency or a regional partner."""

    __tablename__ = "host"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(default="partner")  # department | agency | partner
    description_en: Mapped[str] = mapped_column(default="")
    description_nb: Mapped[str] = mapped_column(default="")
    description_nn: Mapped[str] = mapped_column(default="")
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"), index=True)
    backup_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"), index=True)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    daily_cap: Mapped[int | None]
    weekly_cap: Mapped[int | None]
    monthly_cap: Mapped[int | None]
    notice_days: Mapped[int] = mapped_column(default=14)
    # {"mon": ["09:00", "15:30"], ...}: local wall time
    opening_hours: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    email: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")  # "strategy" or "assumed"
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    owner: Mapped[Host | None] = relationship(remote_side=[id], foreign_keys=[owner_id])
    backup: Mapped[Host | None] = relationship(remote_side=[id], foreign_keys=[backup_id], back_populates="backs")
    backs: Mapped[list[Host]] = relationship(foreign_keys=[backup_id], back_populates="backup")
    memberships: Mapped[list[Membership]] = relationship(back_populates="host", cascade="all, delete-orphan")
    absences: Mapped[list[Absence]] = relationship(
        foreign_keys="Absence.host_id", back_populates="host", cascade="all, delete-orphan", passive_deletes=True
    )
    stands_in: Mapped[list[Absence]] = relationship(
        foreign_keys="Absence.backup_host_id", back_populates="backup_host", passive_deletes=True
    )

    @property
    def members(self) -> list[User]:
        """The active people of this host, by name."""
        return sorted((m.user for m in self.memberships if m.user.is_active), key=lambda u: u.name)


class Membership(Model):
    """A person's place in a host."""

    __tablename__ = "membership"
    __table_args__ = (UniqueConstraint("user_id", "host_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    host_id: Mapped[int] = mapped_column(ForeignKey("host.id", ondelete="CASCADE"), index=True)
    user: Mapped[User] = relationship(back_populates="memberships")
    host: Mapped[Host] = relationship(back_populates="memberships")


class Absence(Model):
    """Days on which a host or one person is away (both ends included), and who stands in: a host or a person."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("(host_id IS NULL) <> (user_id IS NULL)", name="whose"),
        CheckConstraint("starts_on <= ends_on", name="order"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)
    backup_host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id", ondelete="SET NULL"), index=True)
    backup_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    host: Mapped[Host | None] = relationship(foreign_keys=[host_id], back_populates="absences")
    user: Mapped[User | None] = relationship(foreign_keys=[user_id], back_populates="absences")
    backup_host: Mapped[Host | None] = relationship(foreign_keys=[backup_host_id], back_populates="stands_in")
    backup_user: Mapped[User | None] = relationship(foreign_keys=[backup_user_id], back_populates="stands_in")

    def covers(self, day: date) -> bool:
        """Whether that day is one of the absence."""
        return self.starts_on <= day <= self.ends_on


class QuietPeriod(Model):
    """Days on which a host or one person takes no visits (both ends included), though they are at work and answer."""

    __tablename__ = "quiet_period"
    __table_args__ = (
        CheckConstraint("(host_id IS NULL) <> (user_id IS NULL)", name="whose"),
        CheckConstraint("starts_on <= ends_on", name="order"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    host: Mapped[Host | None] = relationship(foreign_keys=[host_id])
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])


class Place(Named, Model):
    """An address or a room, of a host or of the city."""

    __tablename__ = "place"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    host_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"), index=True)
    address: Mapped[str] = mapped_column(default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    exclusive: Mapped[bool] = mapped_column(default=False)  # one group at a time
    capacity: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    host: Mapped[Host | None] = relationship()


class Link(Model):
    """A secret link that lets somebody in for one purpose: visit, confirm-address, sign-in, invitation.

    Several may be valid at once: each mail mints its own. Only the hash is stored.
    """

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_purpose_subject", "purpose", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    subject_id: Mapped[int]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
