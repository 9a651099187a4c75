"""Row by row: one transaction each; what fails is logged without its values, counted, and stops nobody else."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import IntegrityError

from app.core.database import reading
from app.core.errors import Refused
from app.core.time import now
from app.extensions import db
from app.jobs.stopping import is_stopping

log = logging.getLogger(__name__)
_failed: ContextVar[list[int]] = ContextVar("failed_rows")


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
        log.info("%s: %d rows", sweep.__name__, gone)
    except Exception as error:
        note(sweep.__name__, 0, error)


def note(name: str, row_id: int, error: Exception) -> None:
    """Roll back and log where it failed, without the values: they may be somebody's."""
    db.session.rollback()
    _failed.get([]).append(row_id)
    place = "".join(traceback.format_tb(error.__traceback__)[-4:])
    log.error("%s failed for row %d: %s\n%s", name, row_id, type(error).__name__, place)


def count_from_zero() -> None:
    """A run begins: no row has failed in it yet."""
    _failed.set([])


def failed_so_far() -> int:
    """How many rows failed in this run."""
    return len(_failed.get([]))
