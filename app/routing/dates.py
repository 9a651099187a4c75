"""What an enquiry's dates say: in the past, soon, only on days off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.core.holidays import find_public_holiday, is_weekend
from app.routing.types import Enquiry, Flag, Reason

SHORT_NOTICE_DAYS = 30
URGENT_DAYS = 14
LONGEST_WINDOW = 366


def is_day_off(day: date, calendar: str) -> bool:
    """Whether a day is of the city's weekend or a public holiday in that calendar (ISO code)."""
    return is_weekend(day) or is_public_holiday(day, calendar)


def is_public_holiday(day: date, calendar: str) -> bool:
    """Whether a day is a public holiday in that calendar (ISO code)."""
    return find_public_holiday(day, calendar=calendar) is not None


def notice_days(enquiry: Enquiry) -> int | None:
    """Days from `submitted_on` to the first wished day; None without wished days or when they are over."""
    if not enquiry.windows or _is_past(enquiry):
        return None
    return (min(first for first, _ in enquiry.windows) - enquiry.submitted_on).days


def _is_past(enquiry: Enquiry) -> bool:
    return bool(enquiry.windows) and max(last for _, last in enquiry.windows) < enquiry.submitted_on


def _days(enquiry: Enquiry) -> Iterator[date]:
    for first, last in enquiry.windows:
        for offset in range(min((last - first).days, LONGEST_WINDOW) + 1):
            yield first + timedelta(days=offset)


def date_flags(enquiry: Enquiry, calendar: str) -> list[Flag]:
    """past-date, short-notice and holiday, with the dates as evidence."""
    flags = []
    shown = tuple(f"{first.isoformat()}/{last.isoformat()}" for first, last in enquiry.windows)
    if _is_past(enquiry):
        flags.append(Flag("past-date", (Reason("dates", "windows", shown),)))
    notice = notice_days(enquiry)
    if notice is not None and notice < SHORT_NOTICE_DAYS:
        flags.append(Flag("short-notice", (Reason("notice", "windows", shown, float(notice)),)))
    days = list(_days(enquiry))
    if days and all(is_day_off(day, calendar) for day in days):
        flags.append(Flag("holiday", (Reason("days-off", "windows", shown),)))
    return flags
