"""The database refuses double bookings; here its refusal gets a name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.core.errors import Overlap
from app.core.languages import LANGUAGES
from app.extensions import db
from app.visits.programme_models import Appointment

PERSON = "appointment_person_overlap"
PLACE = "appointment_place_overlap"


@dataclass(frozen=True, slots=True)
class Slot:
    """What an appointment is about to occupy: a person and perhaps an exclusive place, from start to end."""

    contact_id: int | None
    exclusive_place_id: int | None
    starts_at: datetime
    ends_at: datetime
    appointment_id: int | None = None  # the appointment itself, when it exists already


@contextmanager
def refusing_overlaps(slot: Slot) -> Iterator[None]:
    """Run the change in a savepoint; raises Overlap naming the appointment it hits, and nothing was changed."""
    savepoint = db.session.begin_nested()
    try:
        yield
        savepoint.commit()
    except IntegrityError as error:
        savepoint.rollback()
        text = str(error.orig)
        if PERSON in text:
            raise _named("person", slot) from error
        if PLACE in text:
            raise _named("place", slot) from error
        raise


def _named(kind: str, slot: Slot) -> Overlap:
    column, value = (
        (Appointment.contact_id, slot.contact_id)
        if kind == "person"
        else (Appointment.exclusive_place_id, slot.exclusive_place_id)
    )
    query = (
        select(Appointment)
        .options(joinedload(Appointment.visit), joinedload(Appointment.contact), joinedload(Appointment.place))
        .where(
            column == value,
            Appointment.status != "cancelled",
            Appointment.starts_at < slot.ends_at,
            Appointment.ends_at > slot.starts_at,
            Appointment.id != (slot.appointment_id or 0),
        )
        .order_by(Appointment.starts_at)
    )
    hit = db.session.scalars(query).first()
    if hit is None:
        return Overlap(kind, names={}, title="", ref="", starts_at=slot.starts_at, ends_at=slot.ends_at)
    times = {"starts_at": hit.starts_at, "ends_at": hit.ends_at}
    return Overlap(kind, names=_owner(kind, hit), title=hit.title, ref=hit.visit.ref, **times)


def _owner(kind: str, hit: Appointment) -> dict[str, str]:
    """Who or what is taken, in every language."""
    if kind == "person":
        return dict.fromkeys(LANGUAGES, hit.contact.name if hit.contact else "")
    return {code: hit.place.name_in(code) if hit.place else "" for code in LANGUAGES}
