"""Verbs of the programme: add and remove an appointment, answer for a part, propose, accept, ask for a change."""

from __future__ import annotations

import uuid
from datetime import datetime

from app.calendars import OWN_UID
from app.core.errors import IllegalMove, Invalid
from app.core.text import clean_text
from app.core.time import now
from app.extensions import db
from app.people.actors import SYSTEM, VISITOR, Actor
from app.planning.clock import due_after
from app.strategy.settings import city_rules
from app.visits.caps import ask_why, keep_daily_limit
from app.visits.locks import take_turns
from app.visits.models import Visit
from app.visits.overlaps import refusing_overlaps
from app.visits.programme_models import Appointment
from app.visits.record import move
from app.visits.rules import is_left_open
from app.visits.statuses import Status
from app.visits.stops import Plan, agreement_of, check, fill, is_as_agreed, recorded, slot_of, touch, written


def add_appointment(
    visit: Visit, plan: Plan, *, by: Actor, reason: str = "", at: datetime | None = None
) -> Appointment:
    """A new stop, as a hold that lapses after 10 working days; another host's part waits for that host's answer.

    Raises Overlap naming what it hits, DayFull when the host's day is full, Invalid for an end before its start and for
    a time that somebody's own calendar says is taken, unless a reason is given.
    """
    at = at or now()
    check(plan, at)
    take_turns(visit, plans=[plan])
    keep_daily_limit(visit, plan)
    ask_why(plan, reason)
    own = by.host is not None and by.host.id == plan.host.id
    appointment = Appointment(
        uid=f"{uuid.uuid4()}{OWN_UID}",
        visit_id=visit.id,
        status="hold",
        answer="accepted" if own else "asked",
        created_at=at,
        hold_until=due_after(at, city_rules().hold_working_days),
    )
    fill(appointment, plan, at)
    with refusing_overlaps(slot_of(plan)):
        db.session.add(appointment)
        db.session.flush()
    recorded(visit, "add-appointment", appointment, by, at, {"title": plan.title, "host": plan.host.slug}, reason)
    return appointment


def remove_appointment(appointment: Appointment, *, by: Actor, reason: str = "", at: datetime | None = None) -> None:
    """Cancel one stop; it stays in calendars as cancelled for 30 days, then leaves."""
    at = at or now()
    visit = appointment.visit
    _take_turns_for(appointment, "remove-appointment")
    _cancel(appointment, at)
    recorded(visit, "remove-appointment", appointment, by, at, {"title": appointment.title}, reason)


def lapse_hold(appointment: Appointment, *, by: Actor = SYSTEM, at: datetime | None = None) -> None:
    """A hold that nobody proposed in time is cancelled."""
    at = at or now()
    _take_turns_for(appointment, "lapse-hold")
    until = appointment.hold_until
    _cancel(appointment, at)
    changes = {"title": appointment.title, "until": until.isoformat() if until else ""}
    recorded(appointment.visit, "lapse-hold", appointment, by, at, changes)


def accept_part(appointment: Appointment, *, by: Actor, at: datetime | None = None) -> None:
    """The asked host takes its part; confirmed at once where the visitor has accepted it as it is now.

    Where it was moved greatly since, the visitor is asked first: the lead host proposes the programme again.
    """
    at = at or now()
    _take_turns_for(appointment, "accept-part")
    appointment.answer = "accepted"
    waits = appointment.visit.status == Status.CONFIRMED and appointment.status == "tentative"
    if waits and is_as_agreed(appointment):
        appointment.status = "confirmed"
    touch(appointment, at)
    recorded(appointment.visit, "accept-part", appointment, by, at, {"title": appointment.title})


def decline_part(appointment: Appointment, *, text: str, by: Actor, at: datetime | None = None) -> None:
    """The asked host says no to its part: the stop is cancelled and the lead host is told why."""
    at = at or now()
    if not text.strip():
        raise Invalid("required", "text")
    _take_turns_for(appointment, "decline-part")
    appointment.answer, appointment.decline_text = "declined", clean_text(text)
    _cancel(appointment, at)
    recorded(appointment.visit, "decline-part", appointment, by, at, {"title": appointment.title}, text)


def propose(visit: Visit, *, by: Actor, text: str = "", at: datetime | None = None) -> None:
    """Send the programme to the visitor: holds become tentative. Needs at least one stop that takes place."""
    at = at or now()
    take_turns(visit)
    live = [a for a in visit.appointments if not a.is_cancelled]
    if not live:
        raise Invalid("empty-programme", "programme")
    if visit.status != Status.CLAIMED and not needs_proposal(visit):
        raise IllegalMove("propose", visit.status)
    move(visit, "propose", by=by, at=at, reason=clean_text(text))
    for appointment in live:
        appointment.known = {}
        if appointment.status == "hold":
            appointment.status, appointment.hold_until = "tentative", None
            touch(appointment, at)
    written(visit, live)


def accept(visit: Visit, *, by: Actor = VISITOR, at: datetime | None = None) -> None:
    """The visitor accepts: parts their hosts have accepted are confirmed; the others follow when they do.

    Raises Invalid once all its days have passed: a yes would not say that the visit took place, so a host settles that.
    """
    at = at or now()
    take_turns(visit)
    if visit.status == Status.PROPOSED and is_left_open(visit, at=at):
        raise Invalid("days-passed", "programme")
    move(visit, "accept", by=by, at=at)
    live = [a for a in visit.appointments if not a.is_cancelled and a.status != "hold"]
    for appointment in live:
        appointment.agreed, appointment.known = agreement_of(appointment), {}
        if appointment.answer == "accepted" and appointment.status != "confirmed":
            appointment.status = "confirmed"
            touch(appointment, at)
    written(visit, live)


def ask_for_change(visit: Visit, *, text: str, by: Actor = VISITOR, at: datetime | None = None) -> None:
    """The visitor wants the programme otherwise: back to planning, appointments stay until they are moved."""
    if not text.strip():
        raise Invalid("required", "text")
    move(visit, "ask-for-change", by=by, at=at or now(), reason=clean_text(text))


def needs_proposal(visit: Visit) -> bool:
    """Whether the visitor must be asked: about a stop not shown yet, or, once accepted, one changed greatly."""
    live = [a for a in visit.appointments if not a.is_cancelled]
    if visit.status == Status.PROPOSED:
        return any(a.status == "hold" for a in live)
    return any(not is_as_agreed(a) for a in live)


def cancel_all(visit: Visit, *, at: datetime, begun: bool = True) -> None:
    """Cancel every stop of the visit, as part of a verb that ends it; without `begun` only those still to come."""
    take_turns(visit)
    live = [a for a in visit.appointments if not a.is_cancelled and (begun or a.starts_at > at)]
    for appointment in live:
        _cancel(appointment, at)
    written(visit, live)


def _cancel(appointment: Appointment, at: datetime) -> None:
    appointment.status, appointment.hold_until = "cancelled", None
    touch(appointment, at)


def _take_turns_for(appointment: Appointment, verb: str) -> None:
    """Wait until nobody else is at the visit; raises IllegalMove when the stop was cancelled meanwhile."""
    take_turns(appointment.visit)
    if appointment.is_cancelled:
        raise IllegalMove(verb, appointment.visit.status)
