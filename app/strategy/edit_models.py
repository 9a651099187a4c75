"""Tables of what this city has taught routing: edited words, people's corrections, learned weights."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model
from app.people.models import User


class WordEdit(Model):
    """One word of a topic as this city wants it, over what its files say; without this row the files count again."""

    __tablename__ = "word_edit"
    __table_args__ = (UniqueConstraint("topic", "language", "word"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]  # "theme/topic"
    language: Mapped[str]  # as the files are called: en, no, de …
    word: Mapped[str]
    weight: Mapped[float]  # 3 decides, 2 is typical, 1 hints
    removed: Mapped[bool] = mapped_column(default=False)  # the word does not tell of the topic here
    note: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    author: Mapped[User | None] = relationship()


class WordDraft(Model):
    """An edit of a word that does not count: it was refused, or waits for somebody to look at it once more."""

    __tablename__ = "word_draft"
    __table_args__ = (UniqueConstraint("topic", "language", "word"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]  # "theme/topic"
    language: Mapped[str]
    word: Mapped[str]
    weight: Mapped[float]
    removed: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    author: Mapped[User | None] = relationship()


class Correction(Model):
    """A person's decision beside what was there before, to learn from; `before` and `after` hold slugs only."""

    __tablename__ = "correction"
    __table_args__ = (CheckConstraint("kind IN ('lead', 'co-host', 'goal', 'theme', 'word')", name="kind"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # lead | co-host | goal | theme | word
    topic: Mapped[str] = mapped_column(default="")  # the visit's leading subject, "theme/topic"
    before: Mapped[list[str]] = mapped_column(JSON, default=list)
    after: Mapped[list[str]] = mapped_column(JSON, default=list)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    undone: Mapped[bool] = mapped_column(default=False, server_default=false())  # of a word: the files count again
    reason: Mapped[str] = mapped_column(default="", server_default="")  # why, though a labelled measure fell
    by: Mapped[User | None] = relationship()


class LearnedWeights(Model):
    """One version of what was learned from decided visits; at most one is active."""

    __tablename__ = "learned_weights"
    __table_args__ = (CheckConstraint("state IN ('active', 'kept', 'refused')", name="state"),)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    learned_from_visits: Mapped[int]
    weights: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # routing.edits.Factor
    measures: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # before, after, fallen, cases
    state: Mapped[str] = mapped_column(default="kept")  # active | kept | refused
    made_by: Mapped[User | None] = relationship()
