"""Quiet periods: days without visits, of a host or of one person; and the opening hours that hold on other days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, or_, select

from app.core.errors import Invalid
from app.core.text import clean_line
from app.core.time import venue_date
from app.extensions import db
from app.people.absences import KEPT, LONGEST, Span
from app.people.models import Host, QuietPeriod, User

Hours = Mapping[str, Any]  # {"mon": ["09:00", "15:30"]}: local wall time; a weekday that is missing is closed


def enter_quiet_period(who: Host | User, span: Span, *, note: str = "", by: User, at: datetime) -> QuietPeriod:
    """Write down days without visits, both included; raises Invalid for what cannot be."""
    first, last = span
    if last < first:
        raise Invalid("order", "ends_on")
    if last < venue_date(at) or last - first > LONGEST:
        raise Invalid("range", "ends_on")
    made = QuietPeriod(starts_on=first, ends_on=last, note=clean_line(note), created_at=at, created_by_id=by.id)
    made.host, made.user = (who, None) if isinstance(who, Host) else (None, who)
    db.session.add(made)
    db.session.flush()
    return made


def quiet_periods_of(*owners: Host | User, first: date, last: date | None = None) -> list[QuietPeriod]:
    """Quiet periods of these hosts and people that touch those days, the soonest first; `last` None: all to come."""
    concerned = or_(
        QuietPeriod.host_id.in_([one.id for one in owners if isinstance(one, Host)] or [-1]),
        QuietPeriod.user_id.in_([one.id for one in owners if isinstance(one, User)] or [-1]),
    )
    query = select(QuietPeriod).where(concerned, QuietPeriod.ends_on >= first)
    if last is not None:
        query = query.where(QuietPeriod.starts_on <= last)
    return list(db.session.scalars(query.order_by(QuietPeriod.starts_on, QuietPeriod.id)))


def drop_old_quiet_periods(at: datetime) -> int:
    """Quiet periods that ended a year ago."""
    old = delete(QuietPeriod).where(QuietPeriod.ends_on < venue_date(at) - KEPT)
    return db.session.connection().execute(old).rowcount


def hours_of(user: User) -> Hours | None:
    """The person's own opening hours; without any, those of their one host. None: several hosts, each its own."""
    if user.opening_hours is not None:
        return user.opening_hours
    hosts = user.hosts
    return hosts[0].opening_hours if len(hosts) == 1 else None
