"""Invitations as other calendar programs read them: Thunderbird's parser, and libical's iTIP rules where present."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from app.core.time import from_venue, now
from app.people.actors import by_user
from app.visits import lifecycle
from tests.cast import OLA, ULRIK
from tests.notifications.town import Store, Town, user

HARNESS = Path(__file__).resolve().parents[1] / "harness"
# Debian's gir1.2-ical-3.0 and python3-gi belong to the system's Python. Each restriction that is broken adds an
# X-LIC-ERROR to its component.
LIBICAL = """
import json, sys, gi
gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib
for text in json.load(sys.stdin):
    calendar = ICalGLib.Component.new_from_string(text)
    calendar.check_restrictions()
    print(calendar.count_errors())
"""
SYSTEM_PYTHON = "/usr/bin/python3"


def has_libical() -> bool:
    """Whether the system's Python can use libical."""
    question = [SYSTEM_PYTHON, "-c", "import gi; gi.require_version('ICalGLib', '3.0')"]
    return Path(SYSTEM_PYTHON).exists() and subprocess.run(question, capture_output=True, check=False).returncode == 0


@pytest.fixture
def life(town: Town, store: Store) -> list[EmailMessage]:
    """Ulrik's mails of one appointment: invited, changed, cancelled."""
    found = []
    with store():
        town.add(ULRIK)
    town.tick()
    found += town.new_to(ULRIK)
    with store():
        starts, ends = (from_venue(datetime(2027, 5, 10, *clock)) for clock in ((12, 0), (13, 30)))
        town.move(town.stop(), starts_at=starts, ends_at=ends)
    town.tick()
    found += town.new_to(ULRIK)
    with store():
        lifecycle.remove_appointment(town.stop(), by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    return [*found, *town.new_to(ULRIK)]


def texts(mails: list[EmailMessage]) -> str:
    parts = [list(mail.iter_parts())[2] for mail in mails]
    return json.dumps([part.get_payload(decode=True).decode() for part in parts])


@pytest.mark.one_engine
def test_thunderbirds_parser_follows_one_event_from_invitation_to_cancellation(life: list[EmailMessage]) -> None:
    node = shutil.which("node")
    assert node is not None, "make setup brings node"
    script = [node, str(HARNESS / "read_calendar.mjs")]
    read = subprocess.run(script, input=texts(life), capture_output=True, text=True, check=True)
    found = json.loads(read.stdout)
    assert [(one["method"], one["sequence"], one["status"], one["answer"], one["more"]) for one in found] == [
        ("REQUEST", 0, "TENTATIVE", "NEEDS-ACTION", 0),
        ("REQUEST", 1, "TENTATIVE", "NEEDS-ACTION", 0),
        ("CANCEL", 2, "CANCELLED", "", 0),
    ]
    assert [(one["starts"], one["ends"]) for one in found[:2]] == [
        ("2027-05-10T07:00:00.000Z", "2027-05-10T09:00:00.000Z"),
        ("2027-05-10T10:00:00.000Z", "2027-05-10T11:30:00.000Z"),
    ]
    assert {(one["attendee"]) for one in found} == {f"mailto:{ULRIK.email}"}
    assert (len({one["uid"] for one in found}), len({one["organizer"] for one in found})) == (1, 1)


@pytest.mark.one_engine
@pytest.mark.skipif(not has_libical(), reason="libical is not there: Debian's gir1.2-ical-3.0 and python3-gi")
def test_libical_finds_no_broken_restriction(life: list[EmailMessage]) -> None:
    assert errors_by_libical(texts(life)) == ["0", "0", "0"]
    broken = [re.sub(r"ORGANIZER.*?\r\n(?! )", "", text, flags=re.S) for text in json.loads(texts(life))]
    assert errors_by_libical(json.dumps(broken)) == ["1", "1", "1"]


def errors_by_libical(calendars: str) -> list[str]:
    """How many restrictions of iTIP each calendar breaks."""
    command = [SYSTEM_PYTHON, "-c", LIBICAL]
    return subprocess.run(command, input=calendars, capture_output=True, text=True, check=True).stdout.split()
