"""What different programs read in one calendar, in the same words: icalendar, vobject, ical.js; and libical's check."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import icalendar
import pytest
import vobject

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"
# libical through GObject introspection: complains of every property that RFC 5546 forbids or misses.
LIBICAL = """
import sys, gi
gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib
calendar = ICalGLib.Component.new_from_string(sys.stdin.read())
whole = ICalGLib.Component.check_restrictions(calendar)
errors = ICalGLib.Component.count_errors(calendar)
print(whole, errors, ICalGLib.Component.count_components(calendar, ICalGLib.ComponentKind.VEVENT_COMPONENT))
"""


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """One event as a program understood it; times in UTC, ISO 8601."""

    uid: str
    starts: str
    ends: str
    summary: str
    status: str
    sequence: int
    location: str


def _utc(moment: object) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"  # type: ignore[attr-defined]


def with_icalendar(data: bytes) -> list[Seen]:
    """The library's own reader; raises for anything that it could not parse and would otherwise only note."""
    calendar = icalendar.Calendar.from_ical(data)
    broken = [error for component in calendar.walk() for error in component.errors]
    assert broken == []
    return sorted(
        Seen(
            str(e["UID"]), _utc(e.start), _utc(e.end), str(e["SUMMARY"]), str(e["STATUS"]), int(e["SEQUENCE"]),
            str(e.get("LOCATION", "")),
        )
        for e in calendar.events
    )  # fmt: skip


def with_vobject(data: bytes) -> list[Seen]:
    """vobject, which several servers and khal's relatives use; it checks what each component needs."""
    calendar = vobject.readOne(data.decode())
    calendar.validate(raiseException=True)
    return sorted(
        Seen(
            e.uid.value, _utc(e.dtstart.value), _utc(e.dtend.value), e.summary.value, e.status.value,
            int(e.sequence.value), e.location.value if hasattr(e, "location") else "",
        )
        for e in getattr(calendar, "vevent_list", [])
    )  # fmt: skip


def with_ical_js(data: bytes) -> list[dict[str, object]]:
    """ical.js as Thunderbird uses it, in node; `wall` is the start on the wall clock."""
    if shutil.which("node") is None:
        pytest.skip("there is no node")
    ran = subprocess.run(
        ["node", str(HERE / "read_feed.mjs")], input=data, capture_output=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr.decode()[-2000:]
    events: list[dict[str, object]] = json.loads(ran.stdout)
    return events


def as_seen(events: list[dict[str, object]]) -> list[Seen]:
    """ical.js's events in the common words."""
    plain = [{**one, "location": one["location"] or ""} for one in events]
    return sorted(Seen(**{name: one[name] for name in Seen.__slots__}) for one in plain)  # type: ignore[arg-type]


def libical_check(data: bytes) -> tuple[bool, int, int]:
    """Whether libical finds the restrictions kept, its count of errors, and the events; skips where it is not there."""
    ran = subprocess.run(
        [SYSTEM_PYTHON, "-c", LIBICAL], input=data.decode(), capture_output=True, text=True, timeout=120, check=False
    )
    if ran.returncode != 0 and ("No module named 'gi'" in ran.stderr or "not available" in ran.stderr):
        pytest.skip("Debian's packages python3-gi and gir1.2-ical-3.0 are not both installed")
    assert ran.returncode == 0, ran.stderr
    kept, errors, events = ran.stdout.split()
    return kept == "True", int(errors), int(events)
