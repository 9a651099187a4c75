"""Who last changed what of a thing, field by field: told to whoever had the same thing open meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.time import UTCDateTime
from app.extensions import Model, db
from app.people.models import User

KEPT = timedelta(days=30)  # nobody has a form open for longer

Subject = tuple[str, int]  # kind and id: ("host", 7)


class FieldEdit(Model):
    """The last change of one field of one thing; never what it was or became."""

    __tablename__ = "field_edit"
    __table_args__ = (UniqueConstraint("subject", "subject_id", "field"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str]
    subject_id: Mapped[int]
    field: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    by: Mapped[User | None] = relationship()


def note_edits(of: Subject, fields: Iterable[str], *, by: User | None, at: datetime) -> None:
    """Write down that these fields were changed; the caller holds the thing's row."""
    changed = sorted(set(fields))
    if not changed:
        return
    db.session.execute(delete(FieldEdit).where(*_is_of(of), FieldEdit.field.in_(changed)))
    who = by.id if by else None
    db.session.add_all(FieldEdit(subject=of[0], subject_id=of[1], field=one, by_id=who, at=at) for one in changed)
    db.session.flush()


def last_edit(of: Subject, fields: Iterable[str]) -> FieldEdit | None:
    """The latest change of any of these fields."""
    query = select(FieldEdit).where(*_is_of(of), FieldEdit.field.in_(list(fields)))
    return db.session.scalars(query.order_by(FieldEdit.at.desc(), FieldEdit.id.desc()).limit(1)).first()


def drop_old_edits(at: datetime) -> int:
    """Who changed what a month ago is nobody's business any more."""
    return db.session.connection().execute(delete(FieldEdit).where(FieldEdit.at <= at - KEPT)).rowcount


def _is_of(of: Subject) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return FieldEdit.subject == of[0], FieldEdit.subject_id == of[1]
