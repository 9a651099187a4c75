"""What a change of a place or of a host's name does to appointments: the overlap rule, calendar text, feed scopes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.time import now
from app.extensions import db
from app.people.models import Host, Place
from app.visits.fragments import write_fragments
from app.visits.models import Visit
from app.visits.overlaps import Slot, refusing_overlaps
from app.visits.programme_models import Appointment
from app.visits.scopes import ALL, raise_scopes


def set_exclusive(place: Place, exclusive: bool, *, at: datetime | None = None) -> int:
    """One group at a time there, or any number; returns how many coming appointments the rule now looks at anew.

    Raises Overlap naming the first two that meet there; then the caller rolls back, and nothing is changed.
    """
    place.exclusive = exclusive
    db.session.flush()
    coming = _coming(Appointment.place_id == place.id, at or now())
    for appointment in coming:
        taken = place.id if exclusive else None
        slot = Slot(appointment.contact_id, taken, appointment.starts_at, appointment.ends_at, appointment.id)
        with refusing_overlaps(slot):
            appointment.exclusive_place_id = taken
            db.session.flush()
    return len(coming)


def place_renamed(place: Place, *, at: datetime | None = None) -> int:
    """Write the place's new name or address into its coming appointments; returns how many."""
    return _rewrite(_coming(Appointment.place_id == place.id, at or now()), at or now())


def host_renamed(host: Host, *, at: datetime | None = None) -> int:
    """Write the host's new name into its coming appointments; returns how many."""
    return _rewrite(_coming(Appointment.host_id == host.id, at or now()), at or now())


def _coming(condition: object, at: datetime) -> list[Appointment]:
    """Appointments that have not ended and are not cancelled."""
    query = (
        select(Appointment)
        .where(condition, Appointment.ends_at > at, Appointment.status != "cancelled")  # type: ignore[arg-type]
        .options(*(selectinload(part) for part in (Appointment.host, Appointment.place, Appointment.contact)))
        .options(selectinload(Appointment.visit).selectinload(Visit.lead_host))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return list(db.session.scalars(query))


def _rewrite(appointments: Sequence[Appointment], at: datetime) -> int:
    """A new text is a new version of the event: calendar programs look at SEQUENCE and the time of change."""
    scopes = {ALL}
    for appointment in appointments:
        appointment.sequence += 1
        appointment.changed_at = at
        write_fragments(appointment)
        scopes.add(("host", appointment.host_id))
        if appointment.contact_id:
            scopes.add(("user", appointment.contact_id))
        if appointment.visit.lead_host_id:
            scopes.add(("host", appointment.visit.lead_host_id))
        if appointment.visit.lead_user_id:
            scopes.add(("user", appointment.visit.lead_user_id))
    if appointments:
        raise_scopes(scopes)
    return len(appointments)
