"""Real calendar programs subscribe: vdirsyncer fetches a feed from a running server, khal shows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from app.extensions import db
from app.feeds.models import Level, ScopeKind
from app.people.actors import by_user
from app.people.models import User
from app.strategy.models import Goal
from app.visits.lifecycle import correct_goals
from app.visits.models import Visit
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


def test_calendar_program_follows_a_goal_through_another_host_s_person(
    region: Region, live_server: str, desk: Desk
) -> None:
    with region.app.app_context():
        ola, visit = db.session.get_one(User, region.ola), db.session.get_one(Visit, region.visit)
        goal = db.session.scalars(select(Goal).where(Goal.slug == "1.3")).one()
        correct_goals(visit, [goal], by=by_user(ola, ola.hosts[0]))
        db.session.commit()
        goal_id = goal.id
    tour = region.add("Omvisning på Bryggen", contact=region.ola, note="Use the ramp")
    region.add("Part", hours=3, host=region.klyngene)
    desk.subscribe(live_server + region.subscribe(region.siri, kind=ScopeKind.GOAL, scope_id=goal_id, level=Level.FULL))
    desk.synchronise()
    before = desk.shown(DAY)
    region.move(tour, "Omvisning på Bryggen", hours=1, contact=region.ola)
    region.cancel(tour)
    desk.synchronise()
    part = "13:00-14:00 Hold: Part (Gemeente Utrecht) Kalfarveien 82 TENTATIVE"
    assert before == ["10:00-11:00 Hold: Omvisning på Bryggen (Gemeente Utrecht) Kalfarveien 82 TENTATIVE", part]
    assert desk.shown(DAY) == [
        "11:00-12:00 Cancelled: Omvisning på Bryggen (Gemeente Utrecht) Kalfarveien 82 CANCELLED",
        part,
    ]
    assert [path for path in (desk.folder / "calendar").iterdir() if "ramp" in path.read_text()] == []
