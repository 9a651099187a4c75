"""Values with a form of their own: opening hours, language and country codes, web addresses, time zones."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pycountry

from app.calendars.zone import vtimezone
from app.city.nodes import Entry
from app.core.holidays import is_holiday_calendar

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")


def opening_hours(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Opening and closing times in local wall time per weekday, from days or spans of days (`mon-fri`)."""
    found: dict[str, tuple[str, ...]] = {}
    keys = entry.keys() if entry.pairs() else {}
    for name, value in entry.pairs().items():
        times = _times(value)
        for day in _days(keys[name]):
            if day in found:
                keys[name].fail(f"{day} stands twice in the opening hours")
            found[day] = times
    return {day: found[day] for day in WEEKDAYS if day in found}


def _days(entry: Entry) -> tuple[str, ...]:
    first, _, last = entry.text().partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        entry.fail(f"{entry.text()!r} is no weekday: mon, tue … sun, or a span such as mon-fri")
    days = WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]
    if not days:
        entry.fail(f"the span {entry.text()!r} runs backwards")
    return days


def _times(entry: Entry) -> tuple[str, ...]:
    """One span or two, "08:00-11:00, 12:00-15:00", the second after the first."""
    text = entry.text()
    spans = [span.strip() for span in text.split(",")]
    times = tuple(clock for span in spans for clock in span.split("-"))
    if len(spans) > 2 or not all(map(HOURS.fullmatch, spans)) or any(one >= other for one, other in pairwise(times)):
        entry.fail(f"{text!r} is no span of hours such as 09:00-15:30")
    return times


def languages(entry: Entry) -> tuple[str, ...]:
    """ISO 639-1 codes, at least one."""
    codes = entry.items()
    if not codes:
        entry.fail("at least one language is needed")
    for code in codes:
        if pycountry.languages.get(alpha_2=code.text()) is None:
            code.fail(f"{code.text()!r} is no language code (ISO 639-1)")
    return tuple(code.text() for code in codes)


def country(entry: Entry | None) -> str:
    """An ISO 3166-1 code of two letters, or empty where there is none."""
    if entry is None:
        return ""
    if pycountry.countries.get(alpha_2=entry.text()) is None:
        entry.fail(f"{entry.text()!r} is no country code (ISO 3166-1)")
    return entry.text()


def holiday_calendar(entry: Entry) -> str:
    """Whose public holidays count: an ISO code of a country, or of a part of one that keeps its own."""
    code = entry.text()
    if not is_holiday_calendar(code):
        entry.fail(
            f"the public holidays of {code!r} are not known; write a country such as NO, or a part such as DE-BY"
        )
    return code


def weekend(entry: Entry) -> frozenset[int]:
    """The weekdays that are no working days, Monday 0; none, or up to six."""
    days = [WEEKDAYS.index(day.one_of(WEEKDAYS)) for day in entry.items()]
    if len(set(days)) < len(days):
        entry.fail(f"{entry.label} names a day twice")
    if len(days) == len(WEEKDAYS):
        entry.fail(f"{entry.label} leaves no day to work on")
    return frozenset(days)


def website(entry: Entry | None) -> str:
    """A full http or https address, or empty where there is none."""
    if entry is None:
        return ""
    try:
        parts = urlsplit(entry.text())
    except ValueError:
        entry.fail(f"{entry.text()!r} is no web address")
    if parts.scheme not in ("http", "https") or "." not in parts.netloc:
        entry.fail(f"{entry.text()!r} is no web address that begins with https://")
    return entry.text()


def time_zone(entry: Entry) -> str:
    """A time zone's name, such as Europe/Oslo; one that calendar files can say by yearly rules."""
    try:
        name = ZoneInfo(entry.text()).key
    except (KeyError, ValueError, OSError):
        entry.fail(f"{entry.text()!r} is no time zone such as Europe/Oslo")
    try:
        vtimezone(name)
    except ValueError:
        entry.fail(f"the clock of {name} does not change by the same rules every year, so calendars cannot be told")
    return name
