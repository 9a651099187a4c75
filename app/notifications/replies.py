"""What is done with a mail that came back: an answer that is certain is taken, everything else waits for a person.

A stranger's answer never counts (iTIP "party crashing"): the secret address of the invitation, the UID, the sender
and the attendee must all belong to the same invitation. For a mail that a coordinator pastes, who vouches for it, the
secret address is not needed: without a mailbox that is read, no invitation has one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from app.calendars import Answer, NotTaken, read_answer
from app.core.errors import Invalid, NotFound
from app.extensions import db
from app.notifications.reply_address import invitation_of, is_own_address
from app.notifications.reply_mail import Arrived
from app.notifications.reply_models import Reply
from app.notifications.reply_order import is_overtaken
from app.notifications.reply_threads import Thread, doubt_about, put_into_thread, thread_for
from app.people.actors import by_user
from app.people.models import User
from app.strategy.settings import city_rules
from app.visits.invitation_answers import Said, answer_invitation
from app.visits.invitation_models import Invitation
from app.visits.programme_models import Appointment
from app.visits.statuses import is_legal


def take_mail(mail: Arrived, *, at: datetime, pasted_by: User | None = None) -> Reply | None:
    """Keep the mail and act on it where nothing is in doubt; None when it was taken before."""
    if db.session.scalar(select(Reply.id).where(Reply.key == mail.key)):
        return None
    found = Reply(key=mail.key, sender=mail.sender, subject=mail.subject, text=mail.text, received_at=at)
    found.attachments = list(mail.attachments)
    answer = _answer_in(mail)
    if answer is None:
        _take_words(found, mail, at=at)
    else:
        found.answer = as_data(answer)
        invitation, found.why = _match(mail, answer, pasted=pasted_by is not None)
        found.invitation_id = invitation.id if invitation else None
        if invitation is not None and not found.why:
            found.state = "taken" if _counts(found, invitation, by=pasted_by, at=at) else "outdated"
            found.handled_by_id, found.handled_at = (pasted_by.id, at) if pasted_by else (None, None)
    db.session.add(found)
    db.session.flush()
    return found


def is_of_use(mail: Arrived) -> bool:
    """Whether there is anything to decide on: a sender, or an answer for a calendar."""
    return bool(mail.sender) or _answer_in(mail) is not None


def _take_words(found: Reply, mail: Arrived, *, at: datetime) -> None:
    """A mail without an answer for a calendar: into the visit's messages where the writer is certain."""
    found.why = "no-answer" if mail.calendar or mail.text or mail.subject else "unreadable"
    if mail.is_bounce:
        found.why = "bounce"
    elif mail.is_automatic or is_own_address(mail.sender):
        found.state, found.why = "dismissed", "automatic"
    elif (thread := thread_for(mail)) is not None:
        found.visit_id, found.from_visitor = thread.visit.id, thread.user is None
        found.why = doubt_about(mail, thread, at=at) or ("by-list" if mail.is_listed else "")
        if not found.why:
            put_into_thread(mail.text, found.attachments, thread, at=at)
            found.state, found.text = "taken", ""  # the words stand in the visit's messages
        elif mail.is_listed and found.why == "unknown-sender":
            found.state, found.why = "dismissed", "automatic"
    elif mail.is_listed:
        found.state, found.why = "dismissed", "automatic"


def may_be_put(found: Reply) -> bool:
    """Whether a coordinator may put the words into the visit's messages: it answers a mail to the visitor."""
    can = found.visit is not None and is_legal("write", found.visit.status)
    return can and found.state == "waiting" and found.from_visitor and bool(found.text.strip())


def put(found: Reply, *, by: User, at: datetime) -> None:
    """A coordinator says that these are the visitor's words; raises Invalid where that cannot be."""
    if not may_be_put(found) or found.visit is None:
        raise Invalid("choice", "visit")
    put_into_thread(found.text, found.attachments, Thread(found.visit, None), at=at)
    _handled(found, "assigned", by, at)


def assign(found: Reply, invitation: Invitation, *, by: User, at: datetime) -> bool:
    """A coordinator says whose answer it is; False where it came too late to count."""
    if found.state != "waiting" or invitation not in candidates(found):
        raise Invalid("choice", "invitation")
    counted = _counts(found, invitation, by=by, at=at)
    found.invitation_id = invitation.id
    _handled(found, "assigned" if counted else "outdated", by, at)
    return counted


def dismiss(found: Reply, *, by: User, at: datetime) -> None:
    """A coordinator has seen it; nothing follows from it."""
    if found.state == "waiting":
        _handled(found, "dismissed", by, at)


