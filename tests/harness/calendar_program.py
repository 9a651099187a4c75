"""A person's own calendar program: vdirsyncer fetches a feed, khal shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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

    def shown(self, day: str) -> list[str]:
        """The day (YYYY-MM-DD) as khal lists it: time, title and status of each event."""
        line = "{start-time}-{end-time} {title} {location} {status}"
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
