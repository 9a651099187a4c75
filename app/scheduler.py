"""The whole timetable on one page. The truth is in tables: a tick takes due rows one by one, so any number may run."""

from __future__ import annotations

import logging
import signal
import threading
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from types import FrameType
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.core.database import reading
from app.core.errors import Refused
from app.core.time import VENUE_ZONE, in_venue, now
from app.extensions import db
from app.notifications import derive, outbox, post, reminders
from app.notifications import retention as mail_retention
from app.visits import due, retention

log = logging.getLogger(__name__)


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


def forget() -> None:
    """What was kept long enough goes: every night at 04:00, an hour that no clock change skips or repeats."""
    for sweep in (*retention.SWEEPS, mail_retention.erase_old_mails):
        _sweep(sweep)


JOBS: tuple[tuple[Callable[[], None], str, dict[str, int]], ...] = (
    (tell, "interval", {"seconds": 5}),
    (remind, "interval", {"minutes": 1}),
    (advance, "interval", {"minutes": 2}),
    (forget, "cron", {"hour": 4, "minute": 0}),
)


def tick() -> None:
    """Everything that is due now, once, in the order in which one thing leads to another."""
    for job in (advance, forget, remind, tell):
        job()


def run(app: Flask) -> None:
    """Tick in the foreground until SIGTERM or SIGINT; what is being sent is finished first."""
    stop = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    clock = BackgroundScheduler(timezone=VENUE_ZONE)
    for job, trigger, times in JOBS:
        at_once = {"next_run_time": in_venue(now())} if trigger == "interval" else {}
        limits = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        clock.add_job(_in_app, trigger, args=[app, job], id=job.__name__, **times, **limits, **at_once)
    clock.start()
    log.info("the scheduler runs")
    stop.wait()
    clock.shutdown(wait=True)


def _in_app(app: Flask, job: Callable[[], None]) -> None:
    with app.app_context():
        try:
            job()
        except Exception as error:
            _note(job.__name__, 0, error)


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
    place = "".join(traceback.format_tb(error.__traceback__)[-4:])
    log.error("%s failed for row %d: %s\n%s", name, row_id, type(error).__name__, place)
