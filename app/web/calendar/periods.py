"""The span of days that a view shows, the one before and the one after; pure."""

from __future__ import annotations

from calendar import MONDAY, Calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core.time import end_of_day, start_of_day

VIEWS = ("month", "week", "day", "list")
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Period:
    """A month (as a table or a list), a week from Monday, or one day; named by the first of its days."""

    view: str
    on: date

    @property
    def written(self) -> str:
        """As it stands in an address: 2027-05, or 2027-05-10."""
        return f"{self.on:%Y-%m}" if self.is_month else self.on.isoformat()

    @property
    def is_month(self) -> bool:
        """Whether it is a whole month, as a table or as a list."""
        return self.view in ("month", "list")

    @property
    def last_on(self) -> date:
        """Its last day."""
        if self.is_month:
            return (self.on + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        return self.on + timedelta(days=6 if self.view == "week" else 0)

    @property
    def days(self) -> list[date]:
        """Every day shown: of a month's table whole weeks."""
        if self.view == "month":
            return [on for week in self.weeks for on in week]
        return [self.on + timedelta(days=number) for number in range((self.last_on - self.on).days + 1)]

    @property
    def weeks(self) -> list[list[date]]:
        """The whole weeks from Monday that hold the month."""
        return Calendar(MONDAY).monthdatescalendar(self.on.year, self.on.month)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The moments at which the days shown begin and end, UTC."""
        days = self.days
        return start_of_day(days[0]), end_of_day(days[-1])

    def has(self, day: date) -> bool:
        """Whether the day is one of its own."""
        return self.on <= day <= self.last_on


def period_of(view: str, day: date) -> Period:
    """The period of that kind that holds the day."""
    if view in ("month", "list"):
        return Period(view, day.replace(day=1))
    return Period(view, day - timedelta(days=day.weekday()) if view == "week" else day)


def before(period: Period) -> Period | None:
    """The one before, or None at the edge of what calendars show."""
    day = period.on - timedelta(days=1)
    return period_of(period.view, day) if day >= FIRST else None


def after(period: Period) -> Period | None:
    """The one after, or None at the edge of what calendars show."""
    day = period.last_on + timedelta(days=1)
    return period_of(period.view, day) if day <= LAST else None
