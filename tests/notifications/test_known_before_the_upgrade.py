"""Stops that were being changed when 0028 came: their history gives back what 0028 would have kept of them."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import delete

from app.core.time import from_venue, now
from app.extensions import db
from app.people.actors import by_user
from app.people.links import mint_link
from app.visits import lifecycle
from app.visits.arranging import last_move_of, swap_appointments, undo_move
from app.visits.models import Activity
from app.visits.programme_models import Appointment
from app.visits.running_late import run_late
from app.web.visitor.paper import sheet_of
from tests.cast import OLA
from tests.harness.web import CarefulClient
from tests.notifications.town import Store, Town, user

PIPES, TUNNEL = "Pipe renewal on site", "The tunnel"
MIGRATION = Path(__file__).resolve().parents[2] / "migrations" / "versions" / "0030_known_before_the_upgrade.py"
NOT_IN_HISTORY = ("visitor_note", "changed_at")
Kept = dict[str, dict[str, Any]]


@pytest.fixture
def confirmed(town: Town, store: Store, clock: time_machine.Traveller) -> Town:
    """Two stops of Ola's on 10 May, at 09:00 and at 13:00, accepted; a morning in April."""
    with store():
        town.add(OLA)
        town.add(OLA, start="13:00", end="14:00", title=TUNNEL)
        town.confirm()
    clock.move_to(datetime(2027, 4, 22, 6, 0, tzinfo=UTC))
    return town


def ola() -> Any:
    return by_user(user(OLA), user(OLA).hosts[0])


def move(town: Town, title: str = PIPES, **by: int) -> None:
    stop, later = town.stop(title), timedelta(**by)
    town.move(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)


def greatly(town: Town) -> None:
    move(town, days=1)


def twice(town: Town) -> None:
    move(town, days=1)
    move(town, hours=3)


def a_little_and_greatly(town: Town) -> None:
    move(town, minutes=30)
    move(town, days=1)


def greatly_and_nearly_back(town: Town) -> None:
    move(town, days=1)
    move(town, days=-1, minutes=30)


def swapped(town: Town) -> None:
    swap_appointments(town.stop(), town.stop(TUNNEL), by=ola(), at=now())


def taken_back(town: Town) -> None:
    move(town, days=1)
    activity = last_move_of(town.stop())
    assert activity is not None
    undo_move(activity, by=ola(), at=now())


def renamed_and_moved(town: Town) -> None:
    stop = town.stop()
    town.move(stop, title=PIPES, place_text="Elsewhere", starts_at=stop.starts_at + timedelta(hours=2),
              ends_at=stop.ends_at + timedelta(hours=2))  # fmt: skip


def removed(town: Town) -> None:
    move(town, days=1)
    lifecycle.remove_appointment(town.stop(), by=ola(), at=now() + timedelta(minutes=1))


def wished_otherwise(town: Town) -> None:
    lifecycle.ask_for_change(town.visit, text="Later, please.", at=now())
    move(town, days=1)


def proposed_anew(town: Town) -> None:
    move(town, days=1)
    lifecycle.propose(town.visit, by=ola(), at=now() + timedelta(minutes=1))


def late_after_all(town: Town) -> None:
    with time_machine.travel(from_venue(datetime(2027, 5, 10, 8, 0)), tick=False):
        move(town, hours=2)
        run_late(town.stop(), 30, by=ola(), at=now())


WAYS: list[tuple[Callable[[Town], None], bool]] = [
    (greatly, True), (twice, True), (a_little_and_greatly, True), (greatly_and_nearly_back, False), (swapped, True),
    (taken_back, False), (renamed_and_moved, True), (removed, True), (wished_otherwise, True), (proposed_anew, False),
    (late_after_all, False),
]  # fmt: skip


def kept(town: Town) -> Kept:
    return {stop.title: {k: v for k, v in stop.known.items() if k not in NOT_IN_HISTORY} for stop in stops(town)}


def stops(town: Town) -> list[Appointment]:
    return sorted(town.visit.appointments, key=lambda stop: stop.id)


def forget(town: Town) -> None:
    for stop in stops(town):
        stop.known = {}
    db.session.flush()


def upgrade() -> None:
    """What the migration does, on this database."""
    db.session.flush()
    spec = importlib.util.spec_from_file_location("known_before_the_upgrade", MIGRATION)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with Operations.context(MigrationContext.configure(db.session.connection())):
        module.upgrade()
    db.session.expire_all()


@pytest.mark.parametrize(("change", "waits"), WAYS)
def test_history_gives_back_what_would_have_been_kept(
    confirmed: Town, store: Store, change: Callable[[Town], None], waits: bool
) -> None:
    with store():
        change(confirmed)
        before = kept(confirmed)
        forget(confirmed)
        upgrade()
        assert kept(confirmed) == before
        assert bool(before[PIPES]) is waits


def test_stop_that_was_proposed_and_not_accepted_is_as_it_was_proposed(town: Town, store: Store) -> None:
    with store():
        town.add(OLA)
        lifecycle.propose(town.visit, by=ola(), at=now())
        lifecycle.ask_for_change(town.visit, text="Later, please.", at=now() + timedelta(minutes=1))
        move(town, days=1)
        before = kept(town)
        forget(town)
        upgrade()
        assert kept(town) == before
        assert before[PIPES]["status"] == "tentative"


def test_without_its_history_they_go_by_what_they_accepted(
    confirmed: Town, store: Store, client: CarefulClient
) -> None:
    """Page, file and paper: neither the day nor the place that nobody has proposed, nor what is to be brought there."""
    with store():
        stop = confirmed.stop()
        day = timedelta(days=1)
        confirmed.move(
            stop, starts_at=stop.starts_at + day, ends_at=stop.ends_at + day, place_text="Elsewhere",
            visitor_note="Be at the quay Elsewhere.",
        )  # fmt: skip
        forget(confirmed)
        db.session.execute(delete(Activity).where(Activity.verb == "move-appointment"))
        token = mint_link("visit", confirmed.visit_id, at=now())
    leaked = client.get(f"/v/{token}").text
    assert "Elsewhere" in leaked  # what this is about
    with store():
        upgrade()
    for page in ("", "/programme", "/programme.ics"):
        text = client.get(f"/v/{token}{page}").text
        assert ("Elsewhere" in text, "11 May" in text, "20270511" in text) == (False, False, False), page
    with store(), confirmed.app.test_request_context("/"):
        days = [day.heading if hasattr(day, "heading") else str(day) for day in sheet_of(confirmed.visit).days]
        assert "Elsewhere" not in str(days)
        assert len(days) == 1


def test_upgrading_again_changes_nothing(confirmed: Town, store: Store) -> None:
    with store():
        greatly(confirmed)
        before = [dict(stop.known) for stop in stops(confirmed)]
        upgrade()
        assert [dict(stop.known) for stop in stops(confirmed)] == before
