"""Answers to invitations (iTIP REPLY and COUNTER) as other calendar programs send them; nothing in them is believed.

Only a few short lines of one event reach the parser. Zones that a mail defines for itself do not: laying out their
rules is the one thing in such a mail that could take long.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from icalendar import Calendar

from app.calendars.busy import NotTaken
from app.calendars.reading import NONSENSE
from app.core.text import clean_line, clean_text
from app.core.time import venue_zone

LARGEST_ANSWER: Final = 100_000  # bytes
LONGEST_LINE: Final = 2_000
MOST_ATTENDEES: Final = 50
ANSWERS: Final = ("ACCEPTED", "TENTATIVE", "DECLINED")
_KEPT: Final = frozenset(
    {"UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "ORGANIZER", "DTSTART", "DTEND", "DURATION", "COMMENT", "RECURRENCE-ID"}
)
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
    comment: str = ""
    stamped_at: datetime | None = None  # when it was said, by their program's clock


def read_answer(body: bytes) -> Answer:
    """The answer in a calendar part of a mail; raises NotTaken for what is none, or is too large to be one."""
    if len(body) > LARGEST_ANSWER:
        raise NotTaken("too-much")
    method, lines = _sift(_decoded(body))
    if method not in ("REPLY", "COUNTER"):
        raise NotTaken("unreadable")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            calendar = Calendar.from_ical("\r\n".join(["BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]))
            return _answer(method, calendar.walk("VEVENT")[0])
    except NONSENSE as error:
        raise NotTaken("unreadable") from error


def _decoded(body: bytes) -> str:
    """UTF-8, whatever the mail says of it; what is none is most likely Western European."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def _sift(text: str) -> tuple[str, list[str]]:
    """METHOD, and the lines that are needed of the first event."""
    method, kept, path = "", [], []
    for line in _FOLD.sub("", text).replace("\r", "\n").split("\n"):
        name = found.group().upper() if (found := _NAME.match(line)) else ""
        value = line.rpartition(":")[2].strip().upper()
        if name == "BEGIN":
            path.append(value)
        inside = path == ["VCALENDAR", "VEVENT"]
        if name in ("BEGIN", "END") and inside and value == "VEVENT":
            kept.append(line.strip())
        elif inside and name in _KEPT and len(line) <= LONGEST_LINE:
            kept.append(line)
        elif name == "METHOD" and path == ["VCALENDAR"]:
            method = value
        if name == "END" and path:
            path.pop()
            if inside:
                break
    return method, kept


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


def _moment(event: Any, name: str) -> datetime | None:
    """A time of day as UTC; a zone nobody knows, or none, is the venue's."""
    value: date | None = event[name].dt if name in event else None
    if not isinstance(value, datetime):
        return None
    return (value if value.tzinfo else value.replace(tzinfo=venue_zone())).astimezone(UTC)


def _address(value: Any) -> str:
    return clean_line(str(value)).lower().removeprefix("mailto:")
