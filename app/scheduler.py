"""The whole timetable on one page. The truth is in tables: a tick takes due rows one by one, so any number may run."""

from __future__ import annotations

import logging
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from datetime import datetime, time, timedelta
from time import monotonic
from types import FrameType
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.calendars import refreshing
from app.core.database import reading
from app.core.errors import Refused
from app.core.time import VENUE_ZONE, in_venue, now
from app.extensions import db
from app.feeds.retention import drop_old_bodies
from app.notifications import derive, imap, outbox, post, reminders, replies
from app.notifications import retention as mail_retention
from app.notifications.reply_mail import read_mail
from app.upkeep.jobs import Done, Job, JobState, is_overdue, note_run, runs
from app.visits import due, retention

log = logging.getLogger(__name__)
NOTED_EVERY = timedelta(seconds=30)
_failed_rows: ContextVar[list[int]] = ContextVar("failed_rows")


class DueRows(Protocol):
    """The ids of rows that are due at that moment."""

    def __call__(self, *, at: datetime) -> Sequence[int]: ...


class Step(Protocol):
    """What is done with one row; a row that is not due any more is left alone."""

    def __call__(self, row_id: int, /, *, at: datetime) -> object: ...


def tell() -> None:
    """New activities become mails, and due mails leave: every 5 seconds."""
    _each(derive.unannounced_ids, derive.announce)
    send_due()


def send_due() -> None:
    """Send what is due, one connection for all; when the server is away the rest waits for the next tick."""
    if ids := _listed(outbox.due_ids):
        config = current_app.config
        with post.transport(config["SMTP_URL"], config["MAIL_DIR"]) as way:
            for row_id in ids:
                if not _sent(row_id, way):
                    return


def _sent(row_id: int, way: post.Server | post.Folder) -> bool:
    """One mail: claim and render, commit, send, commit; False when the server is away."""
    try:
        letter = outbox.take(row_id, at=now())
        db.session.commit()
        if letter is None:
            return True
        result = way.send(letter)
        outbox.record(row_id, result, at=now())
        db.session.commit()
    except SQLAlchemyError as error:  # the claim ends by itself, then the mail is tried again
        _note("send", row_id, error)
        return False
    except Exception as error:
        _note("send", row_id, error)
        _try(row_id, outbox.give_up)
        return True
    return result.outcome != "away"


def remind() -> None:
    """Reminders that a date makes due: every minute."""
    for reminder in reminders.REMINDERS:
        _each(reminder.ids, reminder.derive)


def advance() -> None:
    """What time alone does to visits: every two minutes."""
    _each(due.unconfirmed_ids, due.expire_visit)
    _each(due.offer_ids, due.lapse_offer)
    _each(due.hold_ids, due.lapse_hold_of)
    _each(due.ended_ids, due.complete_visit)


