"""A strict reader of iCalendar lines, written from RFC 5545 and sharing nothing with the library that writes them."""

from __future__ import annotations

import re
from collections import Counter

NAME = r"[A-Za-z0-9-]+"
QUOTED, SAFE = r'"[^"\x00-\x1f\x7f]*"', r'[^";:,\x00-\x1f\x7f]*'
VALUE = f"(?:{QUOTED}|{SAFE})"
PARAMETERS = f"(?:;{NAME}={VALUE}(?:,{VALUE})*)*"
LINE = re.compile(rf"(?P<name>{NAME})(?P<parameters>{PARAMETERS}):(?P<value>[^\x00-\x08\x0a-\x1f\x7f]*)")
TEXT = re.compile(r"(?:[^\\;,\x00-\x08\x0a-\x1f\x7f]|\\[\\;,nN])*")
UTC, LOCAL = re.compile(r"\d{8}T\d{6}Z"), re.compile(r"\d{8}T\d{6}")
TEXTS = {"SUMMARY", "LOCATION", "DESCRIPTION", "NAME", "X-WR-CALNAME", "PRODID", "UID"}
UTC_TIMES = {"DTSTAMP", "CREATED", "LAST-MODIFIED"}
ONCE = {
    "VCALENDAR": {
        "VERSION", "PRODID", "METHOD", "X-WR-CALNAME", "X-WR-TIMEZONE", "REFRESH-INTERVAL", "X-PUBLISHED-TTL",
    },
    "VEVENT": {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE", "STATUS", "SUMMARY", "CREATED", "LAST-MODIFIED", "TRANSP",
    },
}  # fmt: skip
AT_MOST_ONCE = {"LOCATION", "DESCRIPTION", "URL", "X-MICROSOFT-CDO-BUSYSTATUS"}


def faults(data: bytes) -> list[str]:
    """Everything that is wrong with a feed; an empty list when nothing is."""
    found = _physical_faults(data)
    if found:
        return found
    stack: list[tuple[str, Counter[str]]] = []
    zones, used = set(), set()
    for line in data.decode().replace("\r\n ", "").split("\r\n")[:-1]:
        fits = LINE.fullmatch(line)
        if fits is None:
            found.append(f"not a content line: {line[:60]!r}")
            continue
        name, value = fits["name"].upper(), fits["value"]
        if name == "BEGIN":
            stack.append((value, Counter()))
        elif name == "END":
            opened, counted = stack.pop() if stack else ("", Counter())
            found += [f"END:{value} closes {opened}"] if opened != value else _count_faults(opened, counted)
        else:
            found += ["a property outside components"] if not stack else _value_faults(name, fits["parameters"], value)
            if stack:
                stack[-1][1][name] += 1
            zones |= {value} if name == "TZID" else set()
            used |= {one.split("=")[1] for one in fits["parameters"].split(";") if one.startswith("TZID=")}
    found += [f"{stack[-1][0]} is never closed"] if stack else []
    return found + [f"no VTIMEZONE for {zone}" for zone in used - zones]


def _physical_faults(data: bytes) -> list[str]:
    lines = data.split(b"\r\n")
    found = [] if lines[-1] == b"" else ["the last line has no end"]
    found += [f"{len(line)} octets" for line in lines if len(line) > 75]
    found += [f"bare line end: {line[:40]!r}" for line in lines if b"\r" in line or b"\n" in line]
    for line in lines:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            found.append(f"a character is cut: {line[:40]!r}")
    return found


def _count_faults(component: str, counted: Counter[str]) -> list[str]:
    needed = ONCE.get(component, set())
    wrong = [f"{component}: {name} {counted[name]} times" for name in needed if counted[name] != 1]
    return wrong + [f"{component}: {name} repeated" for name in AT_MOST_ONCE if counted[name] > 1]


def _value_faults(name: str, parameters: str, value: str) -> list[str]:
    if name in TEXTS and not TEXT.fullmatch(value):
        return [f"{name} is no TEXT: {value[:40]!r}"]
    if name in UTC_TIMES and not UTC.fullmatch(value):
        return [f"{name} is not in UTC: {value}"]
    if name in ("DTSTART", "DTEND") and not (LOCAL if "TZID=" in parameters else UTC).fullmatch(value):
        local_in_zone = not parameters and LOCAL.fullmatch(value)
        return [] if local_in_zone else [f"{name}{parameters}: {value}"]
    return [f"SEQUENCE is {value}"] if name == "SEQUENCE" and not value.isdecimal() else []
