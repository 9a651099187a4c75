"""A clock that ran ahead and was put right: what it left in the outbox waits no longer than it may."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.core.time import from_venue, now, venue_date
from app.jobs.telling import announce, remind
from app.notifications import batches, claims, outbox
from app.notifications.message import Letter
from app.notifications.models import Notification
from app.notifications.post import SENT, Result
from app.notifications.reminder_timing import morning_of
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.models import Visit
from tests import factories
from tests.cast import MONDAY, OLA, bring
from tests.harness.smtp import BadDay
from tests.notifications.outbox_rows import Clock, Store, queue, rows, run
from tests.notifications.town import user

AHEAD = timedelta(days=1)
MOMENT = timedelta(seconds=1)
LATER = Result("later", "451 no")


def take_ahead(store: Store, clock: Clock, *, ahead: timedelta = AHEAD) -> Letter:
    """The letter of a sender whose clock was so far ahead when it claimed the mail; then the clock is put right."""
    clock.shift(ahead)
    with store():
        (row_id,) = claims.due_ids(at=now())
        letter = outbox.take(row_id, at=now())
    clock.shift(-ahead)
    assert letter is not None
    return letter


def change(store: Store, **values: object) -> None:
    with store() as session:
        session.execute(update(Notification).values(**values))


def next_attempt(app: Flask) -> datetime | None:
    (row,) = rows(app)
    return row.next_attempt_at


def test_mail_of_a_killed_sender_whose_clock_ran_ahead_waits_for_one_claim_only(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    (address,) = queue(app, store, 1)
    late = take_ahead(store, clock)
    run(app)
    assert bad_day.taken == []
    clock.shift(claims.CLAIM + MOMENT)
    run(app)
    assert [mail.to for mail in bad_day.taken] == [address]
    (before,) = rows(app)
    with store():  # it was paused only, and wakes: by no clock may it send or write
        assert [outbox.may_go(late, at=at) for at in (now() - AHEAD, now(), now() + AHEAD)] == [False] * 3
        assert not outbox.record(late, LATER, at=now())
    (after,) = rows(app)
    assert (before.status, before.claim, after.status, after.sent_at) == ("sent", 2, "sent", before.sent_at)


def test_mail_in_the_hands_of_a_sender_is_not_taken_from_it_when_its_clock_is_put_right(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    queue(app, store, 1)
    alive = take_ahead(store, clock)
    for _look in range(3):
        run(app)
        clock.shift(timedelta(seconds=30))
    assert bad_day.taken == []
    with store():
        assert outbox.may_go(alive, at=now())
        assert outbox.record(alive, SENT, at=now())
    clock.shift(2 * AHEAD)
    run(app)
    assert bad_day.taken == []


def test_looks_again_and_again_do_not_lengthen_a_claim(app: Flask, store: Store, bad_day: BadDay, clock: Clock) -> None:
    queue(app, store, 1)
    take_ahead(store, clock)
    began = now()
    for _look in range(8):
        run(app)
        clock.shift(timedelta(seconds=50))
    (row,) = rows(app)
    assert row.sent_at is not None
    assert row.sent_at - began <= claims.CLAIM + timedelta(minutes=1)


def test_clocks_that_differ_by_seconds_change_no_claim(app: Flask, store: Store, bad_day: BadDay, clock: Clock) -> None:
    queue(app, store, 1)
    take_ahead(store, clock, ahead=timedelta(seconds=40))
    (before,) = rows(app)
    run(app)
    (after,) = rows(app)
    assert after.claimed_until == before.claimed_until == now() + timedelta(seconds=40) + claims.CLAIM


def test_mail_that_was_put_off_by_a_clock_ahead_is_tried_soon(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    (address,) = queue(app, store, 1)
    letter = take_ahead(store, clock)
    with store():
        outbox.record(letter, LATER, at=now() + AHEAD)
    assert next_attempt(app) == now() + AHEAD + timedelta(minutes=1)
    run(app)
    assert (bad_day.taken, next_attempt(app)) == ([], now() + timedelta(minutes=1))
    clock.shift(timedelta(minutes=1))
    run(app)
    assert [mail.to for mail in bad_day.taken] == [address]


def test_what_is_not_due_before_a_day_of_its_own_does_not_come_early(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    """A sender a day ahead tried what is due by tomorrow only; and what was never tried waits for its morning."""
    queue(app, store, 1)
    for values in ({"due_at": now() + AHEAD, "attempts": 1}, {"attempts": 0}):
        change(store, next_attempt_at=now() + AHEAD + timedelta(hours=1), **values)
        run(app)
        is_tried = values["attempts"] == 1
        assert next_attempt(app) == now() + AHEAD + (timedelta(0) if is_tried else timedelta(hours=1))
    assert bad_day.taken == []


def test_mail_in_the_making_by_a_clock_ahead_is_let_go_as_soon_as_by_any(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    queue(app, store, 1)
    change(store, claimed_until=now() + AHEAD + batches.LONGEST)
    run(app)
    assert bad_day.taken == []
    clock.shift(batches.LONGEST + MOMENT)
    run(app)
    assert len(bad_day.taken) == 1


def test_mail_made_by_a_clock_ahead_and_never_tried_leaves_at_once(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    clock.shift(AHEAD)
    (address,) = queue(app, store, 1)
    clock.shift(-AHEAD)
    run(app)
    assert [mail.to for mail in bad_day.taken] == [address]
    (row,) = rows(app)
    assert row.created_at == row.due_at == row.sent_at == now()


@pytest.mark.parametrize(("hour", "ahead"), [(12, 11), (23, 24)])
def test_mail_that_a_clock_ahead_put_off_until_after_the_quiet_hours_waits_for_those_of_the_right_clock(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock, hour: int, ahead: int
) -> None:
    with store():
        visit_id = factories.make_visit("claimed", user=bring(OLA)[0]).id
    run(app, announce)
    change(store, status="sent", next_attempt_at=None)
    right = from_venue(datetime.combine(venue_date(MONDAY), time(hour)))
    clock.move_to(right)
    with store() as session:
        by = by_user(user(OLA), user(OLA).hosts[0])
        lifecycle.write(session.get_one(Visit, visit_id), "Good", by=by, at=right)
    clock.shift(timedelta(hours=ahead))
    run(app, announce)
    waits_until = rows(app)[-1].next_attempt_at
    assert waits_until is not None
    assert waits_until > now()
    clock.move_to(right)
    run(app)
    last = rows(app)[-1]
    assert (last.status, last.next_attempt_at) == (("sent", None) if hour == 12 else ("due", waits_until - AHEAD))


def test_reminder_made_too_early_by_a_clock_ahead_still_waits_for_its_own_moment(
    app: Flask, store: Store, bad_day: BadDay, clock: Clock
) -> None:
    with store():
        visit = factories.make_visit("confirmed", user=bring(OLA)[0])
        first = min(stop.starts_at for stop in visit.appointments)
    run(app, announce)
    change(store, status="sent", next_attempt_at=None)
    due_at = morning_of(venue_date(first) - AHEAD)
    clock.move_to(due_at + timedelta(hours=3))
    run(app, remind)
    reminders = [row for row in rows(app) if row.due_at == due_at]
    assert reminders
    clock.move_to(due_at - timedelta(hours=3))
    run(app)
    early = [row for row in rows(app) if row.due_at == due_at]
    assert {(row.status, row.next_attempt_at, row.created_at) for row in early} == {("due", due_at, now())}
    clock.move_to(due_at + timedelta(minutes=1))
    run(app)
    assert {row.status for row in rows(app) if row.due_at == due_at} <= {"sent", "gathered"}
