"""The whole timetable on one page. The truth is in tables: a tick takes due rows one by one, so any number may run."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from time import monotonic
from time import time as moment
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from app.core.time import in_venue, now, venue_zone
from app.jobs.calendars import refresh_calendars
from app.jobs.mailbox import read_replies
from app.jobs.noted import NotedRun
from app.jobs.passing import advance, forget, renew_texts
from app.jobs.sample_year import is_in_the_way
from app.jobs.stopping import STOP
from app.jobs.telling import announce, look_back, remind, send, tell
from app.upkeep.jobs import Job, JobState, is_overdue, late_now, overdue_seconds, runs, set_up_at
from app.upkeep.models import JobRun

log = logging.getLogger(__name__)

JOBS: tuple[Job, ...] = (
    Job(announce, timedelta(seconds=5)),
    Job(send, timedelta(seconds=5)),
    Job(remind, timedelta(seconds=10)),  # a reminder is seconds late, also in a queue (acceptance row RM-1)
    Job(look_back, timedelta(minutes=10)),
    Job(advance, timedelta(minutes=2)),
    Job(renew_texts, timedelta(minutes=2)),
    Job(refresh_calendars, timedelta(seconds=30)),
    Job(read_replies, timedelta(minutes=1)),
    Job(forget, timedelta(days=1), daily_at=time(4)),
)
END_SECONDS = 35  # longer than one mail may take (post.LONGEST_SECONDS); make run waits for 40, systemd kills after 45
WATCH_SECONDS, JUMP_SECONDS = 5, 10
PERIODS = tuple((job.name, job.period) for job in JOBS)


def timetable(*, at: datetime) -> list[JobState]:
    """Every job with its last run, its next one, and whether that is an alarm."""
    found = runs()
    return [_state(job, found, at) for job in JOBS]


def _state(job: Job, found: Mapping[str, JobRun], at: datetime) -> JobState:
    run = found.get(job.name)
    began = at if job.daily_at else run.started_at if run else None  # the night's hour is known without any run
    next_at = job.next_after(began) if began else None
    is_alarm = is_overdue(run, job.period, since=set_up_at(found), at=at)
    is_late = overdue_seconds(run, next_at, at=at) > 0
    return JobState(job.name, job.period, run, next_at, is_alarm, late_now(run, next_at, at=at), is_late)


def tick() -> None:
    """Everything that is due now, once, in the order in which one thing leads to another."""
    if is_in_the_way(at=now()):
        return
    for job in (read_replies, advance, renew_texts, forget, remind, tell, refresh_calendars):
        job()


def run(app: Flask) -> None:
    """Tick in the foreground until SIGTERM or SIGINT; what is in hand is finished first, for some seconds."""

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        STOP.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    clock = BackgroundScheduler(timezone=venue_zone())
    for job in JOBS:
        at_once = {"next_run_time": in_venue(now())} if job.daily_at is None else {}
        limits = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        clock.add_job(NotedRun(app, job), id=job.name, **job.trigger(), **limits, **at_once)
    clock.start()
    log.info("the scheduler runs")
    _watch(clock)
    _end(clock)


def _watch(clock: BackgroundScheduler) -> None:
    """Until told to end. When somebody sets the wall clock, every job begins anew: it would wait for the old time.

    It is woken each time: what it waits for was counted once, perhaps with a clock that was wrong for a moment.
    """
    usual = moment() - monotonic()
    while not STOP.wait(WATCH_SECONDS):
        moved = moment() - monotonic() - usual
        if abs(moved) > JUMP_SECONDS:
            usual += moved
            log.warning("the clock was set by %+d seconds", round(moved))
            for job in JOBS:
                clock.reschedule_job(job.name, **job.trigger())
        clock.wakeup()


def _end(clock: BackgroundScheduler) -> None:
    """Begin nothing new and wait for what is in hand; a mail server that does not answer cannot hold us for ever.

    What is left undone then is claimed only until its lease ends, and another scheduler takes it.
    """
    waiting = threading.Thread(target=clock.shutdown, kwargs={"wait": True}, daemon=True)
    waiting.start()
    waiting.join(END_SECONDS)
    if waiting.is_alive():
        log.warning("something did not end in time and is left; it is taken up again when its claim has ended")
        logging.shutdown()
        os._exit(0)
    log.info("the scheduler has ended")
