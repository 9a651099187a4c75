"""Tables of the strategy: goals, themes, partnerships, occasions, counterparts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model, Named
from app.people.models import Host


class Framework(Named, Model):
    """A set of goals: the international strategy, the municipal plan, the UN goals."""

    __tablename__ = "framework"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # strategy | kps | sdg
    adopted: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    goals: Mapped[list[Goal]] = relationship(back_populates="framework", order_by="Goal.position")


class Goal(Named, Model):
    """A node of a framework; visits are linked to it."""

    __tablename__ = "goal"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)  # "1.3", "part-1", "goal-1", "kps-…", "sdg-11"
    framework_id: Mapped[int] = mapped_column(ForeignKey("framework.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("goal.id"), index=True)
    kind: Mapped[str]  # part | goal | priority | aim | area | sdg
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    framework: Mapped[Framework] = relationship(back_populates="goals")
    parent: Mapped[Goal | None] = relationship(remote_side=[id], back_populates="children")
    children: Mapped[list[Goal]] = relationship(back_populates="parent", order_by="Goal.position")


class Theme(Named, Model):
    """A subject that a visit is about and hosts answer for."""

    __tablename__ = "theme"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    examples_en: Mapped[str] = mapped_column(default="")
    examples_nb: Mapped[str] = mapped_column(default="")
    examples_nn: Mapped[str] = mapped_column(default="")
    position: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    goal_links: Mapped[list[ThemeGoal]] = relationship(back_populates="theme", cascade="all, delete-orphan")
    host_links: Mapped[list[HostTheme]] = relationship(back_populates="theme", cascade="all, delete-orphan")


class ThemeGoal(Model):
    """A theme serves a goal, with a weight between 0 and 1."""

    __tablename__ = "theme_goal"
    __table_args__ = (UniqueConstraint("theme_id", "goal_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"))
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id", ondelete="CASCADE"), index=True)
    weight: Mapped[float] = mapped_column(default=1.0)
    theme: Mapped[Theme] = relationship(back_populates="goal_links")
    goal: Mapped[Goal] = relationship()


class HostTheme(Model):
    """A host answers for a theme: as lead or with a part, with a weight between 0 and 1."""

    __tablename__ = "host_theme"
    __table_args__ = (UniqueConstraint("host_id", "theme_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("host.id", ondelete="CASCADE"))
    theme_id: Mapped[int] = mapped_column(ForeignKey("theme.id", ondelete="CASCADE"), index=True)
    weight: Mapped[float] = mapped_column(default=1.0)
    part: Mapped[str] = mapped_column(default="lead")  # lead | part
    host: Mapped[Host] = relationship()
    theme: Mapped[Theme] = relationship(back_populates="host_links")


class Partnership(Named, Model):
    """A twin city, a network membership or an international project."""

    __tablename__ = "partnership"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]  # twin-city | network | project
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    website: Mapped[str] = mapped_column(default="")
    country: Mapped[str] = mapped_column(default="")
    since: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"), index=True)
    practical_id: Mapped[int | None] = mapped_column(ForeignKey("host.id"), index=True)
    source: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    responsible: Mapped[Host | None] = relationship(foreign_keys=[responsible_id])
    practical: Mapped[Host | None] = relationship(foreign_keys=[practical_id])


class Occasion(Named, Model):
    """A larger event in the city that visits are tied to."""

    __tablename__ = "occasion"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    website: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    retired_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Counterpart(Model):
    """The organisation that writes or comes: the region's memory of whom it has received."""

    __tablename__ = "counterpart"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)  # folded for comparing
    aliases: Mapped[list[str]] = mapped_column(JSON, default=list)
    type: Mapped[str] = mapped_column(default="other")
    country: Mapped[str] = mapped_column(default="", index=True)
    city: Mapped[str] = mapped_column(default="")
    website: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("counterpart.id"), index=True)
    merged_into: Mapped[Counterpart | None] = relationship(remote_side=[id])


class CitySetting(Model):
    """One of the city's own rules, such as the working days within which it answers."""

    __tablename__ = "city_setting"
    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
