"""Sample visits in the making: no job takes their past for the present, nor what a killed command left of them."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from app.city.demo import clear_demo
from app.core.database import reading
from app.extensions import db
from app.jobs.rows import note
from app.upkeep.jobs import demo_run, is_demo_left, is_demo_made

log = logging.getLogger(__name__)


def is_in_the_way(*, at: datetime) -> bool:
    """Whether jobs have to wait: the visits are being made, or half of them stand there and cannot be taken away now.

    Whoever made them has given no sign for a while: what they left goes, before any job sees it. `flask demo` makes
    the whole year anew.
    """
    with reading():
        is_made, is_left = is_demo_made(at=at), is_demo_left(at=at)
        db.session.rollback()
    return is_made or (is_left and not _is_cleared(at))


def _is_cleared(at: datetime) -> bool:
    try:
        if is_demo_left(at=at):  # nobody went on meanwhile
            gone = clear_demo()
            db.session.delete(demo_run())
            log.warning("flask demo did not come to its end: its %d visits are taken away", gone)
        db.session.commit()
    except SQLAlchemyError as error:  # the database is away, or another scheduler was faster
        db.session.rollback()
        note("demo", 0, error)
        return False
    return True
