"""The whole timetable on one page. The truth is in tables: a tick takes due rows one by one, so any number may run."""

from __future__ import annotations

import logging
import signal
import threading
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask, current_app

from app.core.errors import Refused
from app.core.time import now
from app.extensions import db
from app.notifications import derive, outbox, post, reminders
from app.notifications import retention as mail_retention
from app.visits import due, retention

log = logging.getLogger(__name__)
Step = Callable[[int], object]


def tell() -> None:
    """New activities become mails, and due mails leave: every 5 seconds."""
    _each(derive.unannounced_ids(), lambda row_id: derive.announce(row_id, at=now()), "announce")
    send_due()


def send_due() -> None:
    """Send what is due, one connection for all; when the server is away the rest waits for the next tick."""
    ids = list(outbox.due_ids(at=now()))
    db.session.rollback()
    if not ids:
        return
    config = current_app.config
    with post.transport(config["SMTP_URL"], config["MAIL_DIR"]) as way:
        for row_id in ids:
            try:
                if not _send(row_id, way):
                    return
            except Exception as error:
                _noted("send", row_id, error)
                _each([row_id], lambda one: outbox.give_up(one, at=now()), "give up")


def _send(row_id: int, way: post.Server | post.Folder) -> bool:
    """One mail: claim and render, commit, send, commit; False when the server is away."""
    letter = outbox.take(row_id, at=now())
    db.session.commit()
    if letter is None:
        return True
    result = way.send(letter)
    outbox.record(row_id, result, at=now())
    db.session.commit()
    return result.outcome != "away"


def remind() -> None:
    """Reminders that a date makes due: every minute."""
    for name, candidates in reminders.KINDS_OF_REMINDER.items():
        _each(candidates.ids(now()), lambda row_id, one=candidates: one.derive(row_id, now()), name)  # type: ignore[misc]


def advance() -> None:
    """What time alone does to visits: every two minutes."""
    at = now()
    _each(due.unconfirmed_ids(at=at), lambda row_id: due.expire_visit(row_id, at=now()), "expire")
    _each(due.offer_ids(at=at), lambda row_id: due.lapse_offer(row_id, at=now()), "lapse offer")
    _each(due.hold_ids(at=at), lambda row_id: due.lapse_hold_of(row_id, at=now()), "lapse hold")
    _each(due.ended_ids(at=at), lambda row_id: due.complete_visit(row_id, at=now()), "complete")


def forget() -> None:
    """What was kept long enough goes: every night at 04:00, an hour that no clock change skips or repeats."""
    for name, sweep in {**retention.SWEEPS, "erase mails": mail_retention.erase_old_mails}.items():
        _each([0], lambda _none, sweep=sweep: sweep(now()), name)  # type: ignore[misc]


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
    clock = BackgroundScheduler(timezone="Europe/Oslo")
    for job, trigger, times in JOBS:
        first = {"next_run_time": datetime.now().astimezone()} if trigger == "interval" else {}
        clock.add_job(
            _in_app, trigger, args=[app, job], id=job.__name__, max_instances=1, coalesce=True,
            misfire_grace_time=None, **times, **first,
        )  # fmt: skip
    clock.start()
    log.info("scheduler started")
    stop.wait()
    clock.shutdown(wait=True)


def _in_app(app: Flask, job: Callable[[], None]) -> None:
    with app.app_context():
        try:
            job()
        except Exception as error:
            _noted(job.__name__, 0, error)


def _each(row_ids: Iterable[int], step: Step, name: str) -> None:
    """One transaction for each row; what fails is written down and stops nobody else."""
    ids = list(row_ids)
    db.session.rollback()  # the list was only read
    for row_id in ids:
        try:
            step(row_id)
            db.session.commit()
        except Refused:
            db.session.rollback()  # another scheduler or a person was faster
        except Exception as error:
            _noted(name, row_id, error)


def _noted(name: str, row_id: int, error: Exception) -> None:
    """Roll back and log where it failed, without the values: they may be somebody's."""
    db.session.rollback()
    place = "".join(traceback.format_tb(error.__traceback__)[-4:])
    log.error("%s failed for row %d: %s\n%s", name, row_id, type(error).__name__, place)
