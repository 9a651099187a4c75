"""The timetable: what each job did last, when it is next, and the alarm after three periods without success."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.jobs import rows
from app.jobs.noted import NotedRun
from app.upkeep.jobs import SETUP, Done, Job, note_run
from app.upkeep.models import JobRun
from app.visits import lifecycle
from tests import factories
from tests.cast import ADA, bring
from tests.harness.web import CarefulClient, Mailbox

Store = Callable[[], AbstractContextManager[Session]]
Clock = time_machine.Traveller


def job(name: str) -> Job:
    return next(one for one in scheduler.JOBS if one.name == name)


def last_run(app: Flask, name: str) -> JobRun | None:
    with app.app_context():
        return db.session.get(JobRun, name)


def test_run_is_noted(app: Flask, clock: Clock) -> None:
    NotedRun(app, job("advance"))()
    found = last_run(app, "advance")
    assert found is not None
    assert (found.started_at, found.succeeded_at, found.error, found.late_seconds) == (now(), now(), "", 0)


def test_job_of_every_few_seconds_leaves_a_trace_every_ten(app: Flask, clock: Clock) -> None:
    run, noted = NotedRun(app, job("announce")), set()
    for _ in range(24):
        run()
        found = last_run(app, "announce")
        assert found is not None
        noted.add(found.started_at)
        clock.shift(timedelta(seconds=5))
    assert len(noted) == 12


def test_late_beginning_is_told(app: Flask, clock: Clock) -> None:
    run = NotedRun(app, job("advance"))
    run()
    clock.shift(timedelta(minutes=12))
    run()
    found = last_run(app, "advance")
    assert found is not None
    assert found.late_seconds == 600


def test_failure_keeps_the_last_success(app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    NotedRun(app, job("advance"))()
    before = now()
    clock.shift(timedelta(minutes=2))

    def fail() -> None:
        raise ValueError("a name that nobody may read in a log")

    fail.__name__ = "advance"
    NotedRun(app, Job(fail, timedelta(minutes=2)))()
    found = last_run(app, "advance")
    assert found is not None
    assert (found.succeeded_at, found.started_at, found.error) == (before, now(), "ValueError")


def test_alarm_after_three_periods_without_success(app: Flask, client: CarefulClient, clock: Clock) -> None:
    NotedRun(app, job("advance"))()
    clock.shift(timedelta(minutes=6))
    assert client.get("/readyz").text == "ready\n"
    clock.shift(timedelta(seconds=1))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\nalarm: advance\n")


def test_daily_job_is_next_at_four_in_the_morning_of_the_venue() -> None:
    daily = job("forget")
    assert daily.next_after(datetime(2027, 3, 2, 2, 59, tzinfo=UTC)) == datetime(2027, 3, 2, 3, 0, tzinfo=UTC)
    assert daily.next_after(datetime(2027, 3, 2, 3, 0, tzinfo=UTC)) == datetime(2027, 3, 3, 3, 0, tzinfo=UTC)
    assert daily.next_after(datetime(2027, 3, 27, 12, 0, tzinfo=UTC)) == datetime(2027, 3, 28, 2, 0, tzinfo=UTC)


def test_page_shows_every_job_to_administrators(app: Flask, client: CarefulClient, store: Store, clock: Clock) -> None:
    with store():
        ada = bring(ADA)[0].get_id()
    browser = client.sign_in(ada)
    assert "The scheduler has not run yet." in browser.get("/admin/timetable").text
    for one in scheduler.JOBS:
        NotedRun(app, one)()
    page = BeautifulSoup(browser.get("/admin/timetable").data, "html.parser")
    states = {one.name: "Not set up" if one.name == "read_replies" else "Fine" for one in scheduler.JOBS}
    assert [row.select_one(".ds-tag").text for row in page.select("tbody tr")] == list(states.values())
    assert "Set IMAP_URL in the environment" in page.text
    app.config["IMAP_URL"] = "imap://answers.example.org"
    assert "Not set up" not in browser.get("/admin/timetable").text
    clock.shift(timedelta(hours=1))
    page = BeautifulSoup(browser.get("/admin/timetable").data, "html.parser")
    assert "Alarm" in {row.select_one(".ds-tag").text for row in page.select("tbody tr")}


def test_a_next_run_that_is_overdue_is_said_before_the_alarm(
    app: Flask, client: CarefulClient, store: Store, clock: Clock
) -> None:
    with store():
        ada = bring(ADA)[0].get_id()
    app.config["METRICS_TOKEN"] = "a token for tests"
    clock.move_to(datetime(2027, 3, 2, 9, 0, tzinfo=UTC))
    for one in scheduler.JOBS:
        NotedRun(app, one)()
    seen = []
    for seconds in (14, 16):  # the next run was due after five
        clock.shift(timedelta(seconds=seconds))
        page = BeautifulSoup(client.sign_in(ada).get("/admin/timetable").data, "html.parser")
        cells = [cell.text.strip() for cell in page.select("tbody tr")[1].select("td")]
        seen.append((cells[0], cells[3]))
    (fine, overdue) = seen
    assert fine == ("Fine", "0\xa0s")
    assert (overdue[0].startswith("Overdue"), "Tuesday 2 March, 10:00:05" in overdue[0], overdue[1]) == (
        True, True, "25\xa0s",
    )  # fmt: skip
    assert client.get("/readyz").text == "ready\n"
    figures = client.get("/metrics", headers={"Authorization": "Bearer a token for tests"}).text
    assert 'vertskap_job_late_seconds{job="send"} 25.0' in figures


def test_every_job_has_its_words(app: Flask) -> None:
    from app.web.admin.timetable import JOBS  # noqa: PLC0415 - the page's own table

    assert set(JOBS) == {one.name for one in scheduler.JOBS}


def test_runs_are_noted_under_their_own_names(app: Flask) -> None:
    for one in scheduler.JOBS:
        NotedRun(app, one)()
    with app.app_context():
        assert set(db.session.scalars(select(JobRun.name))) == {one.name for one in scheduler.JOBS}


def set_up(app: Flask) -> None:
    with app.app_context():
        note_run(Done(SETUP, now(), now(), 0))
        db.session.commit()


def alarms_of(client: CarefulClient) -> set[str]:
    return set(client.get("/readyz").text.splitlines()[1:])


def test_scheduler_that_never_ran_is_an_alarm_some_time_after_the_set_up(
    app: Flask, client: CarefulClient, clock: Clock, store: Store
) -> None:
    set_up(app)
    app.config["METRICS_TOKEN"] = "a token for tests"
    clock.shift(timedelta(minutes=2))
    assert client.get("/readyz").text == "ready\n"
    clock.shift(timedelta(seconds=1))
    assert alarms_of(client) >= {"alarm: announce", "alarm: send"}
    clock.shift(timedelta(hours=1))
    assert alarms_of(client) == {f"alarm: {one.name}" for one in scheduler.JOBS if one.daily_at is None}
    figures = client.get("/metrics", headers={"Authorization": "Bearer a token for tests"}).text
    assert 'vertskap_job_alarm{job="send"} 1.0' in figures
    assert 'job="setup"' not in figures
    clock.shift(timedelta(days=3))
    assert "alarm: forget" in alarms_of(client)


def test_night_job_that_never_ran_shows_when_it_will(app: Flask, clock: Clock) -> None:
    with app.app_context():
        (forget,) = [state for state in scheduler.timetable(at=now()) if state.name == "forget"]
    assert (forget.run, forget.next_at, forget.is_alarm) == (None, job("forget").next_after(now()), False)


def test_set_up_command_begins_the_waiting(app: Flask, flask_command: Callable[..., str]) -> None:
    flask_command("setup")
    assert last_run(app, SETUP) is not None


def test_mailbox_that_cannot_be_reached_is_an_alarm_after_three_minutes(
    app: Flask, client: CarefulClient, clock: Clock
) -> None:
    run = NotedRun(app, job("read_replies"))
    run()
    before = now()
    app.config["IMAP_URL"] = "imap://nobody:nothing@127.0.0.1:9/INBOX"
    for _ in range(4):
        clock.shift(timedelta(minutes=1))
        run()
    found = last_run(app, "read_replies")
    assert found is not None
    assert (found.succeeded_at, found.failed_rows, found.error) == (before, 1, "ConnectionRefusedError")
    assert alarms_of(client) == {"alarm: read_replies"}
    app.config["IMAP_URL"] = ""
    run()
    assert alarms_of(client) == set()


def test_no_mail_for_two_minutes_is_an_alarm_although_attempts_become_rare(
    app: Flask, client: CarefulClient, store: Store, clock: Clock, mailbox: Mailbox
) -> None:
    run, server = NotedRun(app, job("send")), app.config["SMTP_URL"]
    run()
    app.config["SMTP_URL"] = "smtp://127.0.0.1:9"
    with store():
        lifecycle.submit(factories.WATER)
    with app.app_context():
        scheduler.announce()
    seen = []
    for _ in range(5):
        clock.shift(timedelta(seconds=30))
        run()
        seen.append(alarms_of(client))
    assert seen == [set(), set(), set(), set(), {"alarm: send"}]
    app.config["SMTP_URL"] = server
    clock.shift(timedelta(minutes=5))
    run()
    assert (len(mailbox.mails), alarms_of(client)) == (1, set())


@pytest.mark.parametrize(("bad", "error"), [({1, 2}, "KeyError"), ({1}, "")])
def test_run_in_which_every_row_fails_has_not_succeeded(app: Flask, clock: Clock, bad: set[int], error: str) -> None:
    def step(row_id: int, /, *, at: datetime) -> None:
        if row_id in bad:
            raise KeyError(row_id)

    def advance() -> None:
        rows.each(lambda *, at: [1, 2], step)

    NotedRun(app, Job(advance, timedelta(minutes=2)))()
    found = last_run(app, "advance")
    assert found is not None
    assert (found.error, found.failed_rows, found.succeeded_at is None) == (error, len(bad), bool(error))


@pytest.mark.parametrize(
    ("language", "took", "ran"),
    [("en", "0.4\xa0s", ", 10:00:00"), ("nb", "0,4\xa0s", " kl. 10.00.00"), ("nn", "0,4\xa0s", " kl. 10.00.00")],
)
def test_timetable_writes_seconds_as_the_reader_does(
    app: Flask, client: CarefulClient, store: Store, clock: Clock, language: str, took: str, ran: str
) -> None:
    with store():
        ada = bring(ADA)[0]
        ada.language = language
        session_id = ada.get_id()
    clock.move_to(datetime(2027, 3, 2, 9, 0, tzinfo=UTC))
    with app.app_context():
        note_run(Done("send", now(), now(), 400, late_seconds=3))
        db.session.commit()
    page = BeautifulSoup(client.sign_in(session_id).get("/admin/timetable").data, "html.parser")
    cells = [cell.text.strip() for cell in page.select("tbody tr")[1].select("td")]
    assert (cells[1].endswith(ran), cells[2:4], cells[4].endswith("05")) == (True, [took, "3\xa0s"], True)
