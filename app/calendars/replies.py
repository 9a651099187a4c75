"""Answers to invitations (iTIP REPLY and COUNTER) as other calendar programs send them; nothing in them is believed.

Only a few short lines of one event reach the parser. Zones that a mail defines for itself do not: laying out their
rules is the one thing in such a mail that could take long, and the parser would remember one mail's zone for the next.
Where a proposed time needs them it is read as somebody's own calendar is, in a process of its own.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from icalendar import Calendar

from app.calendars.busy import Horizon, NotTaken
from app.calendars.essentials import sound_zone
from app.calendars.reading import NONSENSE
from app.calendars.sandbox import read_safely
from app.core.text import clean_line, clean_text
from app.core.time import venue_zone

LARGEST_ANSWER: Final = 100_000  # bytes
LONGEST_LINE: Final = 2_000
MOST_ATTENDEES: Final = 50
ANSWERS: Final = ("ACCEPTED", "TENTATIVE", "DECLINED")
_KEPT: Final = frozenset(
    {"UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "ORGANIZER", "DTSTART", "DTEND", "DURATION", "COMMENT", "RECURRENCE-ID"}
)
_TIMES: Final = ("DTSTART", "DTEND", "DURATION")
LONGEST_AS_WRITTEN: Final = 150
LONGEST_PROPOSAL: Final = timedelta(days=31)
_FOLD: Final = re.compile(r"\r?\n[ \t]|\r[ \t]")
_NAME: Final = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody's calendar program says: REPLY or COUNTER to the event `uid`, by whom, and the time it proposes."""

    method: str
    uid: str
    sequence: int
    answer: str  # one of ANSWERS; empty where it says something else
    attendees: tuple[str, ...]
    organizer: str = ""  # Outlook may leave it out
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    elsewhere: str = ""  # the proposed time as it was written, on a clock that nobody knows; then no time is known
    comment: str = ""
    stamped_at: datetime | None = None  # when it was said, by their program's clock


def read_answer(body: bytes) -> Answer:
    """The answer in a calendar part of a mail; raises NotTaken for what is none, or is too large to be one."""
    if len(body) > LARGEST_ANSWER:
        raise NotTaken("too-much")
    method, lines, zones = _sift(_decoded(body))
    if method not in ("REPLY", "COUNTER"):
        raise NotTaken("unreadable")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            calendar = Calendar.from_ical("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]))
            event = calendar.walk("VEVENT")[0]
            found = _answer(method, event)
            return _on_a_strange_clock(found, event, lines, zones) if method == "COUNTER" else found
    except NONSENSE as error:
        raise NotTaken("unreadable") from error


def _decoded(body: bytes) -> str:
    """UTF-8, whatever the mail says of it; what is none is most likely Western European."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _sift(text: str) -> tuple[str, list[str], list[str]]:
    """METHOD, the lines that are needed of the first event, and those of the zones that the mail defines."""
    method, kept, path, zones = "", list[str](), list[str](), list[str]()
    for line in _FOLD.sub("", text).replace("\r", "\n").split("\n"):
        name = found.group().upper() if (found := _NAME.match(line)) else ""
        value = line.rpartition(":")[2].strip().upper()
        if name == "BEGIN":
            path.append(value)
        if path[:2] == ["VCALENDAR", "VTIMEZONE"]:
            zones.append(line)
        inside = path == ["VCALENDAR", "VEVENT"] and kept[-1:] != ["END:VEVENT"]
        if name in ("BEGIN", "END") and inside and value == "VEVENT":
            kept.append(f"{name}:{value}")
        elif inside and name in _KEPT and len(line) <= LONGEST_LINE:
            kept.append(name + sound_zone(line[len(name) :]) if name in (*_TIMES, "RECURRENCE-ID") else line)
        elif name == "METHOD" and path == ["VCALENDAR"]:
            method = value
        if name == "END" and path:
            path.pop()
    return method, kept, zones


def _answer(method: str, event: Any) -> Answer:
    people = event.get("ATTENDEE", [])
    people = people[:MOST_ATTENDEES] if isinstance(people, list) else [people]
    said = str(people[0].params.get("PARTSTAT", "")).upper() if len(people) == 1 else ""
    starts, ends = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if starts and not ends and "DURATION" in event:
        ends = starts + event["DURATION"].dt
    comment = event.get("COMMENT", "")
    return Answer(
        method=method,
        uid=clean_line(str(event["UID"])),
        sequence=int(event.get("SEQUENCE", 0)),
        answer=said if said in ANSWERS else "",
        attendees=tuple(_address(person) for person in people),
        organizer=_address(event.get("ORGANIZER", "")),
        starts_at=starts,
        ends_at=ends if starts and ends and ends > starts else None,
        comment=clean_text(str(comment[0] if isinstance(comment, list) else comment))[:1000],
        stamped_at=_moment(event, "DTSTAMP"),
    )


def _on_a_strange_clock(answer: Answer, event: Any, lines: list[str], zones: list[str]) -> Answer:
    """The answer with the proposed time by the mail's own zones, where its name is none that the world knows."""
    strange = [str(event[name].params["TZID"]) for name in _TIMES if name in event and _is_strange(event[name])]
    if not strange:
        return answer
    is_defined = _defined(zones).issuperset(map(_bare, strange))
    starts, ends = _by_own_zones(event, lines, zones) if is_defined else (None, None)
    return replace(answer, starts_at=starts, ends_at=ends, elsewhere="" if starts else _as_written(event, strange[0]))


def _is_strange(value: Any) -> bool:
    return "TZID" in value.params and isinstance(value.dt, datetime) and value.dt.tzinfo is None


def _defined(zones: list[str]) -> set[str]:
    """What the mail's own zones are called."""
    return {_bare(line.partition(":")[2]) for line in zones if line.upper().startswith(("TZID:", "TZID;"))}


def _bare(zone: str) -> str:
    return zone.replace("\\,", ",").replace("\\;", ";").strip().strip("/")


def _by_own_zones(event: Any, lines: list[str], zones: list[str]) -> tuple[datetime | None, datetime | None]:
    """Begin and end, read as the one busy time of a calendar with these zones; nothing where that cannot be."""
    times = [line for line in lines if line.startswith(_TIMES)]
    calendar = ["BEGIN:VCALENDAR", *zones, "BEGIN:VEVENT", *times, "END:VEVENT", "END:VCALENDAR", ""]
    day = event["DTSTART"].dt.date()
    horizon = Horizon(day - timedelta(days=2), day + LONGEST_PROPOSAL, venue_zone().key)
    try:
        (busy,) = read_safely("\r\n".join(calendar).encode(), horizon).busy
    except (NotTaken, ValueError):
        return None, None
    return busy.starts_at, busy.ends_at


def _as_written(event: Any, zone: str) -> str:
    """ "2027-05-10 13:00–14:30, Customized Time Zone"."""
    starts, ends = (event[name].dt if name in event else None for name in ("DTSTART", "DTEND"))
    until = f"–{ends:%H:%M}" if isinstance(ends, datetime) else ""
    return clean_line(f"{starts:%Y-%m-%d %H:%M}{until}, {zone}")[:LONGEST_AS_WRITTEN]


def _moment(event: Any, name: str) -> datetime | None:
    """A time of day as UTC; without a zone it is the venue's, and so it is at first in a zone nobody knows."""
    value: date | None = event[name].dt if name in event else None
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=venue_zone())).astimezone(UTC)


def _address(value: Any) -> str:
    return clean_line(str(value)).lower().removeprefix("mailto:")
