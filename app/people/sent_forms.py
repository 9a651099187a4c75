"""Which forms were carried out already: one row for each, so that the same form sent again does nothing twice."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from app.core.time import UTCDateTime
from app.extensions import Model, db

KEPT = timedelta(days=1)


class SentForm(Model):
    """A form that was carried out; `digest` is a hash of its key, its sender and everything in it."""

    __tablename__ = "sent_form"
    digest: Mapped[str] = mapped_column(primary_key=True)
    sealed_place: Mapped[str] = mapped_column(default="")  # where its sender was led afterwards, encrypted
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def claim_form(digest: str, *, at: datetime) -> bool:
    """Whether this one is the first; part of the transaction that carries it out. Waits for another that is at it."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    row = insert(SentForm).values(digest=digest, sealed_place="", at=at).on_conflict_do_nothing()
    return db.session.execute(row.returning(SentForm.digest)).scalar() is not None


def keep_place(digest: str, sealed_place: str) -> None:
    """Note where its sender was led; nothing happens where the form was not carried out."""
    db.session.connection().execute(update(SentForm).where(SentForm.digest == digest).values(sealed_place=sealed_place))


def find_place(digest: str) -> str:
    """Where the first sender was led, encrypted; empty as long as that is not known."""
    return db.session.scalar(select(SentForm.sealed_place).where(SentForm.digest == digest)) or ""


def drop_sent_forms(at: datetime) -> int:
    """Forms sent a day ago: nobody presses the same button for so long."""
    return db.session.connection().execute(delete(SentForm).where(SentForm.at <= at - KEPT)).rowcount