def refresh_calendars() -> bool:
    """Others' calendars that are due, a few at once: twice a minute; False when none was. Each waits a quarter."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    ids = _listed(refreshing.due_ids)
    with ThreadPoolExecutor(refreshing.AT_ONCE, "calendar") as workers:
        for row_id in ids:
            workers.submit(copy_context().run, _refreshed, app, row_id)
    return bool(ids)


def _refreshed(app: Flask, row_id: int) -> None:
    """One calendar: take, commit, fetch without a transaction, record, commit."""
    with app.app_context():
        try:
            order = refreshing.take(row_id, at=now())
            db.session.commit()
            if order is not None:
                refreshing.record(order, refreshing.carry_out(order), at=now())
                db.session.commit()
        except Exception as error:
            _note("refresh_calendars", row_id, error)


def read_replies() -> None:
    """Answers to invitations, from the mailbox: every minute. Each mail is taken once, however many read."""
    if not current_app.config["IMAP_URL"]:
        return
    try:
        with imap.open_inbox(current_app.config["IMAP_URL"]) as inbox:
            for uid in inbox.unseen():
                if _taken(inbox.fetch(uid)):
                    inbox.done(uid)
    except imap.FAULTS as error:
        _note("read_replies", 0, error)


def _taken(raw: bytes) -> bool:
    """Whether the mail is in the database, now or since another was faster; else it is looked at again."""
    try:
        replies.take_mail(read_mail(raw), at=now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
    except SQLAlchemyError as error:
        _note("take_mail", 0, error)
        return False
    return True


def forget() -> None:
    """What was kept long enough goes: every night at 04:00, an hour that no clock change skips or repeats."""
    mails = (mail_retention.erase_old_mails, replies.drop_old_replies)
    for sweep in (*retention.SWEEPS, *refreshing.SWEEPS, drop_old_bodies, *mails):
        _sweep(sweep)


JOBS: tuple[Job, ...] = (
    Job(tell, timedelta(seconds=5)),
    Job(remind, timedelta(minutes=1)),
    Job(advance, timedelta(minutes=2)),
    Job(refresh_calendars, timedelta(seconds=30)),
    Job(read_replies, timedelta(minutes=1)),
    Job(forget, timedelta(days=1), daily_at=time(4)),
)
PERIODS = tuple((job.name, job.period) for job in JOBS)


def timetable(*, at: datetime) -> list[JobState]:
    """Every job with its last run, its next one, and whether that is an alarm."""
    found = runs()
    return [
        JobState(
            job.name,
            job.period,
            run := found.get(job.name),
            job.next_after(run.started_at) if run else None,
            is_overdue(run, job.period, at=at),
        )
        for job in JOBS
    ]


def tick() -> None:
    """Everything that is due now, once, in the order in which one thing leads to another."""
    for job in (read_replies, advance, forget, remind, tell, refresh_calendars):
        job()


def run(app: Flask) -> None:
    """Tick in the foreground until SIGTERM or SIGINT; what is being sent is finished first."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    clock = BackgroundScheduler(timezone=VENUE_ZONE)
    for job in JOBS:
        at_once = {"next_run_time": in_venue(now())} if job.daily_at is None else {}
        limits = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        clock.add_job(_Run(app, job), id=job.name, **job.trigger(), **limits, **at_once)
    clock.start()
    log.info("the scheduler runs")
    stop.wait()
    clock.shutdown(wait=True)


class _Run:
    """Runs a job inside the application, and notes for the timetable how that went and how late it began."""

    def __init__(self, app: Flask, job: Job) -> None:
        self.app, self.job = app, job
        self.due_at: datetime | None = None

    def __call__(self) -> None:
        with self.app.app_context():
            started_at, clock = now(), monotonic()
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
        """The kind of error that ended the job, if any, and how many rows failed on the way."""
        _failed_rows.set([])
        try:
            self.job.run()
        except Exception as failure:
            _note(self.job.name, 0, failure)
            return type(failure).__name__, len(_failed_rows.get())
        return "", len(_failed_rows.get())


def _record(done: Done) -> None:
    try:
        note_run(done)
        db.session.commit()
    except SQLAlchemyError as failure:  # another scheduler was faster, or the database is away: the next run tells
        db.session.rollback()
        log.info("the run of %s was not noted: %s", done.name, type(failure).__name__)


def _is_worth_noting(job: Job, at: datetime) -> bool:
    """A job of every few seconds leaves a trace twice a minute: more would only be writing."""
    with reading():
        run = runs().get(job.name)
        db.session.rollback()
    return run is None or bool(run.error or run.failed_rows) or at - run.finished_at >= NOTED_EVERY


def _listed(rows: DueRows) -> list[int]:
    """The list alone takes no write lock."""
    with reading():
        ids = list(rows(at=now()))
        db.session.rollback()
    return ids


def _each(rows: DueRows, step: Step) -> None:
    """One transaction for each row; what fails is written down and stops nobody else."""
    for row_id in _listed(rows):
        _try(row_id, step)


def _try(row_id: int, step: Step) -> None:
    try:
        step(row_id, at=now())
        db.session.commit()
    except (Refused, IntegrityError) as error:  # another scheduler or a person was faster
        db.session.rollback()
        log.info("row %d was done by somebody else: %s", row_id, type(error).__name__)
    except Exception as error:
        _note(getattr(step, "__name__", "step"), row_id, error)


def _sweep(sweep: Callable[[datetime], int]) -> None:
    try:
        gone = sweep(now())
        db.session.commit()
        log.info("%s: %d rows", sweep.__name__, gone)
    except Exception as error:
        _note(sweep.__name__, 0, error)


def _note(name: str, row_id: int, error: Exception) -> None:
    """Roll back and log where it failed, without the values: they may be somebody's."""
    db.session.rollback()
    _failed_rows.get([]).append(row_id)
    place = "".join(traceback.format_tb(error.__traceback__)[-4:])
    log.error("%s failed for row %d: %s\n%s", name, row_id, type(error).__name__, place)
