"""A host's daily limit, which holds however many book at once; and a time that somebody's own calendar says is taken.

The limit is counted in the transaction that books, after the host's row was waited for (locks.take_turns): whoever
counts is alone with that host until the booking is written or given up.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.core.errors import DayFull, Invalid
from app.core.time import end_of_day, start_of_day, venue_date
from app.extensions import db
from app.people.models import Host
from app.planning.scene import Busy
from app.visits.availability import imported_between, is_tentative
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.stops import Plan


def keep_daily_limit(visit: Visit, plan: Plan) -> None:
    """Raise DayFull where the plan's host receives as many other visits that day as it takes.

    A visit that has a stop of that host on that day has its place already. Call after take_turns with the plan.
    """
    cap = db.session.scalar(select(Host.daily_cap).where(Host.id == plan.host.id))
    if cap is None:
        return
    day = venue_date(plan.starts_at)
    query = select(func.count(Appointment.visit_id.distinct())).where(
        Appointment.host_id == plan.host.id,
        Appointment.status != "cancelled",
        Appointment.starts_at >= start_of_day(day),
        Appointment.starts_at < end_of_day(day),
    )
    if db.session.scalar(query.where(Appointment.visit_id == visit.id)):
        return
    if (db.session.scalar(query) or 0) >= cap:
        raise DayFull(plan.host.slug, starts_at=plan.starts_at, cap=cap)


def imported_in_the_way(plan: Plan) -> list[tuple[str, Busy]]:
    """What the contact person's and the host's own calendars say of that time: whose, and from when to when."""
    users = [plan.contact] if plan.contact else []
    found = imported_between(users, [plan.host], plan.starts_at, plan.ends_at)
    return [("host" if isinstance(owner, Host) else "person", busy) for owner, busy in found]


def ask_why(plan: Plan, reason: str, *, before: Plan | None = None) -> None:
    """Raise Invalid where a time is taken that an own calendar says is busy, and no reason is given.

    Tentative times only warn: their owner has not decided. Nor is a reason asked where nobody's time is taken anew.
    """
    if reason.strip() or (before is not None and _occupies(before) == _occupies(plan)):
        return
    if is_taken(plan):
        raise Invalid("busy-needs-reason", "reason")


def is_taken(plan: Plan) -> bool:
    """Whether the host's or the contact person's own calendar says that this time is taken, and not only perhaps."""
    return any(not is_tentative(busy) for _whose, busy in imported_in_the_way(plan))


def _occupies(plan: Plan) -> tuple[int, int | None, datetime, datetime]:
    return plan.host.id, plan.contact.id if plan.contact else None, plan.starts_at, plan.ends_at
