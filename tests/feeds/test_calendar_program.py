"""Real calendar programs subscribe: vdirsyncer fetches a feed from a running server, khal shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.feeds.conftest import FIRST_DAY, Region
from tests.harness.calendar_program import Desk

DAY = f"{FIRST_DAY:%Y-%m-%d}"


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
    assert desk.shown(DAY) == [
        "10:00-11:00 Hold: Omvisning på Bryggen (Gemeente Utrecht) Kalfarveien 82 TENTATIVE",
        "13:00-14:00 Hold: Lunch (Gemeente Utrecht) Kalfarveien 82 TENTATIVE",
        "15:00-16:00 Hold: Åpning (Gemeente Utrecht) Kalfarveien 82 TENTATIVE",
    ]
    region.move(tour, "Omvisning på Bryggen", hours=1.5, contact=region.ola)
    region.cancel(lunch)
    desk.synchronise()
    assert desk.shown(DAY) == [
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
