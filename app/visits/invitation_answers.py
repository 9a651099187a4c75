"""What a person answered to an invitation: written down and shown; no appointment moves by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.text import clean_text
from app.extensions import db
from app.people.actors import SYSTEM, VISITOR, Actor, by_user
from app.visits.invitation_models import VISITOR_KEY, Invitation
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.record import note
from app.visits.statuses import is_legal


@dataclass(frozen=True, slots=True)
class Said:
    """ACCEPTED, TENTATIVE, DECLINED or COUNTER, about which version of the appointment; a COUNTER proposes a time.

    `elsewhere`: that time as it was written, on a clock that nobody knows.
    """

    answer: str
    sequence: int
    comment: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    elsewhere: str = ""


def answer_invitation(invitation: Invitation, said: Said, *, by: Actor | None = None, at: datetime) -> bool:
    """Keep the answer; False where it is about an earlier version, or about what does not take place any more."""
    stop = invitation.appointment
    if stop.is_cancelled or invitation.way == "cancel" or said.sequence < invitation.sequence:
        return False
    if not is_legal("answer-invitation", stop.visit.status):
        return False
    invitation.forget_counter()
    if said.answer == "COUNTER":
        invitation.counter_starts_at, invitation.counter_ends_at = said.starts_at, said.ends_at
        invitation.counter_elsewhere = said.elsewhere
    else:
        invitation.partstat = said.answer
    invitation.answered_at, invitation.comment, invitation.settled_at = at, clean_text(said.comment), None
    changes = {"title": stop.title, "answer": said.answer, "invitation": invitation.id}
    actor = by or (by_user(invitation.user) if invitation.user else VISITOR)
    note(
        stop.visit, "answer-invitation", by=actor or SYSTEM, at=at, before=stop.visit.status,
        reason=invitation.comment, subject="appointment", subject_id=stop.id, changes=changes,
    )  # fmt: skip
    return True


def is_of_now(invitation: Invitation) -> bool:
    """Whether what they answered is about when and where the stop is now, or was kept when it moved without a question.

    The visitor's yes to the whole programme holds for whatever of it is confirmed.
    """
    stop = invitation.appointment
    if not invitation.told or stop.sequence == invitation.sequence:
        return True
    if invitation.attendee == VISITOR_KEY and stop.status == "confirmed":
        return True
    times = [stop.starts_at.isoformat(), stop.ends_at.isoformat()]
    return invitation.told[1:4] == [*times, [stop.place_id, stop.place_text]]


def answers_on(visit: Visit) -> dict[int, list[Invitation]]:
    """Who attends each of the visit's appointments, by the appointment's id: those who are told, or answered."""
    query = select(Invitation).join(Appointment).where(Appointment.visit_id == visit.id).order_by(Invitation.id)
    found: dict[int, list[Invitation]] = {}
    for one in db.session.scalars(query):
        if one.is_shown:
            found.setdefault(one.appointment_id, []).append(one)
    return found
