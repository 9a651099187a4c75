"""The scheduler against its surroundings: a clock that is set, and something that will not end."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from app import scheduler, serve
from app.core.time import in_venue, now, venue_zone
from app.jobs.stopping import STOP
from app.notifications import post
from app.upkeep.jobs import Job
from tests.harness.processes import ROOT

pytestmark = pytest.mark.one_engine


@pytest.fixture
def _told_to_end_later() -> Iterator[None]:
    yield
    STOP.clear()


def idle() -> None:
    """A job that does nothing."""


@pytest.mark.usefixtures("_told_to_end_later")
@pytest.mark.parametrize("hours", [3, -3, -24])
def test_every_job_begins_anew_when_the_clock_is_set(monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    """Without that a clock set back by three hours stops every job for three hours."""
    job = Job(idle, timedelta(seconds=5))
    monkeypatch.setattr(scheduler, "JOBS", (job,))
    monkeypatch.setattr(scheduler, "WATCH_SECONDS", 0.05)
    clock = BackgroundScheduler(timezone=venue_zone())
    clock.add_job(idle, id=job.name, **job.trigger())
    clock.start()
    shown, real = [0.0], time.time
    monkeypatch.setattr(scheduler, "moment", lambda: real() + shown[0])
    clock.modify_job(job.name, next_run_time=in_venue(now()) - timedelta(hours=hours))
    watching = threading.Thread(target=scheduler._watch, args=[clock])
    watching.start()
    time.sleep(0.2)
    shown[0] = 3600.0 * hours
    time.sleep(0.3)
    STOP.set()
    watching.join(5)
    next_run = clock.get_job(job.name).next_run_time
    clock.shutdown(wait=False)
    assert abs((next_run - in_venue(now())).total_seconds()) <= 6


class Sleeping(BackgroundScheduler):
    """Counted its wait with a clock that stood two days back for a moment, and sleeps until somebody wakes it."""

    def __init__(self) -> None:
        super().__init__(timezone=venue_zone())
        self.woken = threading.Event()

    def wakeup(self) -> None:
        self.woken.set()


@pytest.mark.usefixtures("_told_to_end_later")
def test_a_clock_that_was_wrong_for_a_moment_stops_no_job_for_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "WATCH_SECONDS", 0.05)
    clock = Sleeping()
    watching = threading.Thread(target=scheduler._watch, args=[clock])
    watching.start()
    is_woken = clock.woken.wait(3)
    STOP.set()
    watching.join(5)
    assert is_woken


class Hanging:
    """A scheduler with a job that does not end."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def shutdown(self, *, wait: bool) -> None:
        time.sleep(self.seconds)


class Left(Exception):
    """The process would be gone."""


def test_what_does_not_end_in_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def leave(code: int) -> None:
        raise Left(code)

    monkeypatch.setattr(scheduler, "END_SECONDS", 0.2)
    monkeypatch.setattr(scheduler.os, "_exit", leave)
    monkeypatch.setattr(scheduler.logging, "shutdown", lambda: None)
    scheduler._end(Hanging(0.05))  # type: ignore[arg-type]
    began = time.monotonic()
    with pytest.raises(Left):
        scheduler._end(Hanging(5))  # type: ignore[arg-type]
    assert time.monotonic() - began < 2


def test_each_waits_longer_than_the_one_it_waits_for() -> None:
    """A mail in hand, the scheduler that sends it, then whoever ends the scheduler: else a mail is sent twice."""
    unit = (ROOT / "deploy" / "systemd" / "vertskap-scheduler@.service").read_text(encoding="utf-8")
    systemd = int(re.findall(r"^TimeoutStopSec=(\d+)$", unit, re.M)[0])
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert post.LONGEST_SECONDS + 2 < scheduler.END_SECONDS < serve.STOP_SECONDS < systemd
    assert f"{scheduler.END_SECONDS} seconds at most; `make run` waits for {serve.STOP_SECONDS}" in page
    assert f"systemd kills after {systemd}." in page
