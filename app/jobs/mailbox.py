"""Mails that came to the application's own mailbox are taken, each once, however many schedulers read."""

from __future__ import annotations

from flask import current_app
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from app.core.time import now
from app.extensions import db
from app.jobs.rows import done, note
from app.jobs.stopping import is_stopping
from app.notifications import imap, replies
from app.notifications.reply_mail import read_mail


def read_replies() -> None:
    """Answers to invitations, from the mailbox: every minute. Each mail is taken once, however many read."""
    if not current_app.config["IMAP_URL"]:
        return
    try:
        with imap.open_inbox(current_app.config["IMAP_URL"]) as inbox:
            for uid in inbox.unseen():
                if is_stopping():
                    return
                if _taken(inbox.fetch(uid)):
                    inbox.done(uid)
    except imap.FAULTS as error:
        note("read_replies", 0, error)


def _taken(raw: bytes) -> bool:
    """Whether the mail is in the database, now or since another was faster; else it is looked at again."""
    try:
        replies.take_mail(read_mail(raw), at=now())
        db.session.commit()
    except IntegrityError:
        db.session.rollback()
    except SQLAlchemyError as error:
        note("take_mail", 0, error)
        return False
    done()
    return True
