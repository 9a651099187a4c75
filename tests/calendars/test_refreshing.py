"""Own calendars are fetched when due, by one scheduler each, and a failure keeps what was known."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from app import scheduler
from app.calendars import refreshing
from app.calendars.external import add_calendar, ask_for_fetch, is_waiting, masked_url, remove_calendar
from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.errors import Invalid
from app.core.time import now
from app.extensions import db
from app.people.actors import by_user
from app.people.models import User
from app.visits.lifecycle import move_appointment, moved
from app.visits.programme_models import Appointment, Fragment
from tests import cast
from tests.calendars.others import calendar
from tests.factories import make_appointment, make_visit
from tests.harness.internet import ALLOWED, Internet

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller
SECRET = "/private-3f9c2b7e51/basic.ics"
NINE = (datetime(2027, 3, 8, 8, tzinfo=UTC), datetime(2027, 3, 8, 9, tzinfo=UTC), False)


@pytest.fixture(autouse=True)
def _reachable(app: Flask, clock: Clock) -> None:
    app.config["ICS_FETCH_ALLOW"] = ALLOWED


def add(store: Store, url: str, person: cast.Person = cast.OLA) -> int:
    with store():
        (user,) = cast.bring(person)
        return add_calendar(user, url, by=user, at=now()).id


def refresh(app: Flask) -> bool:
    with app.app_context():
        return scheduler.refresh_calendars()


def row(store: Store, calendar_id: int) -> ExternalCalendar:
    with store() as session:
        found = session.get_one(ExternalCalendar, calendar_id)
        session.expunge(found)
        return found


def blocks(store: Store) -> list[tuple[datetime, datetime, bool]]:
    with store() as session:
        query = select(BusyBlock.starts_at, BusyBlock.ends_at, BusyBlock.tentative).order_by(BusyBlock.starts_at)
        return [(begin, end, tentative) for begin, end, tentative in session.execute(query)]


def test_new_calendar_is_fetched_and_then_every_quarter(
    app: Flask, store: Store, internet: Internet, clock: Clock
) -> None:
    one = add(store, internet.url())
    assert row(store, one).state == "never"
    assert refresh(app)
    found = row(store, one)
    assert (found.state, found.fetched_at, found.etag, found.seen_until) == ("ok", now(), '"1"', date(2028, 4, 1))
    assert blocks(store) == [NINE]
    assert not refresh(app)
    clock.shift(timedelta(minutes=15))
    internet.pages["/mine.ics"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert refresh(app)
    assert 'If-None-Match: "1"' in internet.heads[-1]
    assert (row(store, one).fetched_at, blocks(store)) == (now(), [NINE])


def test_our_own_appointment_in_an_own_calendar_does_not_stand_in_its_own_way(
    app: Flask, store: Store, internet: Internet
) -> None:
    """Who accepts an invitation has it in the calendar that is fetched; what else lies there counts as before."""
    with store() as session:
        (ola,) = cast.bring(cast.OLA)
        visit = make_visit("claimed", user=ola)
        stop = make_appointment(visit, user=ola)
        stop_id, ours = stop.id, session.scalars(select(Fragment.body)).first()
    lunch = calendar("UID:lunch@google.com\nDTSTART:20270510T100000Z\nDTEND:20270510T103000Z").decode()
    internet.serve("/mine.ics", lunch.replace("END:VCALENDAR", f"{ours}END:VCALENDAR").encode())
    add(store, internet.url())
    assert refresh(app)
    noon = datetime(2027, 5, 10, 10, tzinfo=UTC)
    assert blocks(store) == [(noon, noon + timedelta(minutes=30), False)]
    with store() as session:
        stop = session.get_one(Appointment, stop_id)
        by = by_user(stop.contact, stop.host)
        later = moved(stop, starts_at=stop.starts_at + timedelta(minutes=15))
        move_appointment(stop, later, by=by, at=now())  # without a reason
        with pytest.raises(Invalid):
            move_appointment(stop, moved(stop, starts_at=noon), by=by, at=now())


def test_failure_keeps_what_was_known_and_waits_longer_each_time(
    app: Flask, store: Store, internet: Internet, clock: Clock
) -> None:
    one = add(store, internet.url())
    refresh(app)
    fetched_at, waits = now(), []
    for page in ([b""] * 4) + [b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"]:
        internet.pages["/mine.ics"] = page
        clock.move_to(row(store, one).due_at)
        refresh(app)
        waits.append((row(store, one).due_at - now()) // timedelta(minutes=1))
    found = row(store, one)
    assert waits == [15, 30, 60, 120, 240]
    assert (found.state, found.failure, found.fetched_at, blocks(store)) == ("failed", "unreadable", fetched_at, [NINE])
    internet.serve("/mine.ics", calendar())
    clock.move_to(found.due_at)
    refresh(app)
    found = row(store, one)
    assert (found.state, found.failure, found.failures, blocks(store)) == ("ok", "", 0, [])


def test_longest_wait_is_half_a_day(app: Flask, store: Store, internet: Internet) -> None:
    one = add(store, internet.url("/nothing"))
    with store() as session:
        session.execute(update(ExternalCalendar).values(failures=400))
    refresh(app)
    assert row(store, one).due_at - now() == timedelta(hours=12)


def test_unchanged_calendar_is_read_anew_when_the_horizon_has_moved(
    app: Flask, store: Store, internet: Internet, clock: Clock
) -> None:
    one = add(store, internet.url())
    refresh(app)
    clock.shift(timedelta(days=8))
    refresh(app)
    assert "If-None-Match" not in internet.heads[-1]
    assert row(store, one).seen_until == date(2028, 4, 9)


def test_one_scheduler_takes_each_calendar(app: Flask, store: Store, internet: Internet) -> None:
    ids = [add(store, internet.url(), person) for person in (cast.OLA, cast.BRITA, cast.SIRI)]
    ready = threading.Barrier(4)

    def tick() -> None:
        ready.wait()
        refresh(app)

    threads = [threading.Thread(target=tick) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(internet.asked), [row(store, one).state for one in ids]) == (3, ["ok"] * 3)


def test_taken_calendar_is_free_again_when_its_scheduler_died(
    app: Flask, store: Store, internet: Internet, clock: Clock
) -> None:
    one = add(store, internet.url())
    with store():
        assert refreshing.take(one, at=now()) is not None
    with store():
        assert refreshing.take(one, at=now() + timedelta(seconds=119)) is None
    clock.shift(timedelta(minutes=2))
    refresh(app)
    assert row(store, one).state == "ok"


def test_late_result_does_not_count(app: Flask, store: Store, internet: Internet) -> None:
    one = add(store, internet.url())
    with store():
        order = refreshing.take(one, at=now())
        assert order is not None
        db.session.commit()
        news = refreshing.carry_out(order)
        assert refreshing.take(one, at=now() + timedelta(minutes=3)) is not None
        assert not refreshing.record(order, news, at=now())
    with store() as session:
        remove_calendar(session.get_one(ExternalCalendar, one))
        assert not refreshing.record(order, news, at=now())
    assert blocks(store) == []


def test_calendars_of_people_who_are_gone_are_left_alone_and_then_forgotten(
    app: Flask, store: Store, internet: Internet, clock: Clock
) -> None:
    add(store, internet.url())
    refresh(app)
    with store() as session:
        session.execute(update(User).where(User.email == cast.OLA.email).values(deactivated_at=now()))
    clock.shift(timedelta(days=29))
    assert not refresh(app)
    assert swept(app) == 1
    clock.shift(timedelta(days=2))
    assert swept(app) == 0
    assert blocks(store) == []


def swept(app: Flask) -> int:
    """Calendars that are left after a night's retention."""
    with app.app_context():
        scheduler.forget()
        return db.session.scalar(select(func.count()).select_from(ExternalCalendar)) or 0


