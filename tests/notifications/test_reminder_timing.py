"""When reminders are due: a hand table for hours that shift and the leap day; holidays; and the same turned round."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Select, select, text
from sqlalchemy.orm import Session

from app import scheduler
from app.core.time import from_venue
from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reminder_models import ReminderRule
from app.notifications.reminder_moments import ANCHORS
from app.notifications.reminder_timing import CLOCKS, DIRECTIONS, Timing
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.models import Activity
from tests import factories
from tests.cast import OLA, bring
from tests.harness.web import Mailbox

DAY_BEFORE, TWO_HOURS = Timing(1), Timing(2, "hours", "before", "exact")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Worked out by hand. Start of a stop on Bergen's clock; 09:00 there the day before; two hours before: both in UTC.
TABLE = [
    # the clock goes back on Sunday 25 October 2026, from 03:00 (UTC+2) to 02:00 (UTC+1)
    ("2026-10-25 01:30", "2026-10-24 07:00", "2026-10-24 21:30"),
    ("2026-10-25 03:30", "2026-10-24 07:00", "2026-10-25 00:30"),
    ("2026-10-25 10:00", "2026-10-24 07:00", "2026-10-25 07:00"),
    ("2026-10-26 10:00", "2026-10-25 08:00", "2026-10-26 07:00"),
    # and forward on Sunday 28 March 2027, from 02:00 (UTC+1) to 03:00 (UTC+2)
    ("2027-03-28 01:30", "2027-03-27 08:00", "2027-03-27 22:30"),
    ("2027-03-28 04:00", "2027-03-27 08:00", "2027-03-28 00:00"),
    ("2027-03-28 10:00", "2027-03-27 08:00", "2027-03-28 06:00"),
    ("2027-03-29 10:00", "2027-03-28 07:00", "2027-03-29 06:00"),
    # 2028 has a 29 February
    ("2028-02-28 10:00", "2028-02-27 08:00", "2028-02-28 07:00"),
    ("2028-02-29 00:30", "2028-02-28 08:00", "2028-02-28 21:30"),
    ("2028-02-29 10:00", "2028-02-28 08:00", "2028-02-29 07:00"),
    ("2028-03-01 10:00", "2028-02-29 08:00", "2028-03-01 07:00"),
]


@pytest.mark.one_engine
def test_instants_are_those_of_the_hand_table() -> None:
    starts = [from_venue(datetime.fromisoformat(start)) for start, *_rest in TABLE]
    found = [(DAY_BEFORE.due_at(start), TWO_HOURS.due_at(start)) for start in starts]
    assert found == [(utc(morning), utc(hours)) for _start, morning, hours in TABLE]


@pytest.mark.parametrize(("start", "morning", "hours"), TABLE)
def test_each_is_sent_once_at_its_instant(
    app: Flask,
    store: Callable[[], AbstractContextManager[Session]],
    mailbox: Mailbox,
    clock: time_machine.Traveller,
    start: str,
    morning: str,
    hours: str,
) -> None:
    confirm_a_stop(store, from_venue(datetime.fromisoformat(start)), at=utc(morning) - timedelta(days=30))
    due = {"day-before": utc(morning), "host-stop-soon": utc(hours)}
    seen = []
    for moment in sorted({at + timedelta(minutes=shift) for at in due.values() for shift in (-1, 0, 1)}):
        clock.move_to(moment)
        with app.app_context():
            scheduler.remind()
            scheduler.tell()
            query = select(Notification.kind).where(Notification.kind.in_(due), Notification.sent_at == moment)
            seen += [(kind, moment) for kind in db.session.scalars(query)]
    assert seen == sorted(due.items(), key=lambda pair: pair[1])


def confirm_a_stop(store: Callable[[], AbstractContextManager[Session]], start: datetime, *, at: datetime) -> None:
    """A confirmed visit with one stop that begins then; contact persons are reminded two hours before it as well."""
    with store() as session:
        (ola,) = bring(OLA)
        visit = factories.make_visit("claimed", user=ola, at=at)
        plan = lifecycle.Plan(
            title="Pipe renewal on site", host=ola.hosts[0], contact=ola, place_text="Øvre Dreggsallmenningen",
            starts_at=start, ends_at=start + timedelta(minutes=30),
        )  # fmt: skip
        actor = by_user(ola, ola.hosts[0])
        lifecycle.add_appointment(visit, plan, by=actor, at=at)
        lifecycle.propose(visit, by=actor, at=at + timedelta(hours=1))
        lifecycle.accept(visit, at=at + timedelta(hours=2))
        session.execute(Activity.__table__.update().values(announced_at=at))
        rule = session.scalars(select(ReminderRule).where(ReminderRule.slug == "two-hours-before")).one()
        rule.is_on = True


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("timing", "day", "due_on"),
    [
        (Timing(3, "working-days"), date(2027, 3, 30), date(2027, 3, 22)),  # 25 to 29 March is Easter
        (Timing(1, "working-days"), date(2027, 5, 18), date(2027, 5, 14)),  # 16 is Whit Sunday, 17 the national day
        (Timing(2, "working-days", "after"), date(2027, 5, 14), date(2027, 5, 19)),
        (Timing(1, "working-days"), date(2027, 5, 18) + timedelta(days=1), date(2027, 5, 18)),
        (Timing(5, "working-days", "after"), date(2027, 12, 23), date(2027, 12, 30)),  # 24 December is worked
    ],
)
def test_working_days_leave_out_weekends_and_norwegian_holidays(timing: Timing, day: date, due_on: date) -> None:
    noon = from_venue(datetime(day.year, day.month, day.day, 12))
    assert timing.due_at(noon) == from_venue(datetime(due_on.year, due_on.month, due_on.day, 9))


@pytest.mark.one_engine
def test_span_of_moments_holds_every_moment_that_became_due_and_few_others() -> None:
    """Turned round: what `moments_due` looks at against every 25 minutes of ten weeks, 48 random rules."""
    chance = random.Random(20270328)
    begin = datetime(2027, 3, 1, tzinfo=UTC)
    moments = [begin + timedelta(minutes=25 * number) for number in range(4000)]
    units = [("days", 9), ("working-days", 9), ("hours", 200)]
    for (unit, most), direction, clock, _round in product(units, DIRECTIONS, CLOCKS, range(4)):
        timing = Timing(chance.randint(int(unit == "working-days"), most), unit, direction, clock)
        at = begin + timedelta(minutes=chance.randint(25 * 1440, 45 * 1440))
        since = at - timedelta(minutes=chance.randint(1, 3 * 1440))
        span = timing.moments_due(since=since, at=at)
        due = [moment for moment in moments if since < timing.due_at(moment) <= at]
        looked_at = [moment for moment in moments if span and span[0] <= moment < span[1]]
        assert set(due) <= set(looked_at)
        if unit == "hours" or clock == "morning":
            assert looked_at == due


def test_only_what_is_due_is_looked_at(session: Session) -> None:
    """Every list of due rows is one range of an index, on both engines, however little is known of the tables."""
    span = from_venue(datetime(2027, 5, 3)), from_venue(datetime(2027, 5, 5))
    queries = {name: anchor.ids(span, "submit") for name, anchor in ANCHORS.items()}
    found = {name: plan_of(session, query) for name, query in queries.items()}
    expected = {
        "visit-day": "ix_appointment_starts_at", "visit-start": "ix_appointment_starts_at",
        "stop-start": "ix_appointment_starts_at", "visit-end": "ix_appointment_ends_at",
        "stop-end": "ix_appointment_ends_at", "offer-due": "ix_offer_status_due",
        "hold-lapse": "ix_appointment_hold_until", "follow-up-due": "ix_follow_up_due_on",
        "report-due": "ix_activity_verb_time", "activity": "ix_activity_verb_time",
    }  # fmt: skip
    assert {name: index in found[name] for name, index in expected.items()} == dict.fromkeys(expected, True)
    assert [name for name, plan in found.items() if "SCAN" in plan.upper().replace("INDEX SCAN", "")] == []


def plan_of(session: Session, query: Select[int]) -> str:
    """How the database would go about it."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        _forget_statistics(session)
    written = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    rows = session.execute(text(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{written}"))
    return "\n".join(str(row[-1]) for row in rows)


def _forget_statistics(session: Session) -> None:
    """Empty tables of the same names before the real ones: what was once counted in those (few rows) does not decide.

    A test's tables are so small besides that reading them whole would be quickest.
    """
    session.execute(text("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off"))
    if session.scalar(text("SELECT to_regclass('pg_temp.appointment')")) is not None:
        return
    for table in ("visit", "appointment", "offer", "follow_up", "activity"):
        session.execute(text(f"CREATE TEMP TABLE {table} (LIKE public.{table}) ON COMMIT DROP"))
        found = text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = :table")
        for (made,) in session.execute(found, {"table": table}).all():
            session.execute(text(made.replace(f" ON public.{table} ", f" ON pg_temp.{table} ")))
