"""Which appointments somebody's calendar does not show as they are now, and which of them one mail brings.

`Invitation.told` is what the person's calendar knows; everything here compares that with the present, so a mail
brings what is true when it is sent, and nothing twice. Why so: docs/decisions/0005-invitations.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.calendars import Method
from app.core.languages import known_language
from app.core.time import now
from app.extensions import db
from app.notifications.recipients import Recipient, as_recipients, recipient_of, visitor_of
from app.people.models import User
from app.visits.fragments import EVENT_STATUSES
from app.visits.invitation_models import VISITOR_KEY, Invitation
from app.visits.models import Visit
from app.visits.places import words_of
from app.visits.programme_models import Appointment
from app.visits.rules import attends
from app.visits.statuses import DONE, Status
from app.visits.stops import new_version

CANCELLED = ["cancelled"]
BY_ITSELF = ("request", "cancel")
PLACE = 6  # where a state holds the place's name and address
State = list[Any]


@dataclass(frozen=True, slots=True)
class Due:
    """One appointment of which one person's calendar must be told, and how it is then to look."""

    stop: Appointment
    invitation: Invitation
    state: State

    @property
    def method(self) -> Method:
        """REQUEST for a new or changed appointment, CANCEL for one that goes away."""
        return "CANCEL" if self.state == CANCELLED else "REQUEST"

    @property
    def is_new(self) -> bool:
        """Whether the person's calendar did not show it before."""
        return not self.invitation.is_shown

    def as_carried(self) -> dict[str, Any]:
        """What the mail writes down, to be settled when it has left."""
        return {"invitation": self.invitation.id, "state": self.state, "sequence": self.stop.sequence}


def wish_of(user: User | None, visit: Visit) -> str:
    """How the person wants invitations: together, each, none."""
    return user.invitations if user else visit.invitations


def dues_of(visit: Visit, key: str, wish: str, *, at: datetime | None = None) -> list[Due]:
    """Everything that this person's calendar must be told now, in order of time; what is over is not told."""
    if visit.status in DONE:
        return []
    query = (
        select(Invitation)
        .join(Appointment)
        .where(Appointment.visit_id == visit.id, Invitation.attendee == key, Appointment.ends_at > (at or now()))
    )
    found = [_due(visit, one, wish) for one in db.session.scalars(query)]
    return sorted((due for due in found if due), key=lambda due: (due.stop.starts_at, due.stop.id))


def carried(dues: Sequence[Due], stop_id: int | None, wish: str) -> list[Due]:
    """Those that one mail brings: about one appointment that one; about the visit the only one, or all that may share
    a file. What goes alone (an invitation that was sent alone is changed and cancelled alone) has mails of its own."""
    if stop_id is not None:
        return [due for due in dues if due.stop.id == stop_id]
    return list(dues) if len(dues) == 1 else [due for due in dues if not goes_alone(due, wish)]


def prepare(visit: Visit, *, actor: User | None, at: datetime, decided: int | None = None) -> list[Recipient]:
    """A row for everybody who attends one of the visit's appointments; returns those whose calendars may be concerned.

    What somebody planned for themselves is not mailed to them: they know, until another changes it. Who has just
    taken or moved the appointment `decided` is not asked about it once more.
    """
    people: dict[str, Recipient] = {}
    for stop in visit.appointments:
        known = {one.attendee: one for one in _invitations_of(stop)}
        for person in _attendees(stop):
            people[person.key] = person
            if person.key not in known and not stop.is_cancelled:
                known[person.key] = _new(stop, person, at)
        for one in known.values():
            if one.user is not None and (one.user.is_active or one.is_shown):
                people |= {one.attendee: recipient_of(one.user)}
            if actor is not None and one.user_id == actor.id:
                _note_own(one, visit, decided)
        if any(_comes_or_goes(visit, one) for one in known.values()):
            new_version(stop, at)
    db.session.flush()
    return list(people.values())