def test_address_and_titles_are_nowhere_in_the_database(app: Flask, store: Store, internet: Internet) -> None:
    internet.pages[SECRET] = internet.pages["/mine.ics"]
    one = add(store, internet.url(SECRET))
    refresh(app)
    assert (row(store, one).state, blocks(store)) == ("ok", [NINE])
    with store() as session:
        told = [str(line) for table in db.metadata.tables for line in session.execute(text(f'SELECT * FROM "{table}"'))]
        assert [line for line in told if SECRET[1:18] in line or "Salary" in line] == []
        assert masked_url(session.get_one(ExternalCalendar, one)) == "https://127.0.0.2/…"


def test_failing_address_is_not_logged(
    app: Flask, store: Store, internet: Internet, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = add(store, internet.url(SECRET))
    with caplog.at_level(logging.DEBUG):
        refresh(app)
        with store() as session:
            ask_for_fetch(session.get_one(ExternalCalendar, one), at=now() - timedelta(hours=1))
            session.execute(update(ExternalCalendar).values(due_at=now()))
        monkeypatch.setattr(refreshing, "fetch", lambda url, **_options: 1 / len(url[:0]))
        refresh(app)
    assert "refresh_calendars failed for row" in caplog.text
    assert SECRET[1:18] not in caplog.text


def test_calendar_with_another_data_key_fails_and_says_nothing(app: Flask, store: Store, internet: Internet) -> None:
    one = add(store, internet.url())
    app.config["DATA_KEY"] = "another"
    refresh(app)
    with store() as session:
        found = session.get_one(ExternalCalendar, one)
        assert (found.state, found.failure, masked_url(found), internet.asked) == ("failed", "unreachable", "", [])


def test_asking_again_waits_a_minute(app: Flask, store: Store, internet: Internet, clock: Clock) -> None:
    one = add(store, internet.url())
    refresh(app)
    clock.shift(timedelta(seconds=20))
    with store() as session:
        found = session.get_one(ExternalCalendar, one)
        assert not is_waiting(found, at=now())
        ask_for_fetch(found, at=now())
        assert is_waiting(found, at=now())
    assert not refresh(app)
    clock.shift(timedelta(seconds=40))
    assert refresh(app)
    assert not is_waiting(row(store, one), at=now())


def test_at_most_three_calendars_each(store: Store, internet: Internet) -> None:
    for _ in range(3):
        add(store, internet.url())
    with pytest.raises(Invalid, match="too-many"):
        add(store, internet.url())


def test_command_fetches_what_is_due(
    app: Flask, store: Store, internet: Internet, flask_command: Callable[..., str]
) -> None:
    one = add(store, internet.url())
    flask_command("refresh-calendars")
    assert row(store, one).state == "ok"
