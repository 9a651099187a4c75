"""A mail that answers one of ours about a visit: its words go where its writer would have typed them.

The writer is known by the secret address (or the Message-ID) of the mail that is answered and by the address it comes
from; both must belong to the same person. The visitor's words go into the visit's messages, as the answer where
something was asked. Staff's go to the visitor only where they answer the visitor's own words; else they are a note.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import getaddresses

from flask import current_app
from sqlalchemy import func, select

from app.extensions import db
from app.notifications.models import Notification
from app.notifications.reply_address import thread_of
from app.notifications.reply_mail import Arrived
from app.notifications.reply_models import Reply
from app.notifications.reply_quotes import said_in
from app.people.actors import VISITOR, Actor, by_user
from app.people.models import Host, User
from app.visits import talking
from app.visits.models import Visit
from app.visits.programme_models import Message
from app.visits.rules import host_ids, may, may_see_visit
from app.visits.statuses import is_legal

MOST_AN_HOUR = 10  # of one sender: two programs that answer each other are stopped by this
MOST_MESSAGES = 500  # on a visit, as on its page


@dataclass(frozen=True, slots=True)
class Thread:
    """Whose answer it is by the address or the mail that it answers; `user` is None for the visitor."""

    visit: Visit
    user: User | None
    answered: Notification | None = None


def thread_for(mail: Arrived) -> Thread | None:
    """The visit and the reader whose mail is answered; None where no mail of ours is."""
    answered = _mail_answered(mail)
    ids = next((found for address in mail.addresses if (found := thread_of(address))), None)
    if ids is None and answered is not None and answered.visit_id is not None:
        ids = answered.visit_id, answered.user_id
    visit = db.session.get(Visit, ids[0]) if ids else None
    if ids is None or visit is None:
        return None
    same = answered if answered and (answered.visit_id, answered.user_id) == ids else None
    return Thread(visit, db.session.get(User, ids[1]) if ids[1] else None, same)


def doubt_about(mail: Arrived, thread: Thread, *, at: datetime) -> str:
    """What keeps the mail from being taken by itself; empty where nothing does."""
    if not _is_writer(mail.sender, thread):
        return "unknown-sender"
    if not own_words(mail.text):
        return "no-words"
    if not is_legal("write", thread.visit.status) or len(thread.visit.messages) >= MOST_MESSAGES:
        return "closed"
    if thread.user is not None and not _may_write(thread.user, thread.visit):
        return "lost-sight"
    return "too-many" if _lately(mail.sender, at) >= MOST_AN_HOUR else ""


def put_into_thread(text: str, attachments: list[str], thread: Thread, *, at: datetime) -> Message:
    """The words as a message of the visit; the activity that tells everybody concerned is the same as on the page."""
    words, visit = own_words(text) or text, thread.visit
    if thread.user is None:
        asked = talking.is_waiting_for_visitor(visit) and is_legal("answer", visit.status)
        message = talking.answer(visit, words, at=at) if asked else talking.write(visit, words, by=VISITOR, at=at)
    else:
        kind = "message" if _answers_visitor(thread) else "note"
        message = talking.write(visit, words, by=_actor(thread.user, visit), kind=kind, at=at)
    message.by_mail, message.attachments = True, attachments
    return message


def own_words(text: str) -> str:
    """What somebody wrote, without the mail of ours that they quote."""
    settings = (str(current_app.config[name]) for name in ("MAIL_FROM", "REPLY_ADDRESS"))
    ours = tuple(address.lower() for _, address in getaddresses(list(settings)) if "@" in address)
    return said_in(text, ours=ours)


def _may_write(user: User, visit: Visit) -> bool:
    return may_see_visit(user, visit) and may(user, "write", visit)


def _mail_answered(mail: Arrived) -> Notification | None:
    if not mail.answers_to:
        return None
    rows = db.session.scalars(select(Notification).where(Notification.message_id.in_(mail.answers_to)))
    found = {row.message_id: row for row in rows}
    return next((found[one] for one in mail.answers_to if one in found), None)


def _is_writer(sender: str, thread: Thread) -> bool:
    known = thread.user.email if thread.user else thread.visit.contact_email
    is_there = thread.user is None or thread.user.is_active
    return bool(known) and is_there and sender.lower() == known.lower()


def _answers_visitor(thread: Thread) -> bool:
    """Whether the mail that is answered brought the visitor's own words."""
    about = thread.answered.facts.get("about", {}) if thread.answered else {}
    brought = db.session.get(Message, about["message"]) if "message" in about else None
    return brought is not None and brought.user_id is None


def _actor(user: User, visit: Visit) -> Actor:
    """The person for the host that has to do with the visit, the lead before others."""
    own = host_ids(user)
    concerned = [visit.lead_host, *visit.co_hosts, *(stop.host for stop in visit.appointments)]
    host: Host | None = next((one for one in concerned if one is not None and one.id in own), None)
    return by_user(user, host)


def _lately(sender: str, at: datetime) -> int:
    recent = select(func.count()).where(
        Reply.sender == sender, Reply.state == "taken", Reply.received_at > at - timedelta(hours=1)
    )
    return db.session.scalar(recent) or 0
