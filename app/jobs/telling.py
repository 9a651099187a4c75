"""What happened becomes mails, dates become reminders, and due mails leave."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import reading
from app.core.time import now
from app.extensions import db
from app.jobs.rows import attempt, each, listed, note
from app.notifications import derive, outbox, post, reminders
from app.upkeep.jobs import runs

LONGEST_OUTAGE = timedelta(days=7)


def tell() -> None:
    """New activities become mails, and due mails leave: every 5 seconds."""
    each(derive.unannounced_ids, derive.announce)
    send_due()


def remind() -> None:
    """Reminders that a date makes due: every minute."""
    with reading():
        found = reminders.reminders_in_force(at=now(), since=_last_looked_at())
        db.session.rollback()
    for reminding in found:
        each(reminding.ids, reminding.derive)


def _last_looked_at() -> datetime | None:
    """When reminders were last looked for without an error, up to a week ago: after an outage what came due since."""
    run = runs().get("remind")
    return max(run.succeeded_at, now() - LONGEST_OUTAGE) if run is not None and run.succeeded_at else None


def send_due() -> None:
    """Send what is due, one connection for all; when the server is away the rest waits for the next tick."""
    if ids := listed(outbox.due_ids):
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
        note("send", row_id, error)
        return False
    except Exception as error:
        note("send", row_id, error)
        attempt(row_id, outbox.give_up)
        return True
    return result.outcome != "away"
