"""After a backup was put back nothing that was sent before goes out again by itself; what people do then is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.sign_in import ask_for_link
from app.people.actors import by_user
from app.people.models import User
from app.upkeep.jobs import Done, note_run
from app.visits import lifecycle
from app.visits.models import Visit
from tests.cast import OLA, ULRIK
from tests.harness.web import Mailbox
from tests.notifications.reminding import MORNING_BEFORE, VISITOR, Clock, Store, make_visit, rows
from tests.notifications.test_reminder_rules_edited import WEEK_BEFORE, add, move

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def _with_programs(pg_programs: None) -> None:
    """Each of these puts a backup back."""


def schedule(app: Flask) -> None:
    """What the scheduler does in some minutes; it notes when it last looked for reminders."""
    with app.app_context():
        for _time in range(2):
            scheduler.advance()
            scheduler.remind()
            scheduler.tell()
        note_run(Done("remind", now(), now(), 1))
        db.session.commit()


def sent_again(app: Flask, mailbox: Mailbox, restore: Callable[[], object]) -> list[tuple[str, str]]:
    """What leaves after the backup was put back, without anybody releasing anything."""
    mailbox.mails.clear()
    restore()
    schedule(app)
    return [(mail["To"], mail["Subject"]) for mail in mailbox.mails]


def test_reminders_of_four_days_that_are_lost_wait(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, flask_command: Run, tmp_path: Path
) -> None:
    make_visit(store, "completed")
    clock.move_to(datetime(2027, 5, 11, 12, tzinfo=UTC))
    schedule(app)
    flask_command("backup", str(tmp_path / "tuesday"))
    for day in (12, 15):
        clock.move_to(datetime(2027, 5, day, 12, tzinfo=UTC))
        schedule(app)
    assert len(mailbox.mails) > 0
    assert sent_again(app, mailbox, lambda: flask_command("restore", str(tmp_path / "tuesday"), "--yes")) == []
    assert {status for *_rest, status in rows(app, "please-report")} == {"held"}


def test_report_of_a_visit_that_completes_late_is_not_asked_for_again(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, flask_command: Run, tmp_path: Path
) -> None:
    """The backup is of before the visit's end: the scheduler completes it anew, days late."""
    make_visit(store)
    clock.move_to(datetime(2027, 5, 10, 7, 30, tzinfo=UTC))
    schedule(app)
    flask_command("backup", str(tmp_path / "monday"))
    for day in (10, 11, 12, 15):
        clock.move_to(datetime(2027, 5, day, 12, tzinfo=UTC))
        schedule(app)
    assert ("please-report", OLA.email, "sent") in rows(app, "please-report")
    flask_command("restore", str(tmp_path / "monday"), "--yes")
    mailbox.mails.clear()
    for day in (15, 17, 18):
        clock.move_to(datetime(2027, 5, day, 13, tzinfo=UTC))
        schedule(app)
    assert [(mail["To"], mail["Subject"]) for mail in mailbox.mails] == []


def test_hold_that_lapses_anew_is_not_told_again(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, flask_command: Run, tmp_path: Path
) -> None:
    visit_id = make_visit(store, "planned")
    with app.app_context():
        until = db.session.get_one(Visit, visit_id).appointments[0].hold_until
    assert until is not None
    clock.move_to(until - timedelta(hours=3))
    schedule(app)
    flask_command("backup", str(tmp_path / "monday"))
    clock.move_to(until + timedelta(minutes=10))
    schedule(app)
    assert {status for *_rest, status in rows(app, "hold-lapsed")} == {"sent"}
    clock.move_to(until + timedelta(hours=3))
    assert sent_again(app, mailbox, lambda: flask_command("restore", str(tmp_path / "monday"), "--yes")) == []
    assert {status for *_rest, status in rows(app, "hold-lapsed")} == {"held"}


