"""A mail that somebody pasted: as people do it, with something before its headers, or with no headers at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from textwrap import dedent

from app.notifications.reply_mail import Arrived, read_mail

MOST_BEFORE = 30  # lines that may stand before the headers: further down they are those of a mail that is quoted
_INVISIBLE = "\ufeff\u200b\u200e\u2060"
_BLANK = _INVISIBLE + " \t\xa0"
_END = b"END:VCALENDAR"  # what stands behind it in a mail that was cut out of another is none of it
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]*:")
_CALENDAR = re.compile(r"^BEGIN:VCALENDAR[ \t]*$.*?^END:VCALENDAR[ \t]*$", re.I | re.M | re.S)
_CALENDAR_PART = re.compile(r"content-type:\s*text/calendar\b", re.I)


def read_pasted(text: str) -> Arrived:
    """A whole mail, or what is left of one, or only its calendar file; never raises.

    Empty lines, marks that nobody sees and other lines before the headers are left away. Where no part of the mail
    is a calendar, one that stands in it anywhere is taken.
    """
    lines = dedent(text.replace("\r\n", "\n").replace("\r", "\n").lstrip(_INVISIBLE)).split("\n")
    start = _start_of_headers(lines)
    lines = [lines[start].lstrip(_BLANK), *lines[start + 1 :]]
    found = read_mail("\n".join(lines).encode())
    end = found.calendar.upper().find(_END)
    calendar = found.calendar[: end + len(_END)] if end >= 0 else _calendar_in(lines).encode()
    return replace(found, calendar=calendar or found.calendar)


def _start_of_headers(lines: Sequence[str]) -> int:
    """Where the first lines begin that are a mail's headers; else the first line that is not empty."""
    begins = [number for number, line in enumerate(lines[:MOST_BEFORE]) if line.strip(_BLANK)]
    named = (number for number in begins if _HEADER.match(lines[number].lstrip(_BLANK)))
    return next((number for number in named if _are_headers(lines[number:])), begins[0] if begins else 0)


def _are_headers(lines: Sequence[str]) -> bool:
    """Whether a sender or what kind of text it is stands there before the next empty line."""
    for line in lines:
        if not line.strip(_BLANK):
            return False
        if line.lstrip(_BLANK).lower().startswith(("from:", "content-type:")):
            return True
    return False


def _calendar_in(lines: Sequence[str]) -> str:
    """The calendar in a part whose mail is not whole, else one that stands there as it is; empty where none is."""
    part = next((number for number, line in enumerate(lines) if _CALENDAR_PART.match(line)), None)
    if part is not None and (found := _CALENDAR.search(_decoded(_part_around(lines, part)))):
        return found[0]
    found = _CALENDAR.search("\n".join(lines))
    return found[0] if found else ""


def _part_around(lines: Sequence[str], named_at: int) -> str:
    """The part that has this line among its headers: from the boundary before it to the one after it."""
    first = last = named_at
    while first and lines[first - 1].strip() and not lines[first - 1].startswith("--"):
        first -= 1
    while last < len(lines) and not lines[last].startswith("--"):
        last += 1
    return "\n".join(lines[first:last])


def _decoded(part: str) -> str:
    payload = message_from_bytes(part.encode(), policy=policy.compat32).get_payload(decode=True)
    return payload.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(payload, bytes) else ""
