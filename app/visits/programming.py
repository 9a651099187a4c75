"""Verbs of the programme: add, move, remove an appointment, answer for a part, propose, accept, ask for a change."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.core.errors import IllegalMove, Invalid
from app.core.text import clean_line, clean_text
from app.core.time import now, venue_date
from app.extensions import db
from app.people.actors import SYSTEM, VISITOR, Actor
from app.people.models import Host, Place, User
from app.planning.clock import due_after
from app.strategy.settings import city_rules
from app.visits.fragments import write_fragments
from app.visits.models import Visit
from app.visits.overlaps import Slot, refusing_overlaps
from app.visits.programme_models import Appointment
from app.visits.record import move
from app.visits.scopes import raise_for_visit
from app.visits.statuses import Status


@dataclass(frozen=True, slots=True)
class Plan:
    """What an appointment should be; times are aware UTC."""

    title: str
    host: Host
    starts_at: datetime
    ends_at: datetime
    contact: User | None = None
    place: Place | None = None
    place_text: str = ""
    note: str = ""  # for hosts
    visitor_note: str = ""
    fixed: bool = False  # stays at its time when the visit runs late


def add_appointment(visit: Visit, plan: Plan, *, by: Actor, at: datetime | None = None) -> Appointment:
    """A new stop, as a hold that lapses after 10 working days; another host's part waits for that host's answer.

    Raises Overlap naming what it hits, Invalid for an end before its start.
    """
    at = at or now()
    _check(plan, at)
    own = by.host is not None and by.host.id == plan.host.id
    appointment = Appointment(
        uid=f"{uuid.uuid4()}@vertskap",
        visit_id=visit.id,
        status="hold",
        answer="accepted" if own else "asked",
        created_at=at,
        hold_until=due_after(at, city_rules().hold_working_days),
    )
    _fill(appointment, plan, at)
    with refusing_overlaps(_slot(plan)):
        db.session.add(appointment)
        db.session.flush()
    _recorded(visit, "add-appointment", appointment, by, at, {"title": plan.title, "host": plan.host.slug})
    return appointment


def move_appointment(appointment: Appointment, plan: Plan, *, by: Actor, at: datetime | None = None) -> bool:
    """Change a stop; True when the visitor must be asked again (day, place or host, or the start by over 60 minutes).

    A part given to another host, or another host's part moved, waits for that host's answer again.
    """
    at = at or now()
    _check(plan, at)
    visit = appointment.visit
    raise_for_visit(visit)
    before = _facts(appointment)
    was_own = by.host is not None and by.host.id == plan.host.id
    with refusing_overlaps(_slot(plan, appointment.id)):
        _fill(appointment, plan, at)
        appointment.sequence += 1
        db.session.flush()
    changes = {name: [before[name], value] for name, value in _facts(appointment).items() if before[name] != value}
    if not was_own and {"host", "starts_at", "ends_at", "contact"} & changes.keys():
        appointment.answer = "asked"
    big = is_big_change(appointment)
    if big and appointment.status == "confirmed":
        appointment.status = "tentative"
    _recorded(visit, "move-appointment", appointment, by, at, {**changes, "title": appointment.title, "big": big})
    return big


def remove_appointment(appointment: Appointment, *, by: Actor, reason: str = "", at: datetime | None = None) -> None:
    """Cancel one stop; it stays in calendars as cancelled for 30 days, then leaves."""
    at = at or now()
    visit = appointment.visit
    _cancel(appointment, at)
    _recorded(visit, "remove-appointment", appointment, by, at, {"title": appointment.title}, reason)


def lapse_hold(appointment: Appointment, *, by: Actor = SYSTEM, at: datetime | None = None) -> None:
    """A hold that nobody proposed in time is cancelled."""
    at = at or now()
    _cancel(appointment, at)
    _recorded(appointment.visit, "lapse-hold", appointment, by, at, {"title": appointment.title})


def accept_part(appointment: Appointment, *, by: Actor, at: datetime | None = None) -> None:
    """The asked host takes its part; confirmed at once where the visitor has accepted already."""
    at = at or now()
    appointment.answer = "accepted"
    if appointment.visit.status == Status.CONFIRMED and appointment.status == "tentative" and appointment.agreed:
        appointment.status = "confirmed"
    _touch(appointment, at)
    _recorded(appointment.visit, "accept-part", appointment, by, at, {"title": appointment.title})


def decline_part(appointment: Appointment, *, text: str, by: Actor, at: datetime | None = None) -> None:
    """The asked host says no to its part: the stop is cancelled and the lead host is told why."""
    at = at or now()
    if not text.strip():
        raise Invalid("required", "text")
    appointment.answer, appointment.decline_text = "declined", clean_text(text)
    _cancel(appointment, at)
    _recorded(appointment.visit, "decline-part", appointment, by, at, {"title": appointment.title}, text)


def propose(visit: Visit, *, by: Actor, text: str = "", at: datetime | None = None) -> None:
    """Send the programme to the visitor: holds become tentative. Needs at least one stop that takes place."""
    at = at or now()
    live = [a for a in visit.appointments if not a.is_cancelled]
    if not live:
        raise Invalid("empty-programme", "programme")
    if visit.status != Status.CLAIMED and not needs_proposal(visit):
        raise IllegalMove("propose", visit.status)
    move(visit, "propose", by=by, at=at, reason=clean_text(text))
    for appointment in live:
        if appointment.status == "hold":
            appointment.status, appointment.hold_until = "tentative", None
            _touch(appointment, at)
    _written(visit, live)


def accept(visit: Visit, *, by: Actor = VISITOR, at: datetime | None = None) -> None:
    """The visitor accepts: parts their hosts have accepted are confirmed; the others follow when they do."""
    at = at or now()
    move(visit, "accept", by=by, at=at)
    live = [a for a in visit.appointments if not a.is_cancelled and a.status != "hold"]
    for appointment in live:
        appointment.agreed = _agreement(appointment)
        if appointment.answer == "accepted" and appointment.status != "confirmed":
            appointment.status = "confirmed"
            _touch(appointment, at)
    _written(visit, live)


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
    return any(not a.agreed or is_big_change(a) for a in live)


def is_big_change(appointment: Appointment) -> bool:
    """Against what the visitor accepted: another day, place or host, or the start moved over 60 minutes."""
    agreed = appointment.agreed
    if not agreed:
        return False
    started = datetime.fromisoformat(agreed["starts_at"])
    return (
        venue_date(started) != venue_date(appointment.starts_at)
        or agreed["host_id"] != appointment.host_id
        or agreed["place"] != [appointment.place_id, appointment.place_text]
        or abs(appointment.starts_at - started) > timedelta(minutes=city_rules().big_change_minutes)
    )


def cancel_all(visit: Visit, *, at: datetime) -> None:
    """Cancel every stop of the visit, as part of a verb that ends it."""
    live = [a for a in visit.appointments if not a.is_cancelled]
    for appointment in live:
        _cancel(appointment, at)
    _written(visit, live)


def _check(plan: Plan, at: datetime) -> None:
    if not plan.title.strip():
        raise Invalid("required", "title")
    if plan.ends_at <= plan.starts_at:
        raise Invalid("end-before-start", "ends_at")
    if plan.ends_at <= at:
        raise Invalid("past", "starts_at")
    if plan.ends_at - plan.starts_at > timedelta(hours=24):
        raise Invalid("too-long", "ends_at")


def _slot(plan: Plan, appointment_id: int | None = None) -> Slot:
    place_id = plan.place.id if plan.place and plan.place.exclusive else None
    return Slot(plan.contact.id if plan.contact else None, place_id, plan.starts_at, plan.ends_at, appointment_id)


def _fill(appointment: Appointment, plan: Plan, at: datetime) -> None:
    appointment.title, appointment.note = clean_line(plan.title), clean_text(plan.note)
    appointment.visitor_note = clean_text(plan.visitor_note)
    appointment.host_id = plan.host.id
    appointment.contact_id = plan.contact.id if plan.contact else None
    appointment.place_id = plan.place.id if plan.place else None
    appointment.exclusive_place_id = plan.place.id if plan.place and plan.place.exclusive else None
    appointment.place_text, appointment.fixed = clean_line(plan.place_text), plan.fixed
    appointment.starts_at, appointment.ends_at, appointment.changed_at = plan.starts_at, plan.ends_at, at


def _facts(appointment: Appointment) -> dict[str, Any]:
    return {
        "title": appointment.title,
        "host": appointment.host_id,
        "contact": appointment.contact_id,
        "place": [appointment.place_id, appointment.place_text],
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
    }


def _agreement(appointment: Appointment) -> dict[str, Any]:
    facts = _facts(appointment)
    return {"host_id": facts["host"], **{name: facts[name] for name in ("starts_at", "ends_at", "place")}}


def _touch(appointment: Appointment, at: datetime) -> None:
    appointment.changed_at = at
    appointment.sequence += 1


def _cancel(appointment: Appointment, at: datetime) -> None:
    appointment.status, appointment.hold_until = "cancelled", None
    _touch(appointment, at)


def _recorded(
    visit: Visit,
    verb: str,
    appointment: Appointment,
    by: Actor,
    at: datetime,
    changes: dict[str, Any],
    reason: str = "",
) -> None:
    move(
        visit,
        verb,
        by=by,
        at=at,
        reason=clean_text(reason),
        subject="appointment",
        subject_id=appointment.id,
        changes=changes,
    )
    _written(visit, [appointment])


def _written(visit: Visit, appointments: list[Appointment]) -> None:
    db.session.flush()
    for appointment in appointments:
        db.session.refresh(appointment)
        write_fragments(appointment)
    db.session.expire(visit)
    raise_for_visit(visit)
