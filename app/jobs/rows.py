"""Row by row: one transaction each; what fails is logged without its values, counted, and stops nobody else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import IntegrityError

from app.core import logs
from app.core.database import reading
from app.core.errors import Refused
from app.core.time import now
from app.extensions import db
from app.jobs.stopping import is_stopping

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """How one run of a job goes: rows that were done, rows that failed, and what kept the run from doing anything."""

    done: int = 0
    failed: int = 0
    last_error: str = ""

    @property
    def error(self) -> str:
        """The kind of error where something failed and nothing at all was done; empty for a run that went."""
        return "" if self.done else self.last_error


_tally: ContextVar[Tally] = ContextVar("tally")


class DueRows(Protocol):
    """The ids of rows that are due at that moment."""

    def __call__(self, *, at: datetime) -> Sequence[int]: ...


class Step(Protocol):
    """What is done with one row; a row that is not due any more is left alone."""

    def __call__(self, row_id: int, /, *, at: datetime) -> object: ...


def listed(rows: DueRows) -> list[int]:
    """The list alone takes no write lock."""
    with reading():
        ids = list(rows(at=now()))
        db.session.rollback()
    return ids


def each(rows: DueRows, step: Step) -> None:
    """One transaction for each row; what fails is written down and stops nobody else."""
    for row_id in listed(rows):
        if is_stopping():
            return
        attempt(row_id, step)


def attempt(row_id: int, step: Step) -> None:
    """Do the step and commit; a row that somebody else was faster with is no failure."""
    try:
        step(row_id, at=now())
        db.session.commit()
        done()
    except (Refused, IntegrityError) as error:  # another scheduler or a person was faster
        db.session.rollback()
        log.info("row %d was done by somebody else: %s", row_id, type(error).__name__)
    except Exception as error:
        note(getattr(step, "__name__", "step"), row_id, error)


def sweep_with(sweep: Callable[[datetime], int]) -> None:
    """One sweep over what was kept long enough, in a transaction of its own."""
    try:
        gone = sweep(now())
        db.session.commit()
        done()
        log.info("%s: %d rows", sweep.__name__, gone)
    except Exception as error:
        note(sweep.__name__, 0, error)


def note(name: str, row_id: int, error: Exception) -> None:
    """Roll back and log what failed where, in one line without the values: they may be somebody's."""
    db.session.rollback()
    tally = _tally.get(Tally())
    tally.failed, tally.last_error = tally.failed + 1, type(error).__name__
    about = {"job": logs.said_about("job") or name, "step": name, "row": row_id}
    log.error("%s failed for row %d", name, row_id, exc_info=error, extra=about)


def done() -> None:
    """A row went through: whatever else failed, the run did something."""
    _tally.get(Tally()).done += 1


def could_not(why: str) -> None:
    """What the job needs (a server) was not there; a run that did nothing else has not succeeded."""
    _tally.get(Tally()).last_error = why


def count_from_zero() -> Tally:
    """A run begins: nothing was done and nothing failed in it yet."""
    tally = Tally()
    _tally.set(tally)
    return tally
