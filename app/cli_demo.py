"""The sample year made in pieces, so that the application answers meanwhile; what was interrupted is made anew."""

from __future__ import annotations

import time
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from app.city.demo import Demo, NoSampleError, clear_demo, find_demo, make_demo
from app.core.time import now
from app.extensions import db
from app.notifications.reminders import skip_due
from app.upkeep.jobs import DEMO, UNFINISHED, Done, note_run, runs

PAUSE_SECONDS = 0.15  # longer than whoever waits for SQLite's lock sleeps between two looks


def demo_at_hand(folder: Path) -> Demo:
    """The sample year, made where it is not there or was not made to its end; the caller commits the last of it."""
    run = runs().get(DEMO)
    found = find_demo() if run is None or not run.error else None
    return found or _made(folder)


def _made(folder: Path) -> Demo:
    began = now()
    commit = partial(_commit_piece, began)
    commit()
    clear_demo()
    commit()
    try:
        made = make_demo(folder, at=began, between=commit)
        skip_due(at=now())
    except NoSampleError as error:
        _note(began, "")
        db.session.commit()
        raise click.ClickException(f"{error}.") from error
    _note(began, "")
    return made


def _commit_piece(began: datetime) -> None:
    _note(began, UNFINISHED)
    db.session.commit()
    time.sleep(PAUSE_SECONDS)


def _note(began: datetime, error: str) -> None:
    note_run(Done(DEMO, began, now(), 0, error=error))
