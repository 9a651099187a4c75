"""Rules edited or added: nobody is told twice of one date by one rule, and no words of the city's own are swallowed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.city.files import read_city
from app.city.load import load_city
from app.city.reminders import DEFAULTS, NAME
from app.core.time import now
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminding_earlier import remind_of_what_is_ahead, standing_of
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from tests.cast import OLA, ULRIK
from tests.city.folders import BERGEN
from tests.harness.web import Mailbox
from tests.notifications.reminding import MORNING_BEFORE, VISITOR, Clock, Store, make_visit, rows, run

WEEK_BEFORE = datetime(2027, 5, 3, 7, 0, tzinfo=UTC)
LANGUAGES = ("en", "nb", "nn")


def edit(store: Store, slug: str, **changes: object) -> None:
    with store() as session:
        rule = session.scalars(select(ReminderRule).where(ReminderRule.slug == slug)).one()
        for name, value in changes.items():
            setattr(rule, name, value)


def add(store: Store, text: str, **changes: object) -> None:
    """One more rule with that text, for the visitor on the day before unless said otherwise."""
    words = {language: {"subject": text, "body": text} for language in LANGUAGES}
    usual = {
        "anchor": "visit-day", "amount": 1, "unit": "days", "direction": "before", "clock": "morning",
        "audience": ["visitor"], "kind": "reminder", "words": words, "position": 99,
    }  # fmt: skip
    with store() as session:
        session.add(ReminderRule(slug=f"own-{text}", **(usual | changes)))


def move(store: Store, visit_id: int, *, hours: float) -> None:
    with store() as session:
        (stop,) = session.get_one(Visit, visit_id).appointments
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        plan = lifecycle.Plan(
            title=stop.title, host=stop.host, contact=ola, place_text=stop.place_text,
            starts_at=stop.starts_at + timedelta(hours=hours), ends_at=stop.ends_at + timedelta(hours=hours),
        )  # fmt: skip
        lifecycle.move_appointment(stop, plan, by=by_user(ola, ola.hosts[0]))


def test_nobody_is_told_again_because_a_rules_distance_changed(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    make_visit(store)
    clock.move_to(WEEK_BEFORE)
    run(app)
    told = [("briefing", OLA.email, "sent"), ("briefing", ULRIK.email, "sent")]
    assert rows(app, "briefing") == told
    for change in ({"amount": 8}, {"amount": 6}, {"unit": "hours", "amount": 150}, {"clock": "exact", "amount": 24}):
        clock.shift(timedelta(hours=5))
        edit(store, "briefing", **change)
        run(app)
    clock.shift(timedelta(days=2))
    run(app)
    assert rows(app, "briefing") == told


def test_who_was_not_told_yet_is_told_by_the_edited_rule(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    make_visit(store)
    clock.move_to(WEEK_BEFORE - timedelta(hours=12))
    edit(store, "briefing", amount=8)
    run(app)
    assert [kind for kind, *_rest in rows(app, "briefing")] == ["briefing", "briefing"]
    clock.move_to(WEEK_BEFORE)
    run(app)
    assert len(rows(app, "briefing")) == 2


A_WEEK, TWO_WEEKS = "briefing, anchor: visit-start, amount: 7", "briefing, anchor: visit-start, amount: 14"
OFF = "on: false, slug: "


@pytest.mark.parametrize(
    "files", [[TWO_WEEKS], [OFF + A_WEEK, OFF + TWO_WEEKS, TWO_WEEKS]], ids=["on", "off meanwhile"]
)
def test_a_longer_distance_in_the_citys_files_leaves_out_nobody(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, tmp_path: Path, files: list[str]
) -> None:
    """Ten days before a visit the files say two weeks instead of one."""
    make_visit(store)
    clock.move_to(datetime(2027, 5, 10, 8, 0, tzinfo=UTC) - timedelta(days=10))
    run(app)
    folder = shutil.copytree(BERGEN, tmp_path / "bergen")
    for briefing in [*files, *files[-1:]]:
        text = DEFAULTS.read_text(encoding="utf-8")
        words = briefing if briefing.startswith(OFF) else f"slug: {briefing}"
        (folder / NAME).write_text(text.replace(f"slug: {A_WEEK}", words), encoding="utf-8")
        with store():
            load_city(read_city(folder))
        run(app)
        clock.shift(timedelta(hours=9))
        run(app)
    assert rows(app, "briefing") == [("briefing", OLA.email, "sent"), ("briefing", ULRIK.email, "sent")]


def test_a_rule_of_ones_own_that_was_off_a_while_tells_nothing_from_before_it_was_made(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    """Made ten days before a visit, to remind two weeks before: switched off and on it says no more than it did."""
    make_visit(store)
    clock.move_to(datetime(2027, 5, 10, 8, 0, tzinfo=UTC) - timedelta(days=10))
    add(store, "Bring an umbrella", amount=14, since=now())
    with store() as session:
        rule = session.scalars(select(ReminderRule).where(ReminderRule.slug == "own-Bring an umbrella")).one()
        for is_on in (False, True):
            standing, rule.is_on = standing_of(rule), is_on
            remind_of_what_is_ahead(rule, was=standing, at=now())
    run(app)
    assert rows(app, "reminder") == []


@pytest.mark.parametrize("anchor", ["visit-day", "stop-start"])
def test_what_is_changed_without_being_moved_brings_out_no_reminder_from_before_the_rule(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, anchor: str
) -> None:
    """Made ten days before a visit, to remind two weeks before; then a stop of it is only called otherwise."""
    visit_id = make_visit(store)
    clock.move_to(datetime(2027, 5, 10, 8, 0, tzinfo=UTC) - timedelta(days=10))
    add(store, "Bring an umbrella", anchor=anchor, amount=14, since=now())
    run(app)
    clock.shift(timedelta(hours=1))
    with store() as session:
        (stop,) = session.get_one(Visit, visit_id).appointments
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        plan = lifecycle.Plan(
            title="Another title", host=stop.host, contact=ola, place_text=stop.place_text, starts_at=stop.starts_at,
            ends_at=stop.ends_at,
        )  # fmt: skip
        lifecycle.move_appointment(stop, plan, by=by_user(ola, ola.hosts[0]))
    run(app)
    assert rows(app, "reminder") == []


def test_what_is_moved_to_another_day_is_reminded_of_anew(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    visit_id = make_visit(store)
    clock.move_to(MORNING_BEFORE)
    run(app)
    with store() as session:
        (stop,) = session.get_one(Visit, visit_id).appointments
        stop.starts_at += timedelta(days=1)
        stop.ends_at += timedelta(days=1)
    clock.shift(timedelta(days=1))
    run(app)
    assert [status for _kind, to, status in rows(app, "day-before") if to == VISITOR] == ["sent", "sent"]


def test_a_rule_by_the_hour_reminds_anew_of_a_moved_hour(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    visit_id = make_visit(store)
    edit(store, "two-hours-before", is_on=True)
    clock.move_to(datetime(2027, 5, 10, 5, 0, tzinfo=UTC))
    run(app)
    move(store, visit_id, hours=0.5)
    clock.shift(timedelta(minutes=30))
    run(app)
    assert [to for _kind, to, _status in rows(app, "host-stop-soon")] == [OLA.email, OLA.email]


def test_two_rules_with_own_words_for_one_moment_come_in_one_mail(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    make_visit(store)
    for text in ("Parking", "Bring your passes"):
        add(store, text, amount=2)
    clock.move_to(MORNING_BEFORE - timedelta(days=1))
    run(app)
    run(app)
    (mail,) = mailbox.to(VISITOR)
    found = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert [text in found for text in ("Parking", "Bring your passes")] == [True, True]


def test_two_rules_with_the_same_words_for_one_moment_tell_once(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    make_visit(store)
    add(store, "second", kind="day-before", words={})
    clock.move_to(MORNING_BEFORE)
    run(app)
    assert rows(app, "day-before") == [("day-before", VISITOR, "sent")]


def test_who_reads_once_a_day_is_reminded_before_the_day_itself(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    """The day's collection would come on the day of the visit; a briefing of a week before waits for it."""
    make_visit(store)
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        ola.mail_ways = {"reminders": "daily"}
    for moment, kind, status in ((WEEK_BEFORE, "briefing", "due"), (MORNING_BEFORE, "host-day-before", "sent")):
        clock.move_to(moment)
        run(app)
        with app.app_context():
            query = select(Notification.status).where(Notification.kind == kind, Notification.address == OLA.email)
            assert db.session.scalars(query).all() == [status]


def test_own_words_with_times_say_the_zone_once(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    make_visit(store)
    texts = ("Here: {programme}", "Then: {programme of the day}", "{programme}\n\n{zone}", "Bring passes.")
    zones = []
    clock.move_to(MORNING_BEFORE - timedelta(days=10))
    for number, text in enumerate(texts):
        add(store, f"Note {number}", amount=9 - number)
        edit(store, f"own-Note {number}", words={code: {"subject": "Note", "body": text} for code in LANGUAGES})
        mailbox.mails.clear()
        clock.move_to(MORNING_BEFORE - timedelta(days=8 - number))
        run(app)
        (mail,) = mailbox.to(VISITOR)
        zones.append(mail.get_body(("plain",)).get_content().count("Europe/Oslo, UTC+02:00"))  # type: ignore[union-attr]
    assert zones == [1, 1, 1, 0]
