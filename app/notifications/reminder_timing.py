"""When a reminder is due: so many days, working days or hours before or after a moment, computed on the local clock.

`due_at` says it for one moment; `moments_due` turns it round: which span of moments has become due in between. Days
are shifted on the venue's calendar, so a clock change moves nothing; hours are real hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core.time import end_of_day, from_venue, in_venue, start_of_day, venue_date
from app.planning.holidays import working_day_after, working_day_before

MORNING = time(9)  # at the venue
UNITS = ("days", "working-days", "hours")
DIRECTIONS = ("before", "after")
CLOCKS = ("morning", "exact")
ONE_DAY = timedelta(days=1)
JUST_AFTER = timedelta(microseconds=1)
Span = tuple[datetime, datetime]  # from the first moment, up to but without the last


def morning_of(day: date) -> datetime:
    """09:00 on the venue's wall clock, as UTC."""
    return from_venue(datetime.combine(day, MORNING))


@dataclass(frozen=True, slots=True)
class Timing:
    """How far from its moment a reminder is due; `morning` is 09:00 at the venue, `exact` the moment's own hour."""

    amount: int
    unit: str = "days"
    direction: str = "before"
    clock: str = "morning"

    @property
    def is_by_day(self) -> bool:
        """Whether only the moment's day counts: on that day it may begin earlier or later."""
        return self.unit != "hours" and self.clock == "morning"

    def due_at(self, moment: datetime) -> datetime:
        """When the reminder of that moment is due, in UTC."""
        if self.unit == "hours":
            return moment + self._sign() * timedelta(hours=self.amount)
        wall = in_venue(moment)
        hour = MORNING if self.clock == "morning" else wall.time()
        return from_venue(datetime.combine(self._shifted(wall.date()), hour))

    def moments_due(self, *, since: datetime, at: datetime) -> Span | None:
        """A span that holds every moment due after `since` and until `at`, hardly more; None when none can be."""
        if self.unit == "hours":
            shift = self._sign() * timedelta(hours=self.amount)
            return since - shift + JUST_AFTER, at - shift + JUST_AFTER
        first, last = venue_date(since), venue_date(at)
        if self.clock == "morning":
            first = first + ONE_DAY if morning_of(first) <= since else first
            last = last - ONE_DAY if morning_of(last) > at else last
        days = self._days_due(first, last)
        return (start_of_day(days[0]), end_of_day(days[1])) if first <= last and days[0] <= days[1] else None

    def _sign(self) -> int:
        return -1 if self.direction == "before" else 1

    def _shifted(self, day: date) -> date:
        if self.unit == "days" or not self.amount:
            return day + self._sign() * timedelta(days=self.amount)
        return (working_day_before if self.direction == "before" else working_day_after)(day, self.amount)

    def _days_due(self, first: date, last: date) -> tuple[date, date]:
        """The first and the last day whose shifted day lies from `first` to `last`."""
        if self.unit == "days" or not self.amount:
            shift = self._sign() * timedelta(days=self.amount)
            return first - shift, last - shift
        if self.direction == "before":
            return working_day_after(first - ONE_DAY, self.amount) + ONE_DAY, working_day_after(last, self.amount)
        return working_day_before(first, self.amount), working_day_before(last + ONE_DAY, self.amount) - ONE_DAY
