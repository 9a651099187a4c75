"""Real calendar programs subscribe: vdirsyncer fetches a feed from a running server, khal shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.feeds.conftest import FIRST_DAY, Region

PROGRAMS = Path(sys.executable).parent
SYNC_SETTINGS = """
[general]
status_path = "{folder}/status/"
[pair visits]
a = "here"
b = "feed"
collections = null
conflict_resolution = "b wins"
[storage here]
type = "filesystem"
path = "{folder}/calendar/"
fileext = ".ics"
[storage feed]
type = "http"
url = "{url}"
"""
SHOW_SETTINGS = """
[calendars]
[[visits]]
path = {folder}/calendar/
[default]
default_calendar = visits
[sqlite]
path = {folder}/khal.db
[locale]
local_timezone = Europe/Oslo
default_timezone = Europe/Oslo
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
"""


@dataclass
class Desk:
    """A person's own computer: a folder with vdirsyncer's and khal's settings and the synchronised calendar."""

    folder: Path

    def subscribe(self, url: str) -> None:
        """Put the feed's link into the calendar program."""
        (self.folder / "calendar").mkdir()
        (self.folder / "sync").write_text(SYNC_SETTINGS.format(folder=self.folder, url=url))
        (self.folder / "show").write_text(SHOW_SETTINGS.format(folder=self.folder))
        self._run("vdirsyncer", "-c", str(self.folder / "sync"), "discover", "visits")

    def synchronise(self) -> None:
        """Fetch the feed."""
        self._run("vdirsyncer", "-c", str(self.folder / "sync"), "sync", "visits")

    def shown(self) -> list[str]:
        """The day as khal lists it: time, title and status of each event."""
        line = "{start-time}-{end-time} {title} {location} {status}"
        day = f"{FIRST_DAY:%Y-%m-%d}"
        told = self._run(
            "khal", "-c", str(self.folder / "show"), "list", "--day-format", "", "--format", line, day, "1d"
        )
        return [" ".join(row.split()) for row in told.splitlines() if row.strip()]

    def _run(self, program: str, *words: str) -> str:
        home = {"HOME": str(self.folder), "XDG_DATA_HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        ran = subprocess.run(
            [PROGRAMS / program, *words], env=os.environ | home, capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode == 0, f"{program} {' '.join(words)}\n{ran.stdout}\n{ran.stderr}"
        return ran.stdout


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A new computer."""
    return Desk(tmp_path)


def test_calendar_program_shows_a_moved_appointment_moved_and_a_cancelled_one_cancelled(
    region: Region, live_server: str, desk: Desk
) -> None:
    tour = region.add("Omvisning på Bryggen", contact=region.ola)
    lunch = region.add("Lunch", hours=3, contact=region.ola)
    region.add("Åpning", hours=5, contact=region.ola)
    desk.subscribe(live_server + region.subscribe(region.ola))
    desk.synchronise()
    assert desk.shown() == [
        "10:00-11:00 Hold: Omvisning på Bryggen (Gemeente Utrecht) Kalfarveien 82 TENTATIVE",
        "13:00-14:00 Hold: Lunch (Gemeente Utrecht) Kalfarveien 82 TENTATIVE",
        "15:00-16:00 Hold: Åpning (Gemeente Utrecht) Kalfarveien 82 TENTATIVE",
    ]
    region.move(tour, "Omvisning på Bryggen", hours=1.5, contact=region.ola)
    region.cancel(lunch)
    desk.synchronise()
    assert desk.shown() == [
        "11:30-12:30 Hold: Omvisning på Bryggen (Gemeente Utrecht) Kalfarveien 82 TENTATIVE",
        "13:00-14:00 Cancelled: Lunch (Gemeente Utrecht) Kalfarveien 82 CANCELLED",
        "15:00-16:00 Hold: Åpning (Gemeente Utrecht) Kalfarveien 82 TENTATIVE",
    ]


def test_calendar_program_without_changes_fetches_nothing_new(region: Region, live_server: str, desk: Desk) -> None:
    region.add("Tour", contact=region.ola)
    desk.subscribe(live_server + region.subscribe(region.ola))
    desk.synchronise()
    before = {path.name: path.stat().st_mtime_ns for path in (desk.folder / "calendar").iterdir()}
    desk.synchronise()
    after = {path.name: path.stat().st_mtime_ns for path in (desk.folder / "calendar").iterdir()}
    assert (len(before), after) == (1, before)