def candidates(found: Reply) -> list[Invitation]:
    """Whose answer it may be: everybody who was invited to that appointment."""
    if not found.answer or not (found.answer["answer"] or found.answer["method"] == "COUNTER"):
        return []
    query = select(Invitation).join(Appointment).where(Appointment.uid == found.answer["uid"]).order_by(Invitation.id)
    return [one for one in db.session.scalars(query) if one.is_shown]


def waiting() -> Sequence[Reply]:
    """The mails that nobody has decided on, the oldest first."""
    query = select(Reply).where(Reply.state == "waiting").order_by(Reply.received_at, Reply.id)
    return db.session.scalars(query.limit(100)).all()


def count_waiting() -> int:
    """How many wait for a decision."""
    return db.session.scalar(select(func.count()).where(Reply.state == "waiting")) or 0


def get_reply(reply_id: int) -> Reply:
    """The mail with that id; raises NotFound."""
    found = db.session.get(Reply, reply_id)
    if found is None:
        raise NotFound()
    return found


def drop_old_replies(at: datetime) -> int:
    """Mails that came back, as many days after as delegates are kept (90): also those nobody decided on."""
    limit = at - timedelta(days=city_rules().delegates_keep_days)
    return db.session.connection().execute(delete(Reply).where(Reply.received_at <= limit)).rowcount


def as_data(answer: Answer) -> dict[str, Any]:
    """The answer as it is stored."""
    return {
        "method": answer.method,
        "answer": answer.answer,
        "uid": answer.uid,
        "sequence": answer.sequence,
        "comment": answer.comment,
        "elsewhere": answer.elsewhere,
        "starts_at": answer.starts_at.isoformat() if answer.starts_at else None,
        "ends_at": answer.ends_at.isoformat() if answer.ends_at else None,
        "stamped_at": answer.stamped_at.isoformat() if answer.stamped_at else None,
    }


def said_by(data: dict[str, Any]) -> Said:
    """What is to be written down of a stored answer."""
    starts, ends = (datetime.fromisoformat(data[name]) if data[name] else None for name in ("starts_at", "ends_at"))
    what = "COUNTER" if data["method"] == "COUNTER" else data["answer"]
    return Said(what, data["sequence"], data["comment"], starts, ends, data.get("elsewhere", ""))


def _counts(found: Reply, invitation: Invitation, *, by: User | None, at: datetime) -> bool:
    """Write the answer down, if no later one by the same person is."""
    if is_overtaken(found, invitation):
        found.why = "overtaken"
        return False
    return answer_invitation(invitation, said_by(found.answer), by=by_user(by) if by else None, at=at)


def _answer_in(mail: Arrived) -> Answer | None:
    try:
        return read_answer(mail.calendar) if mail.calendar else None
    except NotTaken:
        return None


def _match(mail: Arrived, answer: Answer, *, pasted: bool) -> tuple[Invitation | None, str]:
    """The invitation that is answered, and what is in doubt about it; empty where nothing is."""
    invitation = _by_secret(mail, answer) or (_by_attendee(answer) if pasted else None)
    if invitation is None:
        return None, "no-match"
    if not mail.sender:
        return invitation, "pasted"
    if not _is_from(mail.sender, invitation):
        return invitation, "unknown-sender"
    if any(not _is_from(attendee, invitation) for attendee in answer.attendees):
        return invitation, "other-person"
    proposes = answer.method == "COUNTER" and bool(answer.elsewhere or (answer.starts_at and answer.ends_at))
    if not answer.answer and not proposes:
        return invitation, "no-answer"
    return invitation, ""


def _by_secret(mail: Arrived, answer: Answer) -> Invitation | None:
    """The invitation to whose secret address it went, where it is about the same appointment."""
    ids = (invitation_of(address) for address in (answer.organizer, *mail.addresses))
    invitation_id = next((one for one in ids if one is not None), None)
    found = db.session.get(Invitation, invitation_id) if invitation_id is not None else None
    return found if found is not None and found.appointment.uid == answer.uid else None


def _by_attendee(answer: Answer) -> Invitation | None:
    """The invitation to that appointment of whom the answer names."""
    named = [attendee.lower() for attendee in answer.attendees]
    query = select(Invitation).join(Appointment).where(Appointment.uid == answer.uid).order_by(Invitation.id)
    return next((one for one in db.session.scalars(query) if one.is_shown and one.address.lower() in named), None)


def _is_from(address: str, invitation: Invitation) -> bool:
    return bool(invitation.address) and address.lower() == invitation.address.lower()


def _handled(found: Reply, state: str, by: User, at: datetime) -> None:
    found.state, found.handled_by_id, found.handled_at = state, by.id, at
