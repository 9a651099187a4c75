"""Public holidays and weekends where the city lies: one source for deadlines, planning, routing and every page.

A calendar of holidays is named by an ISO code, of a country ("NO") or of a part of one that keeps its own ("DE-BY").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from holidays import HolidayBase, country_holidays

SATURDAY_AND_SUNDAY = frozenset({5, 6})  # as date.weekday counts
_calendars = {"city": "NO"}  # settled once, when the application starts
_weekends = {"city": SATURDAY_AND_SUNDAY}  # likewise
_WANTED = {"en": ("en_US", "en_GB"), "nb": ("no",), "nn": ("no",)}  # the library has no nynorsk


def holiday_calendar() -> str:
    """The calendar that the city goes by."""
    return _calendars["city"]


def settle_holiday_calendar(calendar: str) -> None:
    """Every working day of this process is counted by that calendar from now on; raises ValueError for none."""
    if not is_holiday_calendar(calendar):
        raise ValueError(f"no calendar of holidays: {calendar!r}")
    _calendars["city"] = calendar


def weekend_days() -> frozenset[int]:
    """The weekdays on which the city rests, Monday 0."""
    return _weekends["city"]


def settle_weekend(days: Iterable[int]) -> None:
    """These weekdays are no working days of this process from now on; raises ValueError where none would be left."""
    found = frozenset(days)
    if not found < set(range(7)):
        raise ValueError(f"no weekend: {sorted(found)!r}")
    _weekends["city"] = found


def is_weekend(day: date) -> bool:
    """Whether the city rests on that weekday; holidays are another matter."""
    return day.weekday() in _weekends["city"]


def is_holiday_calendar(calendar: str) -> bool:
    """Whether the holidays of that country, or part of a country, are known."""
    try:
        _holidays_of(calendar)
    except NotImplementedError:
        return False
    return True


def find_public_holiday(day: date, language: str = "nb", calendar: str = "") -> str | None:
    """The holiday's name, or None; the city's calendar unless another is named.

    Where the library lacks the reader's language the name is in English, else in the country's own.
    """
    return _names_in(day.year, language, calendar or holiday_calendar()).get(day)


@lru_cache(maxsize=256)
def _names_in(year: int, language: str, calendar: str) -> Mapping[date, str]:
    # A fresh object per year: the library fills its own dictionary lazily, which is not safe between threads.
    known = _holidays_of(calendar).supported_languages
    spoken = next((code for code in (*_WANTED[language], *_WANTED["en"]) if code in known), None)
    return dict(_holidays_of(calendar, year, spoken))


def _holidays_of(calendar: str, year: int | None = None, language: str | None = None) -> HolidayBase:
    country, _hyphen, part = calendar.partition("-")
    return country_holidays(country, subdiv=part or None, years=year, language=language)
