"""The days of the visitor's windows that are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.planning.holidays import days_between, is_working_day
from app.planning.wishes import Request

MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class Days:
    """The days looked at, each with the place of its window in the visitor's order; and how many were left out."""

    window_of: dict[date, int]
    left_out: int


def days_of(request: Request) -> Days:
    """The days of the visitor's windows on which anything can be, in order."""
    window_of: dict[date, int] = {}
    for number, window in enumerate(request.windows):
        for day in days_between(window.first_on, min(window.last_on, window.first_on + timedelta(days=400))):
            if request.weekends or is_working_day(day):
                window_of.setdefault(day, number)
    # the first window's days come first: they are what is left out last
    chosen = sorted(window_of, key=lambda day: (window_of[day], day))
    kept = set(chosen[:MOST_DAYS])
    return Days({day: window_of[day] for day in sorted(kept)}, len(chosen) - len(kept))
