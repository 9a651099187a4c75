"""Running late on the day: every later stop of that day that is not fixed moves by the same minutes, or none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from app.core.errors import IllegalMove, Invalid
from app.core.nights import fits_the_night
from app.core.text import clean_text
from app.core.time import end_of_day, now, start_of_day, venue_date
from app.extensions import db
from app.people.actors import Actor
from app.people.edits import note_edits
from app.people.models import User
from app.visits.arranging import as_planned
from app.visits.caps import ask_why
from app.visits.edited import as_subject
from app.visits.halves import are_halves
from app.visits.known_stop import ShownStop
from app.visits.locks import take_turns
from app.visits.overlaps import Slot, refusing_overlaps
from app.visits.programme_models import Appointment
from app.visits.record import move
from app.visits.rules import may_lead
from app.visits.statuses import is_legal
from app.visits.stops import Plan, is_big_change, written

MINUTES = (5, 10, 15, 20, 30, 45, 60)
NIGHT, REST = timedelta(hours=5), timedelta(hours=6)  # a day goes on until 5 at the most


@dataclass(frozen=True, slots=True)
class Shift:
    """A stop and where it moves."""

    stop: Appointment
    starts_at: datetime
    ends_at: datetime

    @property
    def plan(self) -> Plan:
        """The stop as it would be."""
        return replace(as_planned(self.stop), starts_at=self.starts_at, ends_at=self.ends_at)


@dataclass(frozen=True, slots=True)
class Hit:
    """A shift that would meet another appointment of the same person or place: "person" or "place"."""

    kind: str
    shift: Shift
    other: Appointment


def may_run_late(user: User, stop: Appointment) -> bool:
    """Whoever leads the visit, or receives at the stop from which on it is late."""
    visit = stop.visit
    if stop.is_cancelled or not is_legal("run-late", visit.status):
        return False
    return may_lead(user, visit) or stop.contact_id == user.id


def shifts_from(stop: Appointment, minutes: int, *, at: datetime) -> list[Shift]:
    """That stop and the later ones of its day that are neither fixed nor over, in order, and where they would move.

    Where half the group is late, the other half is not: what it does meanwhile stays.
    """
    by = timedelta(minutes=minutes)
    later = [one for one in rest_of_day(stop) if not one.fixed and one.ends_at > at]
    later = [one for one in later if one is stop or not are_halves(stop, one)]
    return [Shift(one, one.starts_at + by, one.ends_at + by) for one in later]


def rest_of_day(stop: Appointment) -> list[Appointment]:
    """The stop and the later ones of its day, in order. A day goes on into the night, until a rest of six hours."""
    day = venue_date(stop.starts_at)
    is_night, midnight = stop.starts_at < start_of_day(day) + NIGHT, end_of_day(day)
    live = [one for one in stop.visit.appointments if not one.is_cancelled and one.starts_at >= stop.starts_at]
    found, until = [], stop.ends_at
    for one in sorted(live, key=lambda one: (one.starts_at, one.id)):
        rests = one.starts_at - until >= REST and (is_night or one.starts_at >= midnight)
        if rests or one.starts_at >= midnight + NIGHT:
            break
        found.append(one)
        until = max(until, one.ends_at)
    return found


def is_today(stop: ShownStop, *, at: datetime) -> bool:
    """Whether it begins today or in the night that follows, or is on now."""
    today = venue_date(at)
    begins = start_of_day(today) <= stop.starts_at < end_of_day(today) + NIGHT
    return begins or stop.starts_at <= at < stop.ends_at


def hits_of(shifts: Sequence[Shift]) -> list[Hit]:
    """Which appointments the shifts would meet; what moves with them is not in the way."""
    moving = [shift.stop.id for shift in shifts]
    found = []
    for shift in shifts:
        person, place = shift.stop.contact_id, shift.stop.exclusive_place_id
        query = (
            select(Appointment)
            .options(*(joinedload(part) for part in (Appointment.visit, Appointment.contact, Appointment.place)))
            .where(Appointment.id.not_in(moving), Appointment.status != "cancelled")
            .where(Appointment.starts_at < shift.ends_at, Appointment.ends_at > shift.starts_at)
            .where(or_(Appointment.contact_id == (person or 0), Appointment.exclusive_place_id == (place or 0)))
            .order_by(Appointment.starts_at, Appointment.id)
        )
        for other in db.session.scalars(query):
            found.append(Hit("person" if person and other.contact_id == person else "place", shift, other))
    return found


def run_late(
    stop: Appointment, minutes: int, *, by: Actor, reason: str = "", at: datetime | None = None
) -> list[Shift]:
    """Move that stop and what follows it today; everybody concerned is told at once, nobody is asked again.

    All of them or none: raises Overlap naming what is hit, Invalid for other minutes, another day, a night too long, or
    without a reason where somebody's own calendar says that the new time is taken.
    A stop that so moves over 60 minutes from what the visitor accepted is tentative until it is proposed again.
    """
    at = at or now()
    visit = stop.visit
    take_turns(visit)
    if not is_legal("run-late", visit.status):
        raise IllegalMove("run-late", visit.status)
    shifts = _checked(stop, minutes, at)
    for shift in shifts:
        ask_why(shift.plan, reason, before=as_planned(shift.stop))
    was = {str(one.stop.id): [one.stop.starts_at.isoformat(), one.stop.ends_at.isoformat()] for one in shifts}
    with db.session.begin_nested():
        for shift in reversed(shifts):  # the last first: what follows makes room for what comes before it
            _shift(shift, at)
    moved = [shift.stop for shift in shifts]
    for one in moved:
        note_edits(as_subject(one), ["starts_at"], by=by.user, at=at)
    titles = [one.title for one in moved]
    changes = {"minutes": minutes, "moved": [one.id for one in moved], "titles": titles, "was": was}
    about: dict[str, Any] = {"subject": "appointment", "subject_id": stop.id, "changes": changes}
    move(visit, "run-late", by=by, at=at, reason=clean_text(reason), **about)
    written(visit, moved)
    return shifts


def _checked(stop: Appointment, minutes: int, at: datetime) -> list[Shift]:
    if minutes not in MINUTES:
        raise Invalid("choice", "minutes")
    if not is_today(stop, at=at):
        raise Invalid("not-today", "stop")
    shifts = shifts_from(stop, minutes, at=at)
    if not shifts:
        raise Invalid("nothing-moves", "stop")
    if any(not fits_the_night(shift.starts_at, shift.ends_at) for shift in shifts):
        raise Invalid("too-long", "minutes")
    return shifts


def _shift(shift: Shift, at: datetime) -> None:
    stop = shift.stop
    slot = Slot(stop.contact_id, stop.exclusive_place_id, shift.starts_at, shift.ends_at, stop.id)
    with refusing_overlaps(slot):
        stop.starts_at, stop.ends_at, stop.changed_at = shift.starts_at, shift.ends_at, at
        stop.sequence, stop.known = stop.sequence + 1, {}  # the visitor is told at once
        if stop.status == "confirmed" and is_big_change(stop):
            stop.status = "tentative"
        db.session.flush()
