"""The one gate for status: checks the move, sets it by compare-and-set, records the Activity."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update

from app.core.errors import IllegalMove
from app.extensions import db
from app.people.actors import Actor
from app.visits.models import Activity, Visit
from app.visits.statuses import MOVES, Status, is_legal


def move(
    visit: Visit,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    subject: str = "visit",
    subject_id: int | None = None,
    changes: dict[str, Any] | None = None,
    where: tuple[ColumnElement[bool], ...] = (),
    values: dict[str, Any] | None = None,
) -> Activity:
    """Carry the verb out on the visit and record it; raises IllegalMove, also when another was faster.

    `where` adds conditions to the compare-and-set, `values` columns set in the same statement.
    """
    before = visit.status
    if not is_legal(verb, before):
        raise IllegalMove(verb, before)
    after = MOVES[verb].to or Status(before)
    db.session.flush()
    statement = update(Visit).where(Visit.id == visit.id, Visit.status == before, *where)
    columns = {**(values or {}), "status": after.value, "version": Visit.version + 1}
    if db.session.connection().execute(statement.values(columns)).rowcount != 1:
        db.session.refresh(visit)
        raise IllegalMove(verb, visit.status)
    db.session.refresh(visit)
    return note(
        visit, verb, by=by, at=at, reason=reason, subject=subject, subject_id=subject_id, changes=changes, before=before
    )


def note(
    visit: Visit,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    before: str | None = None,
    reason: str = "",
    subject: str = "visit",
    subject_id: int | None = None,
    changes: dict[str, Any] | None = None,
) -> Activity:
    """Write the Activity alone: for a verb that began the visit, or was checked by its own condition."""
    activity = Activity(
        visit_id=visit.id,
        verb=verb,
        status_before=before,
        status_after=visit.status,
        actor=by.kind,
        user_id=by.user.id if by.user else None,
        host_id=by.host.id if by.host else None,
        at=at,
        reason=reason,
        subject=subject,
        subject_id=subject_id,
        changes=changes or {},
    )
    db.session.add(activity)
    db.session.flush()
    return activity
