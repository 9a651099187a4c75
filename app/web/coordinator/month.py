"""A month as weeks of days, and as the days that have something in them; pure."""

from __future__ import annotations

from calendar import MONDAY, Calendar
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core.time import venue_date
from app.planning.holidays import find_holiday
from app.visits.programme_models import Appointment

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 1)


@dataclass(frozen=True, slots=True)
class Day:
    """One day: what takes place, the holiday's name, and whether it belongs to the month shown."""

    on: date
    appointments: list[Appointment]
    holiday: str
    outside: bool


def previous_month(month: date) -> date | None:
    """The first of the month before, or None at the edge of what calendars show."""
    earlier = (month - timedelta(days=1)).replace(day=1)
    return earlier if month > FIRST else None


def next_month(month: date) -> date | None:
    """The first of the month after, or None at the edge of what calendars show."""
    return (month + timedelta(days=31)).replace(day=1) if month < LAST else None


def weeks_of(month: date, appointments: Sequence[Appointment], language: str) -> list[list[Day]]:
    """Whole weeks from Monday that hold the month; an appointment stands on every day it touches."""
    day_of = _finder(month, appointments, language)
    weeks = Calendar(MONDAY).monthdatescalendar(month.year, month.month)
    return [[day_of(on) for on in week] for week in weeks]


def busy_days(weeks: Sequence[Sequence[Day]]) -> list[Day]:
    """The month's own days that have an appointment, in order."""
    return [day for week in weeks for day in week if day.appointments and not day.outside]


def _finder(month: date, appointments: Sequence[Appointment], language: str) -> Callable[[date], Day]:
    def day_of(on: date) -> Day:
        found = [one for one in appointments if venue_date(one.starts_at) <= on <= _last_day(one)]
        return Day(on, found, find_holiday(on, language) or "", on.month != month.month)

    return day_of


def _last_day(appointment: Appointment) -> date:
    """The day it ends on; one that ends at midnight ends on the day before."""
    return venue_date(appointment.ends_at - timedelta(seconds=1))
