"""The timetable: what time does to visits, step by step, whatever fails; and the process that ticks."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import scheduler
from app.core import logs
from app.core.time import now
from app.extensions import db
from app.jobs import rows
from app.notifications.models import Notification
from app.people.links import mint_link
from app.people.models import Link
from app.visits import lifecycle
from app.visits.drafts import start_draft
from app.visits.models import Visit
from app.visits.programme_models import Delegate, Draft
from tests import factories
from tests.cast import OLA, bring

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller
ROOT = Path(__file__).resolve().parent.parent


def run(app: Flask, job: Callable[[], None]) -> None:
    """One run of a job."""
    with app.app_context():
        job()


def make_visit(store: Store, step: str) -> int:
    """A visit at that step, led by Ola's host; its id."""
    with store():
        (ola,) = bring(OLA)
        return factories.make_visit(step, user=ola).id


def status(app: Flask, visit_id: int) -> str:
    """Where the visit stands now."""
    with app.app_context():
        return db.session.get_one(Visit, visit_id).status


def test_request_expires_after_72_hours(app: Flask, store: Store, clock: Clock) -> None:
    with store():
        visit_id = lifecycle.submit(factories.WATER).id
    clock.shift(timedelta(hours=72) - timedelta(seconds=1))
    run(app, scheduler.advance)
    assert status(app, visit_id) == "submitted"
    clock.shift(1)
    run(app, scheduler.advance)
    assert status(app, visit_id) == "expired"


def test_offer_lapses_when_its_time_is_over(app: Flask, store: Store, clock: Clock) -> None:
    visit_id = make_visit(store, "offered")
    clock.move_to(datetime(2027, 1, 13, 15, 0, tzinfo=UTC))
    run(app, scheduler.advance)
    with app.app_context():
        offers = db.session.get_one(Visit, visit_id).offers
        lead = next(offer for offer in offers if offer.part == "lead" and offer.wave == 1)
        assert lead.status == "lapsed"


def test_hold_lapses_when_its_time_is_over(app: Flask, store: Store, clock: Clock) -> None:
    visit_id = make_visit(store, "planned")
    with app.app_context():
        hold_until = db.session.get_one(Visit, visit_id).appointments[0].hold_until
    assert hold_until is not None
    clock.move_to(hold_until)
    run(app, scheduler.advance)
    with app.app_context():
        assert db.session.get_one(Visit, visit_id).appointments[0].status == "cancelled"


def test_visit_is_completed_when_its_last_stop_has_ended(app: Flask, store: Store, clock: Clock) -> None:
    visit_id = make_visit(store, "confirmed")
    clock.move_to(datetime(2027, 5, 10, 8, 59, tzinfo=UTC))
    run(app, scheduler.advance)
    assert status(app, visit_id) == "confirmed"
    clock.move_to(datetime(2027, 5, 10, 9, 0, tzinfo=UTC))
    run(app, scheduler.advance)
    assert status(app, visit_id) == "completed"


def test_one_row_that_fails_stops_no_other_and_is_logged_without_values(
    app: Flask, store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[int] = []
    address = "@".join(("marloes", "utrecht.example.org"))

    def step(row_id: int, /, *, at: datetime) -> None:
        if row_id == 2:
            raise RuntimeError(address)
        done.append(row_id)

    with app.app_context(), caplog.at_level(logging.ERROR):
        rows.each(lambda *, at: [1, 2, 3], step)
    assert done == [1, 3]
    (record,) = caplog.records
    line = json.loads(logs.JsonLines().format(record))
    assert (
        line.items() >= {"message": "step failed for row 2", "step": "step", "row": 2, "error": "RuntimeError"}.items()
    )
    assert (line["job"], line["places"][-1].split()[-1]) == ("step", "step")
    assert address not in str(line)
    assert "raise" not in str(line)


def test_retention_keeps_what_is_young_and_drops_what_is_old(app: Flask, store: Store, clock: Clock) -> None:
    visit_id = make_visit(store, "claimed")
    with store() as session:
        visit = session.get_one(Visit, visit_id)
        lifecycle.add_delegate(visit, name="Joost", needs="No stairs", consent=True)
        (ola,) = bring(OLA)
        factories.make_appointment(visit, user=ola)
        start_draft(language="en", at=now())
        mint_link("sign-in", ola.id, at=now())
    ended = datetime(2027, 5, 10, 9, 0, tzinfo=UTC)
    assert kept(app, at=ended, clock=clock) == (0, 1, "No stairs", 0)
    assert kept(app, at=ended + timedelta(days=13), clock=clock) == (0, 1, "No stairs", 0)
    assert kept(app, at=ended + timedelta(days=14), clock=clock) == (0, 1, "", 0)
    assert kept(app, at=ended + timedelta(days=89), clock=clock) == (0, 1, "", 0)
    assert kept(app, at=ended + timedelta(days=90), clock=clock) == (0, 0, None, 0)


def kept(app: Flask, *, at: datetime, clock: Clock) -> tuple[int, int, str | None, int]:
    """Drafts, delegates, their needs and links that are left after a night's retention at that time."""
    clock.move_to(at)
    run(app, scheduler.forget)
    with app.app_context():
        counts = [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Draft, Delegate, Link)]
        return counts[0], counts[1], db.session.scalar(select(Delegate.needs)), counts[2]


def test_young_drafts_and_links_stay(app: Flask, store: Store, clock: Clock) -> None:
    with store():
        (ola,) = bring(OLA)
        start_draft(language="en", at=now())
        mint_link("sign-in", ola.id, at=now())
    run(app, scheduler.forget)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Draft)) == 1
        assert db.session.scalar(select(func.count()).select_from(Link).where(Link.purpose == "sign-in")) == 1


def test_tick_does_everything_once(app: Flask, store: Store, flask_command: Callable[..., str], clock: Clock) -> None:
    with store():
        visit_id = lifecycle.submit(factories.WATER).id
    flask_command("tick")
    with app.app_context():
        assert db.session.get_one(Visit, visit_id).activities[0].announced_at == now()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_scheduler_sends_within_seconds_and_ends_when_asked(
    app: Flask, store: Store, settings: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    with store():
        lifecycle.submit(factories.WATER)
    environment = os.environ | settings | {"MAIL_DIR": str(tmp_path / "mail")}
    command = [str(Path(sys.executable).parent / "flask"), "--app", "wsgi", "scheduler"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    until = time.monotonic() + 30
    while not list(tmp_path.glob("mail/*.eml")) and time.monotonic() < until:
        time.sleep(0.2)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert len(list(tmp_path.glob("mail/*.eml"))) == 1


def test_old_mails_lose_their_words_but_not_their_trace(app: Flask, store: Store, clock: Clock) -> None:
    with store():
        lifecycle.submit(factories.WATER)
    run(app, scheduler.tell)
    for days, left in ((89, factories.WATER.contact_email), (1, "")):
        clock.shift(timedelta(days=days))
        run(app, scheduler.forget)
        with app.app_context():
            mail = db.session.scalars(select(Notification)).one()
            assert (mail.status, mail.address, bool(mail.text)) == ("sent", left, bool(left))
