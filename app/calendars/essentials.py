"""Before anything is parsed: only the lines that say when somebody is busy are kept, and only where they may matter.

Titles, people, alarms and attachments are gone before a parser sees them, and events long past or far ahead with
them: that is most of a calendar, and all of what hostile ones are made of. Our own appointments go too: who accepts an
invitation has it in their calendar, and what we know already must not stand in its own way when it is moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from app.calendars.busy import MOST_OCCURRENCES, Horizon, NotTaken
from app.calendars.types import OWN_UID

COMPONENTS: Final = frozenset({"VCALENDAR", "VEVENT", "VFREEBUSY", "VTIMEZONE", "STANDARD", "DAYLIGHT"})
PROPERTIES: Final = frozenset(
    {
        *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "SEQUENCE", "STATUS"),
        *("TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"),
    }
)
FREE_BUSY: Final = frozenset({"FREEBUSY"})  # all that counts in a VFREEBUSY, and counts nowhere else
LISTS: Final = ("RDATE", "EXDATE", "FREEBUSY")
LONGEST_VALUE: Final = 4_000  # characters of any property but a list of dates
DEEPEST: Final = 3  # calendar, zone, its rules; events stand higher
DEEPEST_OF_ALL: Final = 100
MOST_RULES: Final = 2_000  # changes of clock in all of a file's zones
_FOLD: Final = re.compile(r"\r?\n[ \t]|\r[ \t]")
_LINE: Final = re.compile(r"^([A-Za-z0-9-]+)([^\r\n]*)", re.MULTILINE)
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")
_KIND: Final = re.compile(r';FBTYPE="?([A-Z-]+)')
_DAY: Final = re.compile(r"[:,](\d{8})")
_SERIES: Final = ("RRULE", "RDATE", "RECURRENCE-ID")
_UTC: Final = frozenset({"utc", "z", "tzone://microsoft/utc", "(utc) coordinated universal time"})  # as programs say it
_SLACK: Final = timedelta(days=2)


class Essentials(NamedTuple):
    """The file's events and zones as a calendar; of its free/busy lists each line's kind and periods."""

    calendar: str
    free_busy: list[tuple[str, str]]


def essentials_of(body: bytes, horizon: Horizon) -> Essentials:
    """The file with nothing in it but times; raises NotTaken for what is no calendar, or too much of one."""
    text = _FOLD.sub("", body.decode("utf-8", "replace").lstrip("\ufeff")).replace("\r", "\n")
    if not text.lstrip()[:15].upper() == "BEGIN:VCALENDAR" or "END:VCALENDAR" not in text[-200:].upper():
        raise NotTaken("unreadable")
    kept, free_busy, event = list[str](), list[tuple[str, str]](), list[str]()
    for line in _essential_lines(text):
        if line == "BEGIN:VEVENT":
            event = [line]
        elif event:
            event.append(line)
            if line == "END:VEVENT":
                kept += event if _may_matter(event, horizon) else ()
                event = []
        elif _name_of(line) in FREE_BUSY:
            free_busy.append(_kind_and_periods(line))
        elif not line.endswith(":VFREEBUSY"):
            kept.append(line)
    _refuse_too_much(kept, free_busy)
    return Essentials("\r\n".join([*kept, ""]), free_busy)


def _essential_lines(text: str) -> Iterator[str]:
    path: list[str] = []
    known = False  # whether everything the line stands in is of use
    for found in _LINE.finditer(text):  # not split: ten million short lines would not fit into memory
        name = found[1].upper()
        if name in ("BEGIN", "END"):
            what = found[2][1:].strip().upper()
            if name == "BEGIN":
                path.append(what)
                known = _is_known(path)
            if known and path[-1] == what:
                yield f"{name}:{what}"
            if name == "END" and path and path[-1] == what:
                path.pop()
                known = _is_known(path)
        elif known and name in _wanted(path) and (len(found[2]) <= LONGEST_VALUE or name in LISTS):
            yield name + sound_zone(found[2])


def _wanted(path: list[str]) -> frozenset[str]:
    """The properties that count there; the calendar's own do not."""
    if len(path) == 1:
        return frozenset()
    return FREE_BUSY if path[-1] == "VFREEBUSY" else PROPERTIES


def sound_zone(rest: str) -> str:
    """The line after its name, with the quotes that some programs leave out around "tzone://Microsoft/Custom".

    What is UTC in other words says so.
    """
    before, _mark, after = rest.partition(";TZID=")
    named, _colon, value = after.rpartition(":")
    zone, more, others = named.partition(";")
    if zone.strip('"').lower() in _UTC:
        return f"{before};TZID=UTC{more}{others}:{value}"
    if '"' in named or not (":" in zone or "," in zone):
        return rest
    return f'{before};TZID="{zone}"{more}{others}:{value}'


def _is_known(path: list[str]) -> bool:
    if len(path) > DEEPEST_OF_ALL:
        raise NotTaken("too-much")
    return 0 < len(path) <= DEEPEST and COMPONENTS.issuperset(path)


def _kind_and_periods(line: str) -> tuple[str, str]:
    """Of a FREEBUSY line; some programs write a title beside the kind."""
    about, _colon, periods = line.rpartition(":")
    kind = _KIND.search(about.upper())
    return kind[1] if kind else "BUSY", periods


def _may_matter(event: list[str], horizon: Horizon) -> bool:
    """False for one of our own, and for a single event wholly before or after the horizon, by its dates' digits."""
    values = {_name_of(line): line for line in event}
    if values.get("UID", "").rstrip().lower().endswith(OWN_UID):
        return False
    if "DURATION" in values or any(name in values for name in _SERIES):
        return True
    first = _day_of(values.get("DTSTART", ""))
    last = _day_of(values.get("DTEND", "")) or first
    if first is None or last is None:
        return True
    return first <= horizon.last + _SLACK and last >= horizon.first - _SLACK


def _name_of(line: str) -> str:
    found = _NAME.match(line)
    return found.group() if found else ""


def _day_of(line: str) -> date | None:
    found = _DAY.search(line)
    try:
        return date.fromisoformat(found.group(1)) if found else None
    except ValueError:
        return None


def _refuse_too_much(lines: list[str], free_busy: list[tuple[str, str]]) -> None:
    periods = sum(text.count(",") + 1 for _kind, text in free_busy)
    events = sum(line == "BEGIN:VEVENT" for line in lines)
    dates = sum(line.count(",") + 1 for line in lines if _name_of(line) in LISTS)
    rules = sum(line in ("BEGIN:STANDARD", "BEGIN:DAYLIGHT") for line in lines)
    if events + dates + periods > MOST_OCCURRENCES or rules > MOST_RULES:
        raise NotTaken("too-much")
