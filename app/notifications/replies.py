"""What is done with a mail that came back: a known attendee's answer is kept, everything else waits for a person.

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
from app.notifications.reply_address import invitation_of
from app.notifications.reply_mail import Arrived
from app.notifications.reply_models import Reply
from app.people.actors import by_user
from app.people.models import User
from app.strategy.settings import city_rules
from app.visits.invitation_answers import Said, answer_invitation
from app.visits.invitation_models import Invitation
from app.visits.programme_models import Appointment


def take_mail(mail: Arrived, *, at: datetime, pasted_by: User | None = None) -> Reply | None:
    """Keep the mail and act on it where nothing is in doubt; None when it was taken before."""
    if db.session.scalar(select(Reply.id).where(Reply.key == mail.key)):
        return None
    found = Reply(key=mail.key, sender=mail.sender, subject=mail.subject, text=mail.text, received_at=at)
    answer = _answer_in(mail)
    if answer is None:
        found.why = "no-answer" if mail.calendar or mail.text or mail.subject else "unreadable"
        if mail.is_automatic:
            found.state, found.why = "dismissed", "automatic"
    else:
        found.answer = as_data(answer)
        invitation, found.why = _match(mail, answer, pasted=pasted_by is not None)
        found.invitation_id = invitation.id if invitation else None
        if invitation is not None and not found.why:
            actor = by_user(pasted_by) if pasted_by else None
            counted = answer_invitation(invitation, said_by(found.answer), by=actor, at=at)
            found.state = "taken" if counted else "outdated"
            found.handled_by_id, found.handled_at = (pasted_by.id, at) if pasted_by else (None, None)
    db.session.add(found)
    db.session.flush()
    return found


def assign(found: Reply, invitation: Invitation, *, by: User, at: datetime) -> bool:
    """A coordinator says whose answer it is; False where it came too late to count."""
    if found.state != "waiting" or invitation not in candidates(found):
        raise Invalid("choice", "invitation")
    counted = answer_invitation(invitation, said_by(found.answer), by=by_user(by), at=at)
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
        "starts_at": answer.starts_at.isoformat() if answer.starts_at else None,
        "ends_at": answer.ends_at.isoformat() if answer.ends_at else None,
    }


def said_by(data: dict[str, Any]) -> Said:
    """What is to be written down of a stored answer."""
    starts, ends = (datetime.fromisoformat(data[name]) if data[name] else None for name in ("starts_at", "ends_at"))
    what = "COUNTER" if data["method"] == "COUNTER" else data["answer"]
    return Said(what, data["sequence"], data["comment"], starts, ends)


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
    if not answer.answer and not (answer.method == "COUNTER" and answer.starts_at and answer.ends_at):
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