def take_as_told(visit: Visit, *, at: datetime) -> None:
    """Everybody knows how the appointments stand, without a mail: for sample visits."""
    prepare(visit, actor=None, at=at)
    for stop in visit.appointments:
        for one in _invitations_of(stop):
            one.told, one.way = _wanted(visit, one) or [], "own"


def forget_file(visit: Visit, key: str) -> None:
    """What this person got as a file is to come as an invitation."""
    for stop in visit.appointments:
        for one in _invitations_of(stop):
            if one.attendee == key and one.way == "file" and not stop.is_cancelled:
                one.told = []


def keep_answers(visit: Visit, stop_ids: Sequence[int]) -> None:
    """Who has said yes to these stops is not asked once more: on the day, what runs late is told without a question."""
    for stop in visit.appointments:
        for one in _invitations_of(stop) if stop.id in stop_ids else ():
            if one.partstat == "ACCEPTED":
                one.sequence = stop.sequence


def keep_yes(visit: Visit, user: User, stop_id: int, *, is_untouched: bool, at: datetime) -> None:
    """This contact person has said yes to the stop where it stands: what becomes of it is told without a question.

    `is_untouched`: nobody else has moved it since, so they know it as it was then, not yet confirmed.
    """
    key = f"u{user.id}"
    for stop in visit.appointments:
        if stop.id != stop_id or stop.contact_id != user.id or stop.is_cancelled:
            continue
        known = {one.attendee: one for one in _invitations_of(stop)}
        for person in _attendees(stop):
            if person.key == key:
                one = known.get(key) or _new(stop, person, at)
                one.partstat, one.sequence = "ACCEPTED", stop.sequence
                if is_untouched and not one.is_shown:
                    one.told, one.way = [EVENT_STATUSES["tentative"], *state_of(stop, key)[1:]], "own"


def settle(carries: Sequence[dict[str, Any]], *, address: str, method: str) -> None:
    """The mail has left: their calendar knows this now. An answer to another time or place does not count any more."""
    for item in carries:
        one = db.session.get(Invitation, item["invitation"])
        if one is None:
            continue
        answer = answer_kept(one, item["state"], item["sequence"])
        if _is_elsewhere(one, item["state"]):
            one.answered_at, one.comment = None, ""
            one.forget_counter()
        one.partstat = answer
        one.told, one.sequence, one.address = item["state"], item["sequence"], address
        one.way = {"REQUEST": "request", "CANCEL": "cancel"}.get(method, "file" if one.way != "request" else one.way)
        if item["state"] == CANCELLED:
            one.way = "cancel"


def answer_kept(one: Invitation, state: State, sequence: int) -> str:
    """What they have answered to the appointment as it now is: an answer to another time or place does not count.

    The visitor says yes to the whole programme, and small changes are announced without a question; a "no" from
    their calendar program is not overruled by either.
    """
    is_refused = one.answered_at is not None and one.partstat != "ACCEPTED"
    if one.attendee == VISITOR_KEY and state[0] == "confirmed" and not is_refused:
        return "ACCEPTED"
    return "NEEDS-ACTION" if _is_elsewhere(one, state) and sequence != one.sequence else one.partstat


def state_of(stop: Appointment, key: str) -> State:
    """What this person's calendar shows of it: status, start, end, place, title, what the text below says, and the
    name and address of the place in every language.

    Visitors read there whom they meet and what to bring, hosts both notes; what does not show is not told.
    """
    if stop.is_cancelled:
        return CANCELLED
    where = [stop.place_id, stop.place_text]
    below = [stop.contact_id, stop.visitor_note] if key == VISITOR_KEY else [stop.visitor_note, stop.note]
    times = [stop.starts_at.isoformat(), stop.ends_at.isoformat()]
    return [EVENT_STATUSES[stop.status], *times, where, stop.title, below, words_of(stop.place)]


