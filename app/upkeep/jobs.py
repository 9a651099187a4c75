"""What each job did last, and the alarm when one has not succeeded for three of its periods."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from app.core.time import from_venue, in_venue, now
from app.extensions import db
from app.upkeep.models import JobRun

PERIODS = 3  # without success, then it is an alarm
LEAST_ALARM = timedelta(minutes=2)  # nobody is alarmed about seconds
LEAST_LATE = timedelta(seconds=10)  # a job of every few seconds leaves a trace of every second run only
BACKUP = "backup"
SETUP = "setup"  # noted like a job: from then on a job that never ran is waited for
DEMO, UNFINISHED = "demo", "unfinished"  # sample visits are being made: jobs stand still as long as that goes on
GIVEN_UP = timedelta(minutes=2)  # without a sign of whoever makes them
BACKUP_ALARM = timedelta(hours=26)  # a nightly backup, and two hours (acceptance row BK-3)


@dataclass(frozen=True, slots=True)
class Job:
    """A job of the timetable: every `period`, or once a day at that hour of the venue's clock."""

    run: Callable[[], object]
    period: timedelta
    daily_at: time | None = None

    @property
    def name(self) -> str:
        """The function's name: what logs, /readyz and the timetable call it."""
        return self.run.__name__

    def trigger(self) -> dict[str, Any]:
        """What APScheduler is told."""
        if self.daily_at is None:
            return {"trigger": "interval", "seconds": int(self.period.total_seconds())}
        return {"trigger": "cron", "hour": self.daily_at.hour, "minute": self.daily_at.minute}

    def next_after(self, moment: datetime) -> datetime:
        """When it should run again after it ran at that moment."""
        if self.daily_at is None:
            return moment + self.period
        local = in_venue(moment)
        today = from_venue(datetime.combine(local.date(), self.daily_at))
        return today if today > moment else from_venue(datetime.combine(local.date() + timedelta(1), self.daily_at))


@dataclass(frozen=True, slots=True)
class Done:
    """How one run of a job went; `error` is the name of an error's kind, empty when it went through."""

    name: str
    started_at: datetime
    finished_at: datetime
    milliseconds: int
    late_seconds: int = 0
    failed_rows: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as the timetable shows it; `run` is None before its first."""

    name: str
    period: timedelta
    run: JobRun | None
    next_at: datetime | None
    is_alarm: bool
    late_seconds: int = 0
    is_late: bool = False


def overdue_seconds(run: JobRun | None, next_at: datetime | None, *, at: datetime) -> int:
    """For how long the next run is overdue; 0 before it is by over ten seconds, and before the first run."""
    overdue = at - next_at if run and next_at else timedelta(0)
    return int(overdue.total_seconds()) if overdue > LEAST_LATE else 0


def late_now(run: JobRun | None, next_at: datetime | None, *, at: datetime) -> int:
    """How late a job is, in seconds: its last run began that late, or its next one is overdue by more."""
    return max(run.late_seconds if run else 0, overdue_seconds(run, next_at, at=at))


def note_run(done: Done) -> None:
    """Remember a run in place of the one before; flushes."""
    found = db.session.get(JobRun, done.name)
    if found is None:
        found = JobRun(name=done.name, succeeded_at=None)
        db.session.add(found)
    found.started_at, found.finished_at = done.started_at, done.finished_at
    found.milliseconds, found.late_seconds = done.milliseconds, done.late_seconds
    found.failed_rows, found.error = done.failed_rows, done.error
    if not done.error:
        found.succeeded_at = done.finished_at
    db.session.flush()


def runs() -> dict[str, JobRun]:
    """The last run of every job that ever ran, by name."""
    return {run.name: run for run in db.session.scalars(select(JobRun))}


def is_demo_made(*, at: datetime) -> bool:
    """Whether somebody is making the sample visits, whose past no job may take for the present."""
    run = demo_run()
    return run is not None and run.error == UNFINISHED and run.finished_at > at - GIVEN_UP


def is_demo_left(*, at: datetime) -> bool:
    """Whether whoever made the sample visits has ended, or was killed, before they were all there."""
    run = demo_run()
    return run is not None and run.error == UNFINISHED and run.finished_at <= at - GIVEN_UP


def demo_run() -> JobRun | None:
    """How the last making of sample visits went."""
    return db.session.get(JobRun, DEMO)


def is_overdue(run: JobRun | None, period: timedelta, *, since: datetime | None, at: datetime) -> bool:
    """Whether a job has not succeeded for three periods: since its last success, before the first since the set-up.

    Where nobody set anything up (`since` is None) a job that never ran is not in use.
    """
    last = run.succeeded_at if run and run.succeeded_at else since
    if last is None:
        return run is not None and bool(run.error)
    return last < at - max(PERIODS * period, LEAST_ALARM)


def set_up_at(found: Mapping[str, JobRun]) -> datetime | None:
    """When the application was set up last, if that was noted."""
    return found[SETUP].started_at if SETUP in found else None


def backup_alarm(run: JobRun | None, *, at: datetime) -> bool:
    """Whether backups are made here and the last good one is too old, or the last one failed."""
    if run is None:
        return False
    return bool(run.error) or run.succeeded_at is None or run.succeeded_at < at - BACKUP_ALARM


def alarms(periods: Sequence[tuple[str, timedelta]], *, at: datetime | None = None) -> list[str]:
    """Names of the jobs (and `backup`) that somebody must look at."""
    at, found = at or now(), runs()
    since = set_up_at(found)
    late = [name for name, period in periods if is_overdue(found.get(name), period, since=since, at=at)]
    return late + ([BACKUP] if backup_alarm(found.get(BACKUP), at=at) else [])
