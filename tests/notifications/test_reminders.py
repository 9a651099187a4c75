"""Reminders: on the right instant of the local clock, once, only while true; a hand table for the hours that shift."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.notifications import outbox
from app.notifications.reminder_timing import morning_of
from app.notifications.reminders import skip_due
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Activity, Visit
from tests import factories
from tests.cast import OLA, ULRIK, bring
from tests.harness.web import Mailbox
from tests.notifications.changes import change_before_sending
from tests.notifications.reminding import MORNING_BEFORE, VISITOR, Clock, Store, make_visit, rows, run


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (date(2026, 10, 24), datetime(2026, 10, 24, 7, 0, tzinfo=UTC)),  # the day before the clock goes back
        (date(2026, 10, 25), datetime(2026, 10, 25, 8, 0, tzinfo=UTC)),  # the day it goes back
        (date(2026, 10, 26), datetime(2026, 10, 26, 8, 0, tzinfo=UTC)),
        (date(2027, 3, 27), datetime(2027, 3, 27, 8, 0, tzinfo=UTC)),
        (date(2027, 3, 28), datetime(2027, 3, 28, 7, 0, tzinfo=UTC)),  # the day it goes forward
        (date(2027, 3, 29), datetime(2027, 3, 29, 7, 0, tzinfo=UTC)),
        (date(2028, 2, 28), datetime(2028, 2, 28, 8, 0, tzinfo=UTC)),
        (date(2028, 2, 29), datetime(2028, 2, 29, 8, 0, tzinfo=UTC)),
    ],
)
def test_nine_in_the_morning_is_that_of_the_venue(day: date, utc: datetime) -> None:
    assert morning_of(day) == utc


def test_day_before_reaches_visitor_and_contact_person_once(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    make_visit(store)
    clock.move_to(MORNING_BEFORE - timedelta(minutes=1))
    run(app)
    assert rows(app, "day-before", "host-day-before") == []
    clock.move_to(MORNING_BEFORE)
    run(app)
    run(app)
    assert rows(app, "day-before", "host-day-before") == [
        ("day-before", VISITOR, "sent"),
        ("host-day-before", OLA.email, "sent"),
    ]
    (mail,) = mailbox.to(VISITOR)
    assert "Monday 10 May" in mail["Subject"]


def test_nobody_is_reminded_of_a_cancelled_visit(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    visit_id = make_visit(store)
    clock.move_to(MORNING_BEFORE)
    with app.app_context():
        scheduler.remind()  # derived, not yet sent
    with store() as session:
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        lifecycle.cancel(session.get_one(Visit, visit_id), reason="Storm", by=by_user(ola, ola.hosts[0]))
    run(app)
    assert rows(app, "day-before", "host-day-before") == [
        ("day-before", VISITOR, "superseded"),
        ("host-day-before", OLA.email, "superseded"),
    ]
    assert [mail["Subject"] for mail in mailbox.to(VISITOR)] == ["Your visit to Bergen has been cancelled"]


def test_reminder_of_a_moved_visit_tells_the_new_time(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    visit_id = make_visit(store)
    clock.move_to(MORNING_BEFORE)
    with app.app_context():
        scheduler.remind()
    with store() as session:
        (stop,) = session.get_one(Visit, visit_id).appointments
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        plan = lifecycle.Plan(
            title=stop.title, host=stop.host, contact=ola, place_text=stop.place_text,
            starts_at=stop.starts_at + timedelta(minutes=30), ends_at=stop.ends_at,
        )  # fmt: skip
        lifecycle.move_appointment(stop, plan, by=by_user(ola, ola.hosts[0]))
    run(app)
    run(app)
    assert [status for kind, _to, status in rows(app, "day-before")] == ["superseded", "sent"]
    reminder = [mail for mail in mailbox.to(VISITOR) if "Your programme" in mail["Subject"]]
    assert ["09:30–11:00" in mail.get_content() for mail in reminder] == [True]


@pytest.mark.parametrize("how", ["asked-for", "proposed-anew"])
def test_what_stays_confirmed_is_reminded_of_while_the_rest_is_planned_anew(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, how: str
) -> None:
    visit_id = make_visit(store)
    with store() as session:
        visit = session.get_one(Visit, visit_id)
        ola = session.scalars(select(User).where(User.email == OLA.email)).one()
        if how == "asked-for":
            lifecycle.ask_for_change(visit, text="May two more people come?")
        else:
            factories.make_appointment(visit, user=ola, start="13:00", end="14:00", title="Pumps", at=now())
            lifecycle.propose(visit, by=by_user(ola, ola.hosts[0]))
        db.session.execute(Activity.__table__.update().values(announced_at=now()))
    clock.move_to(MORNING_BEFORE)
    run(app)
    assert rows(app, "day-before", "host-day-before") == [
        ("day-before", VISITOR, "sent"),
        ("host-day-before", OLA.email, "sent"),
    ]
    text = mailbox.to(VISITOR)[-1].get_content()
    assert "09:00–11:00, Bergen: Pipe renewal on site" in text
    open_line = "Pumps (Department of Urban Development, Øvre Dreggsallmenningen) – not settled"
    assert (open_line in text) is (how == "proposed-anew")


def test_briefing_a_week_before_reaches_every_member(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    make_visit(store)
    clock.move_to(datetime(2027, 5, 3, 7, 0, tzinfo=UTC))
    run(app)
    run(app)
    assert rows(app, "briefing") == [("briefing", OLA.email, "sent"), ("briefing", ULRIK.email, "sent")]


def test_report_is_asked_for_after_two_days_and_twice_more(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    make_visit(store, "completed")
    asked = []
    for day in range(1, 40):
        clock.move_to(datetime(2027, 5, 10, 12, 0, tzinfo=UTC) + timedelta(days=day))
        before = len(mailbox.to(OLA.email))
        run(app)
        asked += [day] * (len(mailbox.to(OLA.email)) - before)
    assert asked == [2, 9, 16]


def test_report_is_not_asked_for_once_it_is_there(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    make_visit(store, "reported")
    clock.move_to(datetime(2027, 5, 13, 12, 0, tzinfo=UTC))
    run(app)
    assert rows(app, "please-report") == []


def test_offer_about_to_lapse_is_told_on_its_last_morning(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    visit_id = make_visit(store, "offered")
    with app.app_context():
        due = {offer.due_at for offer in db.session.get_one(Visit, visit_id).offers}
    assert due == {datetime(2027, 1, 13, 15, 0, tzinfo=UTC)}
    clock.move_to(datetime(2027, 1, 13, 8, 0, tzinfo=UTC))
    run(app)
    run(app)
    addresses = [address for _kind, address, status in rows(app, "offer-lapsing") if status == "sent"]
    assert sorted(addresses) == [OLA.email, ULRIK.email]


def test_holds_are_announced_the_day_before_they_lapse(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    visit_id = make_visit(store, "planned")
    with app.app_context():
        hold_until = db.session.get_one(Visit, visit_id).appointments[0].hold_until
    assert hold_until is not None
    clock.move_to(hold_until - timedelta(hours=20))
    run(app)
    run(app)
    assert rows(app, "hold-lapsing") == [("hold-lapsing", OLA.email, "sent"), ("hold-lapsing", ULRIK.email, "sent")]


def test_unconfirmed_address_is_reminded_once_after_a_day(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    with store():
        lifecycle.submit(factories.WATER)
    run(app)
    for _hour in range(3):
        clock.shift(86400 // 2)
        run(app)
    subjects = [mail["Subject"] for mail in mailbox.to(VISITOR)]
    assert subjects == [
        "Please confirm your request to visit Bergen",
        "Your request to visit Bergen is still waiting for you",
    ]


def test_what_a_clock_that_ran_ahead_found_leaves_by_the_right_clock(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock
) -> None:
    """Row RM-9: the clock is a day ahead while reminders are derived, and put right before they have left."""
    with store():
        lifecycle.submit(factories.WATER)
    run(app)
    clock.shift(2 * 86400)
    with app.app_context():
        scheduler.remind()
    clock.shift(-1.5 * 86400)
    run(app)
    assert len(mailbox.to(VISITOR)) == 1
    clock.shift(86400 / 2)
    run(app)
    run(app)
    assert [mail["Subject"] for mail in mailbox.to(VISITOR)][1:] == [
        "Your request to visit Bergen is still waiting for you"
    ]


def test_sample_visits_with_a_past_send_nothing(app: Flask, store: Store, mailbox: Mailbox, clock: Clock) -> None:
    make_visit(store, "completed")
    clock.move_to(datetime(2027, 5, 12, 12, 0, tzinfo=UTC))
    with store():
        skip_due(at=now())
    run(app)
    assert mailbox.mails == []


def test_what_changes_before_sending_is_not_reminded_of(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, figures: Callable[..., None]
) -> None:
    with store():
        bring(OLA, ULRIK)
    clock.move_to(MORNING_BEFORE)
    count = change_before_sending(app, store, rounds=4)
    figures("RM-8", **count.as_figures())
    assert (count.dead, count.renewed) == (0, count.expected)


@pytest.mark.one_engine
def test_without_the_second_look_dead_reminders_would_leave(
    app: Flask, store: Store, mailbox: Mailbox, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the test above: with both checks taken out it must count what it is there to find."""
    with store():
        bring(OLA, ULRIK)
    clock.move_to(MORNING_BEFORE)
    monkeypatch.setattr(outbox, "_has_changed", lambda _found: False)
    monkeypatch.setattr(outbox, "still_due", lambda _found: True)
    assert change_before_sending(app, store, rounds=4).dead == 7