def would_be_told(one: Invitation) -> bool:
    """Whether the person would be told if the name or the address of the place were another one."""
    visit = one.appointment.visit
    if not one.told or visit.status in DONE or _wanted(visit, one) in (None, CANCELLED):
        return False
    return one.is_shown or wish_of(one.user, visit) != "none"


def _due(visit: Visit, one: Invitation, wish: str) -> Due | None:
    state = _wanted(visit, one)
    if state is None or _is_known(one, state, known_language(one.user.language if one.user else visit.language)):
        return None
    if state == CANCELLED and not one.is_shown:
        return None
    if wish == "none" and not one.is_shown:
        return None
    return Due(one.appointment, one, state)


def _wanted(visit: Visit, one: Invitation) -> State | None:
    """How the person's calendar should show it; None to leave it as it is."""
    stop = one.appointment
    if one.attendee != VISITOR_KEY:
        return state_of(stop, one.attendee) if one.user is not None and attends(one.user, stop) else CANCELLED
    if stop.status in ("confirmed", "cancelled"):
        return state_of(stop, one.attendee)
    # A great change is shown to the visitor when it is proposed, not before.
    is_asked = stop.status == "tentative" and visit.status == Status.PROPOSED and one.is_shown
    return state_of(stop, one.attendee) if is_asked else None


def _comes_or_goes(visit: Visit, one: Invitation) -> bool:
    """Whether a stop that is as it was leaves somebody's calendar, or comes back: that takes a higher number too."""
    state = _wanted(visit, one)
    if state is None or not (one.is_shown or one.way == "cancel") or one.appointment.sequence > one.sequence:
        return False
    return (state == CANCELLED) != (one.told == CANCELLED)


def goes_alone(due: Due, wish: str) -> bool:
    """What once came as an invitation, or went as a cancellation, goes on so: a file changes no calendar that has it.

    Each such mail holds one appointment (RFC 5546, 3.2.2 and 3.2.5).
    """
    return wish == "each" or due.invitation.way in BY_ITSELF


def was_invited(visit: Visit, key: str) -> bool:
    """Whether this person has had any of the visit's stops as an invitation of its own."""
    mine = Invitation.attendee == key, Invitation.way.in_(BY_ITSELF), Appointment.visit_id == visit.id
    return db.session.scalar(select(Invitation.id).join(Appointment).where(*mine).limit(1)) is not None


def _attendees(stop: Appointment) -> list[Recipient]:
    return [*visitor_of(stop.visit), *as_recipients([stop.contact] if stop.contact else [])]


def _invitations_of(stop: Appointment) -> Sequence[Invitation]:
    return db.session.scalars(select(Invitation).where(Invitation.appointment_id == stop.id)).all()


def _new(stop: Appointment, person: Recipient, at: datetime) -> Invitation:
    made = Invitation(
        appointment_id=stop.id,
        attendee=person.key,
        user_id=person.user.id if person.user else None,
        # the visitor says yes to the whole programme
        partstat="NEEDS-ACTION" if person.user else "ACCEPTED",
        created_at=at,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _is_known(one: Invitation, state: State, language: str) -> bool:
    """Whether their calendar shows it so; what was told before texts were written down counts as far as it goes.

    Of a place, what they read in their language counts.
    """
    told, place = one.told[:PLACE], one.told[PLACE:]
    if not told or state[: len(told)] != told:
        return False
    return not place or state[PLACE].get(language) == place[0].get(language)


def _is_elsewhere(one: Invitation, state: State) -> bool:
    """Whether their calendar shows it at another time or place."""
    return bool(one.told) and state[1:4] != one.told[1:4]


def _note_own(one: Invitation, visit: Visit, decided: int | None) -> None:
    state = _wanted(visit, one)
    if state is None or state == CANCELLED:
        return
    if not one.is_shown:
        one.told, one.way, one.partstat = state, "own", "ACCEPTED"
    elif one.appointment_id == decided:
        one.partstat, one.sequence = "ACCEPTED", one.appointment.sequence
