"""A programme day by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from app.core.time import venue_date
from app.visits.models import Visit
from app.visits.programme_models import Appointment

Day = tuple[date, list[Appointment]]


def days_of(visit: Visit) -> list[Day]:
    """Every stop that takes place, under its day at the venue, in order."""
    return by_day(appointment for appointment in visit.appointments if not appointment.is_cancelled)


def cancelled(visit: Visit) -> list[Appointment]:
    """Stops that were removed, declined or ran out, in order of start."""
    return [appointment for appointment in visit.appointments if appointment.is_cancelled]


def by_day(appointments: Iterable[Appointment]) -> list[Day]:
    """The appointments under their days."""
    ordered = sorted(appointments, key=lambda a: (a.starts_at, a.id))
    return [(day, list(group)) for day, group in groupby(ordered, key=lambda a: venue_date(a.starts_at))]
