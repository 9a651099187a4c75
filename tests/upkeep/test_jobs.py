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
from app.jobs.noted import NotedRun
from app.upkeep.jobs import Job
from app.upkeep.models import JobRun
from tests.cast import ADA, bring
from tests.harness.web import CarefulClient

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


def test_job_of_every_few_seconds_leaves_a_trace_twice_a_minute(app: Flask, clock: Clock) -> None:
    run, noted = NotedRun(app, job("announce")), set()
    for _ in range(24):
        run()
        found = last_run(app, "announce")
        assert found is not None
        noted.add(found.started_at)
        clock.shift(timedelta(seconds=5))
    assert len(noted) == 4


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


def test_page_shows_every_job_to_administrators(
    app: Flask, client: CarefulClient, store: Store, clock: Clock
) -> None:
    with store():
        ada = bring(ADA)[0].get_id()
    browser = client.sign_in(ada)
    assert "The scheduler has not run yet." in browser.get("/admin/timetable").text
    for one in scheduler.JOBS:
        NotedRun(app, one)()
    page = BeautifulSoup(browser.get("/admin/timetable").data, "html.parser")
    assert [row.select_one(".ds-tag").text for row in page.select("tbody tr")] == ["Fine"] * len(scheduler.JOBS)
    clock.shift(timedelta(hours=1))
    page = BeautifulSoup(browser.get("/admin/timetable").data, "html.parser")
    assert "Alarm" in {row.select_one(".ds-tag").text for row in page.select("tbody tr")}


def test_every_job_has_its_words(app: Flask) -> None:
    from app.web.admin.timetable import JOBS  # noqa: PLC0415 - the page's own table

    assert set(JOBS) == {one.name for one in scheduler.JOBS}


def test_runs_are_noted_under_their_own_names(app: Flask) -> None:
    for one in scheduler.JOBS:
        NotedRun(app, one)()
    with app.app_context():
        assert set(db.session.scalars(select(JobRun.name))) == {one.name for one in scheduler.JOBS}
