"""How much a host has on: visits led this year, and visits received in each coming week and month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import and_, func, or_, select

from app.core.time import end_of_day, start_of_day, venue_date
from app.extensions import db
from app.visits.models import Visit, VisitWindow
from app.visits.programme_models import Appointment
from app.visits.statuses import PLANNING, Status

CALLED_OFF = (Status.DECLINED, Status.WITHDRAWN, Status.CANCELLED, Status.MERGED)
Counts = tuple[tuple[date, int], ...]
Received = dict[int, set[tuple[int, date]]]  # per host id the visits with a day of each


def led_this_year(*, today: date, besides: int | None = None) -> dict[int, int]:
    """Visits led this year, per host id: asked for so far this year, or for days in it; those called off do not count.

    The visit with the id `besides` is left out.
    """
    first, last = today.replace(month=1, day=1), today.replace(month=12, day=31)
    asked = and_(Visit.submitted_at >= start_of_day(first), Visit.submitted_at < end_of_day(today))
    wished = Visit.windows.any(and_(VisitWindow.position == 0, VisitWindow.starts_on.between(first, last)))
    rows = db.session.execute(
        select(Visit.lead_host_id, func.count())
        .where(Visit.lead_host_id.is_not(None), Visit.id != (besides or 0))
        .where(Visit.status.not_in(CALLED_OFF), or_(asked, wished))
        .group_by(Visit.lead_host_id)
    )
    return {host_id: count for host_id, count in rows if host_id is not None}


def received_from(first: date, *, besides: int | None = None) -> Received:
    """The visits each host receives from that day on: where it has a stop, or leads and no stop is planned yet."""
    found: Received = defaultdict(set)
    for host_id, visit_id, day in (*_stops(first), *_unplanned(first)):
        if visit_id != besides:
            found[host_id].add((visit_id, day))
    return found


def by_week(days: set[tuple[int, date]]) -> Counts:
    """How many different visits fall in each week, by its Monday."""
    return _counted({(visit_id, day - timedelta(days=day.weekday())) for visit_id, day in days})


def by_month(days: set[tuple[int, date]]) -> Counts:
    """How many different visits fall in each month, by its first day."""
    return _counted({(visit_id, day.replace(day=1)) for visit_id, day in days})


def _counted(spans: set[tuple[int, date]]) -> Counts:
    counts: dict[date, int] = defaultdict(int)
    for _visit_id, begins in spans:
        counts[begins] += 1
    return tuple(sorted(counts.items()))


def _stops(first: date) -> Iterator[tuple[int, int, date]]:
    """Stops that take place: host, visit, day."""
    query = select(Appointment.host_id, Appointment.visit_id, Appointment.starts_at)
    rows = db.session.execute(
        query.where(Appointment.status != "cancelled", Appointment.starts_at >= start_of_day(first))
    )
    for host_id, visit_id, starts_at in rows:
        yield host_id, visit_id, venue_date(starts_at)


def _unplanned(first: date) -> Iterator[tuple[int, int, date]]:
    """Visits with a lead host and no stop yet: they count where the first wish begins."""
    planned = select(Appointment.visit_id).where(Appointment.status != "cancelled")
    query = (
        select(Visit.lead_host_id, Visit.id, VisitWindow.starts_on)
        .join(VisitWindow, VisitWindow.visit_id == Visit.id)
        .where(VisitWindow.position == 0, VisitWindow.starts_on >= first, Visit.status.in_(PLANNING))
        .where(Visit.lead_host_id.is_not(None), Visit.id.not_in(planned))
    )
    for host_id, visit_id, day in db.session.execute(query):
        yield host_id or 0, visit_id, day
