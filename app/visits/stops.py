"""One stop of a programme: what it should be, what it is, and writing down that it changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.core.errors import Invalid
from app.core.nights import fits_the_night
from app.core.text import clean_line, clean_text
from app.core.time import venue_date
from app.extensions import db
from app.people.actors import Actor
from app.people.models import Host, Place, User
from app.strategy.settings import city_rules
from app.visits.fragments import write_fragments
from app.visits.models import Activity, Visit
from app.visits.overlaps import Slot
from app.visits.programme_models import Appointment
from app.visits.record import move
from app.visits.scopes import raise_for_visit


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
    splits: bool = False  # half the group may be at another stop that splits meanwhile


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


def is_as_agreed(appointment: Appointment) -> bool:
    """Whether the visitor has said yes to it, and to how it is now: only then may its host's yes confirm it."""
    return bool(appointment.agreed) and not is_big_change(appointment)


def check(plan: Plan, at: datetime) -> None:
    """Raise Invalid for a plan that cannot be: no title, an end before its start, past, longer than a day or night."""
    if not plan.title.strip():
        raise Invalid("required", "title")
    if plan.ends_at <= plan.starts_at:
        raise Invalid("end-before-start", "ends_at")
    if plan.ends_at <= at:
        raise Invalid("past", "starts_at")
    if plan.ends_at - plan.starts_at > timedelta(hours=24) or not fits_the_night(plan.starts_at, plan.ends_at):
        raise Invalid("too-long", "ends_at")


def slot_of(plan: Plan, appointment_id: int | None = None) -> Slot:
    """What the plan would occupy."""
    place_id = plan.place.id if plan.place and plan.place.exclusive else None
    return Slot(plan.contact.id if plan.contact else None, place_id, plan.starts_at, plan.ends_at, appointment_id)


def fill(appointment: Appointment, plan: Plan, at: datetime) -> None:
    """Make the stop what was planned."""
    appointment.title, appointment.note = clean_line(plan.title), clean_text(plan.note)
    appointment.visitor_note = clean_text(plan.visitor_note)
    appointment.host_id = plan.host.id
    appointment.contact_id = plan.contact.id if plan.contact else None
    appointment.place_id = plan.place.id if plan.place else None
    appointment.exclusive_place_id = plan.place.id if plan.place and plan.place.exclusive else None
    appointment.place_text = clean_line(plan.place_text)
    appointment.fixed, appointment.splits = plan.fixed, plan.splits
    appointment.starts_at, appointment.ends_at, appointment.changed_at = plan.starts_at, plan.ends_at, at


def facts_of(appointment: Appointment) -> dict[str, Any]:
    """What of the stop is compared and kept in the history."""
    return {
        "title": appointment.title,
        "host": appointment.host_id,
        "contact": appointment.contact_id,
        "place": [appointment.place_id, appointment.place_text],
        "starts_at": appointment.starts_at.isoformat(),
        "ends_at": appointment.ends_at.isoformat(),
    }


def agreement_of(appointment: Appointment) -> dict[str, Any]:
    """What of the stop the visitor accepts."""
    facts = facts_of(appointment)
    return {"host_id": facts["host"], **{name: facts[name] for name in ("starts_at", "ends_at", "place")}}


def touch(appointment: Appointment, at: datetime) -> None:
    """It changed: calendar programs see a higher number."""
    appointment.changed_at = at
    appointment.sequence += 1


def new_version(appointment: Appointment, at: datetime) -> None:
    """The stop stays as it is, but not for everybody: calendar programs see a higher number."""
    db.session.flush()
    db.session.refresh(appointment)  # somebody may have moved it since it was read
    touch(appointment, at)
    written(appointment.visit, [appointment])


def recorded(
    visit: Visit,
    verb: str,
    appointment: Appointment,
    by: Actor,
    at: datetime,
    changes: dict[str, Any],
    reason: str = "",
) -> Activity:
    """Carry the verb out on the visit, write the Activity, and bring feeds up to date."""
    activity = move(
        visit,
        verb,
        by=by,
        at=at,
        reason=clean_text(reason),
        subject="appointment",
        subject_id=appointment.id,
        changes=changes,
    )
    written(visit, [appointment])
    return activity


def written(visit: Visit, appointments: list[Appointment]) -> None:
    """Serialise the stops anew for feeds, and raise every scope that shows the visit.

    Those at which half the group is say where the other half is, so they are written anew too.
    """
    db.session.flush()
    for appointment in appointments:
        db.session.refresh(appointment)
    db.session.expire(visit)
    for appointment in (*appointments, *_halves(visit, appointments)):
        write_fragments(appointment)
    raise_for_visit(visit)


def _halves(visit: Visit, besides: list[Appointment]) -> list[Appointment]:
    """The visit's other stops at which half the group may be."""
    query = select(Appointment).where(Appointment.visit_id == visit.id, Appointment.splits.is_(True))
    others = query.where(Appointment.status != "cancelled", Appointment.id.not_in([one.id for one in besides]))
    return list(db.session.scalars(others.order_by(Appointment.id)))
