"""The database refuses double bookings; here its refusal gets a name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from app.core.errors import Overlap
from app.extensions import db
from app.visits.programme_models import Appointment

PERSON = "appointment_person_overlap"
PLACE = "appointment_place_overlap"


@contextmanager
def refusing_overlaps(appointment: Appointment) -> Iterator[None]:
    """Run the change in a savepoint; raises Overlap naming the appointment it hits, and nothing was changed."""
    savepoint = db.session.begin_nested()
    try:
        yield
        savepoint.commit()
    except IntegrityError as error:
        wanted = (appointment.contact_id, appointment.exclusive_place_id, appointment.starts_at, appointment.ends_at)
        own_id = appointment.id
        savepoint.rollback()
        text = str(error.orig)
        if PERSON in text:
            raise _named("person", own_id, *wanted) from error
        if PLACE in text:
            raise _named("place", own_id, *wanted) from error
        raise


def _named(
    kind: str,
    own_id: int | None,
    contact_id: int | None,
    place_id: int | None,
    starts_at: datetime,
    ends_at: datetime,
) -> Overlap:
    column, value = (
        (Appointment.contact_id, contact_id) if kind == "person" else (Appointment.exclusive_place_id, place_id)
    )
    query = (
        select(Appointment)
        .options(joinedload(Appointment.visit), joinedload(Appointment.contact), joinedload(Appointment.place))
        .where(
            column == value,
            Appointment.status != "cancelled",
            Appointment.starts_at < ends_at,
            Appointment.ends_at > starts_at,
            Appointment.id != (own_id or 0),
        )
        .order_by(Appointment.starts_at)
    )
    hit = db.session.scalars(query).first()
    if hit is None:
        return Overlap(kind, name="", title="", ref="", starts_at=starts_at, ends_at=ends_at)
    owner = hit.contact.name if kind == "person" and hit.contact else hit.place.name_nb if hit.place else ""
    return Overlap(
        kind, name=owner, title=hit.title, ref=hit.visit.ref, starts_at=hit.starts_at, ends_at=hit.ends_at
    )
