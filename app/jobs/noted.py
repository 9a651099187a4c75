"""One run of a job inside the application, noted for the timetable: how it went and how late it began."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from time import monotonic

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app.core import logs
from app.core.database import reading
from app.core.time import now
from app.extensions import db
from app.jobs import rows
from app.jobs.sample_year import is_in_the_way
from app.upkeep.jobs import Done, Job, note_run, runs

log = logging.getLogger(__name__)
NOTED_EVERY = timedelta(seconds=9)


class NotedRun:
    """Runs a job inside the application, and notes for the timetable how that went and how late it began."""

    def __init__(self, app: Flask, job: Job) -> None:
        self.app, self.job = app, job
        self.due_at: datetime | None = None

    def __call__(self) -> None:
        logs.begin(job=self.job.name)
        with self.app.app_context():
            started_at, clock = now(), monotonic()
            if is_in_the_way(at=started_at):
                return
            late = started_at - self.due_at if self.due_at else timedelta(0)
            self.due_at = self.job.next_after(started_at)
            error, failed = self._ended()
            done = Done(
                self.job.name, started_at, now(), round(1000 * (monotonic() - clock)),
                max(0, int(late.total_seconds())), failed, error,
            )  # fmt: skip
            if error or failed or _is_worth_noting(self.job, started_at):
                _record(done)

    def _ended(self) -> tuple[str, int]:
        """The kind of error that kept the job from its work, if any, and how many rows failed on the way.

        Rows that fail beside others that are done are no error of the job; where nothing was done they are.
        """
        tally = rows.count_from_zero()
        try:
            self.job.run()
        except Exception as failure:
            rows.note(self.job.name, 0, failure)
            return type(failure).__name__, tally.failed
        return tally.error, tally.failed


def _record(done: Done) -> None:
    try:
        note_run(done)
        db.session.commit()
    except SQLAlchemyError as failure:  # another scheduler was faster, or the database is away: the next run tells
        db.session.rollback()
        log.info("the run of %s was not noted: %s", done.name, type(failure).__name__)


def _is_worth_noting(job: Job, at: datetime) -> bool:
    """A job of every few seconds leaves a trace every 9 seconds, more would be writing; a put clock, at once."""
    with reading():
        run = runs().get(job.name)
        db.session.rollback()
    return run is None or bool(run.error or run.failed_rows) or abs(at - run.finished_at) >= NOTED_EVERY
