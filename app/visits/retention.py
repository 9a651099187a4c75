"""What is kept only for a time: drafts, links, needs and names of delegates; the periods are the city's rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select, update

from app.extensions import db
from app.people.absences import drop_old_absences
from app.people.edits import drop_old_edits
from app.people.models import Link
from app.people.quiet import drop_old_quiet_periods
from app.people.sent_forms import drop_sent_forms
from app.strategy.settings import city_rules
from app.visits.drafts import drop_expired_drafts
from app.visits.models import Activity, Visit
from app.visits.programme_models import Appointment, Delegate
from app.visits.statuses import EXITS

DEAD_LINKS = timedelta(days=30)  # kept so long that a late reader is told "expired" and not "unknown"


def drop_drafts(at: datetime) -> int:
    """Requests that were begun and never sent."""
    return drop_expired_drafts(at=at)


def drop_links(at: datetime) -> int:
    """Links that have not let anybody in for 30 days."""
    dead = delete(Link).where((Link.expires_at <= at - DEAD_LINKS) | (Link.revoked_at <= at - DEAD_LINKS))
    return db.session.connection().execute(dead).rowcount


def erase_needs(at: datetime) -> int:
    """What delegates need to eat or to get in: 14 days after the visit unless the city says otherwise (GDPR art. 9)."""
    over = _over_since(at - timedelta(days=city_rules().needs_keep_days))
    erased = update(Delegate).where(Delegate.visit_id.in_(over), Delegate.needs != "")
    return db.session.connection().execute(erased.values(needs="", needs_consent_at=None)).rowcount


def erase_delegates(at: datetime) -> int:
    """Who came: 90 days after the visit unless the city says otherwise; how many came is kept."""
    over = _over_since(at - timedelta(days=city_rules().delegates_keep_days))
    return db.session.connection().execute(delete(Delegate).where(Delegate.visit_id.in_(over))).rowcount


SWEEPS: tuple[Callable[[datetime], int], ...] = (
    drop_drafts,
    drop_links,
    erase_needs,
    erase_delegates,
    drop_old_absences,
    drop_old_quiet_periods,
    drop_sent_forms,
    drop_old_edits,
)


def _over_since(limit: datetime) -> Select[int]:
    """Ids of visits that were over by then: the last stop that took place has ended; without one, the visit ended."""
    live = Appointment.status != "cancelled"
    held = select(Appointment.visit_id).where(live).group_by(Appointment.visit_id)
    ended = held.having(func.max(Appointment.ends_at) <= limit)
    without = Visit.status.in_(EXITS) & Visit.id.not_in(held)
    last = select(Activity.visit_id).group_by(Activity.visit_id).having(func.max(Activity.at) <= limit)
    return select(Visit.id).where(Visit.id.in_(ended) | (without & Visit.id.in_(last)))
