"""Flask commands that run what time brings: the scheduler, or its jobs once."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from functools import wraps

import click
from flask import Flask, current_app

from app import scheduler
from app.core.time import now
from app.jobs import calendars, mailbox, passing, telling
from app.jobs.sample_year import is_in_the_way


def when_whole(run: Callable[[], None]) -> Callable[[], None]:
    """As the scheduler does: nothing while sample visits are being made, whose past is not the present."""

    @wraps(run)
    def guarded() -> None:
        if is_in_the_way(at=now()):
            click.echo("Sample visits are being made: nothing is done until they are whole.")
        else:
            run()

    return guarded


@click.command("scheduler")
def run_scheduler() -> None:
    """Run the timetable in the foreground until Ctrl-C or SIGTERM; any number may run."""
    logging.getLogger("app").setLevel(logging.INFO)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    keep_what_is_loaded()
    scheduler.run(app)


@click.command("tick")
@when_whole
def tick() -> None:
    """Do once everything that is due now: mails, reminders, lapses, completions, retention."""
    scheduler.tick()


@click.command("outbox-run")
@when_whole
def outbox_run() -> None:
    """Turn what happened into mails, and send what is due."""
    keep_what_is_loaded()
    telling.tell()


@click.command("refresh-calendars")
@when_whole
def refresh_calendars() -> None:
    """Fetch hosts' and people's own calendars that are due."""
    while calendars.refresh_calendars():
        pass


@click.command("read-replies")
@when_whole
def read_replies() -> None:
    """Take answers to invitations from the mailbox of IMAP_URL."""
    mailbox.read_replies()


@click.command("retention")
@when_whole
def retention() -> None:
    """Erase what was kept long enough."""
    passing.forget()


def keep_what_is_loaded() -> None:
    """The application lasts as long as the process: going over it for garbage would make mails wait 0.1 s each time."""
    gc.collect()
    gc.freeze()


COMMANDS: tuple[click.Command, ...] = (run_scheduler, tick, outbox_run, refresh_calendars, read_replies, retention)
