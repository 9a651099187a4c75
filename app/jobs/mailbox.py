"""Mails that came to the application's own mailbox are taken, each once, however many schedulers read."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.core.time import now
from app.extensions import db
from app.jobs.rows import done, note
from app.jobs.stopping import is_stopping
from app.notifications import imap, replies
from app.notifications.reply_mail import read_mail
from app.notifications.restoration import may_be_told_already


def read_replies() -> None:
    """Answers to invitations, from the mailbox: every minute. Each mail is taken once, however many read."""
    if not current_app.config["IMAP_URL"]:
        return
    try:
        with imap.open_inbox(current_app.config["IMAP_URL"]) as inbox:
            for uid in inbox.unseen():
                if is_stopping():
                    return
                if _taken(*inbox.fetch(uid)):
                    inbox.done(uid)
    except imap.FAULTS as error:
        note("read_replies", 0, error)


def read_again(since: datetime) -> int | None:
    """After a backup was put back: what was taken after it was made is read once more. None where that cannot be."""
    if not current_app.config["IMAP_URL"]:
        return 0
    try:
        with imap.open_inbox(current_app.config["IMAP_URL"]) as inbox:
            return inbox.look_again_since(since - timedelta(days=1))  # days there may begin elsewhere
    except imap.FAULTS as error:
        note("read_again", 0, error)
        return None


def _taken(raw: bytes, arrived_at: datetime | None) -> bool:
    """Whether the mail is in the database, now or since another was faster; else it is looked at again.

    One that came before a backup was put back may have been told of in the time that is lost: it counts from then.
    """
    try:
        is_old = arrived_at is not None and may_be_told_already(arrived_at)
        replies.take_mail(read_mail(raw), at=arrived_at if arrived_at and is_old else now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
    except SQLAlchemyError as error:
        note("take_mail", 0, error)
        return False
    done()
    return True
