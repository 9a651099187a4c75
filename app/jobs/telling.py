"""What happened becomes mails, dates become reminders, and due mails leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.core.database import reading
from app.core.time import now
from app.extensions import db
from app.jobs.rows import each, note
from app.jobs.sending import send_due
from app.notifications import derive, events, reminders
from app.notifications.batches import let_go, one_batch
from app.upkeep.jobs import runs

LONGEST_OUTAGE = timedelta(days=7)
OVERLAP = timedelta(seconds=10)  # longer than a statement may take, and what it did to be written down


def announce() -> None:
    """New activities become mails: every 5 seconds."""
    with reading():
        off = events.names_off()
        db.session.rollback()

    def tell_of(activity_id: int, /, *, at: datetime) -> int:
        return derive.announce(activity_id, at=at, off=off)

    with _together():
        each(derive.unannounced_ids, tell_of)


def send() -> None:
    """Due mails leave: every 5 seconds, for as long as there are any; meanwhile new ones are made."""
    send_due()


def tell() -> None:
    """Both, one after the other."""
    announce()
    send()


def remind() -> None:
    """Reminders that a date makes due: every 10 seconds those that are new since the last look that went well."""
    with reading():
        found = reminders.reminders_in_force(at=now(), since=_last_success(), looked_at=_last_look())
        db.session.rollback()
    _derive(found)


def look_back() -> None:
    """Everything that became due in two days, every 10 minutes: for people who came or left, for changed rules."""
    with reading():
        found = reminders.reminders_in_force(at=now(), since=_last_success())
        db.session.rollback()
    _derive(found)


def _derive(found: list[reminders.Reminding]) -> None:
    with _together():
        for reminding in found:
            each(reminding.ids, reminding.derive)


@contextmanager
def _together() -> Iterator[None]:
    """What is made meanwhile leaves when all of it is made: several things for one person are one mail."""
    with one_batch() as batch:
        yield
    try:
        let_go(batch, at=now())
        db.session.commit()
    except SQLAlchemyError as error:  # the database is away: the hold ends by itself
        note("let_go", 0, error)


def _last_success() -> datetime | None:
    """When reminders were last looked for without an error, up to a week ago: after an outage what came due since."""
    run = runs().get("remind")
    return max(run.succeeded_at, now() - LONGEST_OUTAGE) if run is not None and run.succeeded_at else None


def _last_look() -> datetime | None:
    """Until when everything was looked at and nothing failed; None where that is not known, or the clock was put back.

    A little less than that: what happened then may have been written down a moment later.
    """
    run = runs().get("remind")
    if run is None or run.error or run.failed_rows or run.started_at > now():
        return None
    return run.started_at - OVERLAP
