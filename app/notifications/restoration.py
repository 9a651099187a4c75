"""After a backup was put back: what may have been told in the time that is lost waits for a person.

The mark stands in the database, and every mail is asked when it is put into the outbox: whatever the scheduler finds
later, by however long a look back, is held when its cause lies before the moment of restoring. What people do after
that moment is told as always.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.time import UTCDateTime
from app.extensions import Model, db
from app.strategy.settings import city_rules
from app.visits.models import Activity, Offer


class Restoration(Model):
    """One backup put back: when it was made, and when it took the database's place."""

    __tablename__ = "restoration"
    id: Mapped[int] = mapped_column(primary_key=True)
    backup_at: Mapped[datetime] = mapped_column(UTCDateTime)
    restored_at: Mapped[datetime] = mapped_column(UTCDateTime)


def note_restoration(backup_at: datetime, *, at: datetime) -> None:
    """Remember that a backup of that moment was put back; flushes."""
    db.session.add(Restoration(backup_at=backup_at, restored_at=at))
    db.session.flush()


def may_be_told_already(cause_at: datetime) -> bool:
    """Whether a backup was put back since: the mail may have gone in the time that is lost."""
    restored_at = db.session.scalar(select(func.max(Restoration.restored_at)))
    return restored_at is not None and cause_at <= restored_at


def cause_of(activity: Activity) -> datetime:
    """When what happened was bound to happen.

    A person's act has its own moment. What the passing of time did has the moment that it waited for, also where the
    scheduler does it much later; with it goes what follows at once, such as the next hosts being asked.
    """
    together = [one for one in activity.visit.activities if one.at == activity.at]
    if any(one.actor != "system" for one in together):
        return activity.at
    waited_for = [moment for one in together if (moment := _waited_for(one)) is not None]
    return min(waited_for, default=activity.at)


def _waited_for(activity: Activity) -> datetime | None:
    """The moment that the scheduler's verbs wait for; None for every other verb."""
    visit = activity.visit
    if activity.verb == "lapse":
        offer = db.session.get(Offer, activity.subject_id)
        return offer.due_at if offer else None
    if activity.verb == "lapse-hold":
        until = activity.changes.get("until")
        return datetime.fromisoformat(until) if until else None
    if activity.verb == "expire":
        return visit.submitted_at + timedelta(hours=city_rules().confirm_hours) if visit.submitted_at else None
    if activity.verb in ("complete", "pass-by"):
        return max((stop.ends_at for stop in visit.appointments if not stop.is_cancelled), default=None)
    return None