def test_offer_that_lapses_anew_asks_nobody_again(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, flask_command: Run, tmp_path: Path
) -> None:
    """Neither the hosts whose time is over nor the next ones, who are asked in the same step."""
    visit_id = make_visit(store, "offered")
    with app.app_context():
        due = max(offer.due_at for offer in db.session.get_one(Visit, visit_id).offers)
    clock.move_to(due - timedelta(hours=2))
    schedule(app)
    flask_command("backup", str(tmp_path / "monday"))
    clock.move_to(due + timedelta(minutes=10))
    mailbox.mails.clear()
    schedule(app)
    assert len(mailbox.mails) > 0
    clock.move_to(due + timedelta(hours=3))
    assert sent_again(app, mailbox, lambda: flask_command("restore", str(tmp_path / "monday"), "--yes")) == []


def test_what_people_do_after_restoring_is_told_as_always(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, flask_command: Run, tmp_path: Path
) -> None:
    """The move is told at once, and so is the day as it is now: the old reminder, which may have gone, makes room."""
    visit_id = make_visit(store)
    flask_command("backup", str(tmp_path / "monday"))
    clock.move_to(MORNING_BEFORE + timedelta(minutes=1))
    schedule(app)
    flask_command("restore", str(tmp_path / "monday"), "--yes")
    schedule(app)
    clock.shift(timedelta(minutes=10))
    mailbox.mails.clear()
    with store() as session:
        (stop,) = session.get_one(Visit, visit_id).appointments
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        plan = lifecycle.Plan(
            title=stop.title, host=stop.host, contact=ola, place_text=stop.place_text,
            starts_at=stop.starts_at + timedelta(minutes=30), ends_at=stop.ends_at,
        )  # fmt: skip
        lifecycle.move_appointment(stop, plan, by=by_user(ola, ola.hosts[0]))
    schedule(app)
    assert sorted(rows(app, "moved", "day-before")) == [
        ("day-before", VISITOR, "sent"),
        ("day-before", VISITOR, "superseded"),
        ("moved", VISITOR, "sent"),
    ]
    assert ["09:30–11:00" in mail.get_body(("plain",)).get_content() for mail in mailbox.to(VISITOR)] == [True, True]


def test_sign_in_link_is_never_held(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, flask_command: Run, tmp_path: Path
) -> None:
    """An old one is dropped, not sent later: whoever waited for it asks for a new one, which goes at once."""
    make_visit(store)
    with store():
        ask_for_link(ULRIK.email, at=now())
    flask_command("backup", str(tmp_path / "monday"))
    flask_command("restore", str(tmp_path / "monday"), "--yes")
    with app.app_context():
        assert [mail.status for mail in db.session.scalars(select(Notification))] == ["dropped"]
    with store():
        ask_for_link(ULRIK.email, at=now())
    schedule(app)
    assert len(mailbox.to(ULRIK.email)) == 1


@pytest.mark.parametrize("kind", ["briefing", "reminder"])
def test_what_is_moved_within_its_day_after_restoring_is_reminded_of_by_itself(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, flask_command: Run, tmp_path: Path, kind: str
) -> None:
    """Also by mails that say of a day only that it is the day, and by those in the city's own words."""
    visit_id = make_visit(store)
    add(store, "It rains here", amount=7)
    flask_command("backup", str(tmp_path / "monday"))
    clock.move_to(WEEK_BEFORE + timedelta(minutes=1))
    schedule(app)
    before = rows(app, kind)
    assert {status for *_rest, status in before} == {"sent"}
    flask_command("restore", str(tmp_path / "monday"), "--yes")
    schedule(app)
    assert rows(app, kind) == [(*one, "held") for *one, _status in before]
    clock.shift(timedelta(minutes=10))
    move(store, visit_id, hours=0.5)
    for _look in range(2):
        schedule(app)
        clock.shift(timedelta(minutes=15))
    assert sorted(rows(app, kind)) == sorted((*one, end) for *one, _sent in before for end in ("sent", "superseded"))
