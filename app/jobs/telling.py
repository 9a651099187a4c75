"""What happened becomes mails, dates become reminders, and due mails leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.core.database import reading
from app.core.time import now
from app.extensions import db
from app.jobs.rows import each
from app.jobs.sending import send_due
from app.notifications import derive, events, reminders
from app.upkeep.jobs import runs

LONGEST_OUTAGE = timedelta(days=7)


def announce() -> None:
    """New activities become mails: every 5 seconds."""
    with reading():
        off = events.names_off()
        db.session.rollback()

    def tell_of(activity_id: int, /, *, at: datetime) -> int:
        return derive.announce(activity_id, at=at, off=off)

    each(derive.unannounced_ids, tell_of)


def send() -> None:
    """Due mails leave: every 5 seconds, for as long as there are any; meanwhile new ones are made."""
    send_due()


def tell() -> None:
    """Both, one after the other."""
    announce()
    send()


def remind() -> None:
    """Reminders that a date makes due: every 20 seconds."""
    with reading():
        found = reminders.reminders_in_force(at=now(), since=_last_looked_at())
        db.session.rollback()
    for reminding in found:
        each(reminding.ids, reminding.derive)


def _last_looked_at() -> datetime | None:
    """When reminders were last looked for without an error, up to a week ago: after an outage what came due since."""
    run = runs().get("remind")
    return max(run.succeeded_at, now() - LONGEST_OUTAGE) if run is not None and run.succeeded_at else None
