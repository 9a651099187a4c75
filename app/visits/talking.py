"""Verbs of the conversation: write, ask the visitor, answer; and the list of delegates."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.core.errors import Invalid
from app.core.text import clean_line, clean_text, without_secrets
from app.core.time import now
from app.extensions import db
from app.people.actors import VISITOR, Actor
from app.visits.models import Visit
from app.visits.offer_clock import extend_open_offers
from app.visits.programme_models import Delegate, Message
from app.visits.record import move

SENT_TWICE = timedelta(minutes=1)
MOST_DELEGATES = 300


def write(visit: Visit, body: str, *, by: Actor, kind: str = "message", at: datetime | None = None) -> Message:
    """Add a message to the thread; kind `note` is seen by hosts and coordinators only.

    The same words of the same author within a minute are one message; so also for questions and answers.
    """
    return _say(visit, body, "write", kind, by, at or now())


def ask_visitor(visit: Visit, body: str, *, by: Actor, at: datetime | None = None) -> Message:
    """Ask the visitor: the response clock pauses until the answer."""
    return _say(visit, body, "ask-visitor", "question", by, at or now())


def answer(visit: Visit, body: str, *, by: Actor = VISITOR, at: datetime | None = None) -> Message:
    """The visitor answers: the response clock runs again, and open offers get the time back in which it stood still."""
    at = at or now()
    message = _say(visit, body, "answer", "answer", by, at)
    if extended := extend_open_offers(visit, at=at):
        visit.activities[-1].changes = {"extended": extended}
    return message


def add_delegate(
    visit: Visit,
    *,
    name: str,
    title: str = "",
    needs: str = "",
    consent: bool = False,
    by: Actor = VISITOR,
    at: datetime | None = None,
) -> Delegate:
    """Enter one person of the delegation; needs are kept only with the person's consent (GDPR art. 9).

    Raises Invalid, also where the list is full: counted under the visit's own lock, so two at once cannot both be last.
    """
    at = at or now()
    if not clean_line(name):
        raise Invalid("required", "name")
    if clean_text(needs) and not consent:
        raise Invalid("consent", "consent")
    delegate = Delegate(
        visit_id=visit.id,
        name=clean_line(name),
        title=clean_line(title),
        needs=clean_text(needs),
        needs_consent_at=at if clean_text(needs) else None,
        created_at=at,
    )
    db.session.add(delegate)
    db.session.flush()
    move(visit, "edit-delegates", by=by, at=at, subject="delegate", subject_id=delegate.id, changes={"added": 1})
    if (db.session.scalar(select(func.count()).where(Delegate.visit_id == visit.id)) or 0) > MOST_DELEGATES:
        raise Invalid("too-many", "name", most=MOST_DELEGATES)
    return delegate


def remove_delegate(visit: Visit, delegate: Delegate, *, by: Actor = VISITOR, at: datetime | None = None) -> None:
    """Take one person off the list; the row is deleted."""
    move(visit, "edit-delegates", by=by, at=at or now(), subject="delegate", changes={"removed": 1})
    db.session.delete(delegate)
    db.session.flush()


def is_waiting_for_visitor(visit: Visit) -> bool:
    """Whether the last question to the visitor is still unanswered."""
    kinds = [message.kind for message in visit.messages if message.kind in ("question", "answer")]
    return bool(kinds) and kinds[-1] == "question"


def _just_said(visit: Visit, text: str, kind: str, by: Actor, at: datetime) -> Message | None:
    """The same words of the same author less than a minute ago: a form that was sent twice."""
    author = by.user.id if by.user else None
    for known in visit.messages:
        is_the_same = (known.user_id, known.body) == (author, text) and (author is None or known.kind == kind)
        if is_the_same and timedelta() <= at - known.created_at < SENT_TWICE:
            return known
    return None


def _say(visit: Visit, body: str, verb: str, kind: str, by: Actor, at: datetime) -> Message:
    text = without_secrets(clean_text(body))
    if not text:
        raise Invalid("required", "body")
    if known := _just_said(visit, text, kind, by, at):
        return known
    message = Message(
        visit_id=visit.id,
        kind=kind,
        body=text,
        created_at=at,
        user_id=by.user.id if by.user else None,
        host_id=by.host.id if by.host else None,
    )
    db.session.add(message)
    db.session.flush()
    move(visit, verb, by=by, at=at, subject="message", subject_id=message.id)
    db.session.expire(visit, ["messages"])
    return message
