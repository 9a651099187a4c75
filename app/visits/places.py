"""What a change of a place or of a host's name does to appointments: the overlap rule, calendar text, feed scopes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.languages import LANGUAGES
from app.core.time import now
from app.extensions import db
from app.people.actors import SYSTEM, Actor
from app.people.models import Host, Place, User
from app.visits.fragments import write_fragments
from app.visits.models import Visit
from app.visits.overlaps import Slot, refusing_overlaps
from app.visits.programme_models import Appointment
from app.visits.record import note
from app.visits.scopes import raise_scopes, scopes_of, weeks_of
from app.visits.statuses import is_legal

CORRECTED = "correct-place"


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


def words_of(place: Place | None) -> dict[str, str]:
    """Name and address in every language, as calendars show them; nothing where there is no place of the list."""
    if place is None:
        return {}
    return {code: ", ".join(filter(None, (place.name_in(code), place.address))) for code in LANGUAGES}


def place_renamed(place: Place, *, was: Mapping[str, str], by: Actor = SYSTEM, at: datetime | None = None) -> int:
    """Write the place's new name or address into its coming appointments; returns how many.

    `was` is what `words_of` gave before. Each visit's history says it, and from there those concerned are told.
    """
    at = at or now()
    raise_scopes([("place", place.id)])  # the calendar's own name, whatever is in it
    stops = _coming(Appointment.place_id == place.id, at)
    words = words_of(place)
    if dict(was) != words:
        both = {code: [was[code], words[code]] for code in LANGUAGES}
        for visit, some in groupby(sorted(stops, key=lambda stop: stop.visit_id), key=lambda stop: stop.visit):
            ids = [stop.id for stop in some]
            if is_legal(CORRECTED, visit.status):
                note(visit, CORRECTED, by=by, at=at, before=visit.status, changes={"stops": ids, "place_words": both})
    return _rewrite(stops, at)


def place_put_on_map(place: Place, *, at: datetime | None = None) -> int:
    """Write the place's new coordinates into its coming appointments; returns how many.

    Where they are is the same, only better known: no new version of the event, and nobody is told.
    """
    return _write(_coming(Appointment.place_id == place.id, at or now()))


def host_renamed(host: Host, *, at: datetime | None = None) -> int:
    """Write the host's new name into its coming appointments; returns how many."""
    raise_scopes([("host", host.id)])
    return _rewrite(_coming(Appointment.host_id == host.id, at or now()), at or now())


def person_renamed(user: User, *, at: datetime | None = None) -> int:
    """Write the person's new name into the coming appointments with them; returns how many."""
    return _rewrite(_coming(Appointment.contact_id == user.id, at or now()), at or now())


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
    for appointment in appointments:
        appointment.sequence += 1
        appointment.changed_at = at
    return _write(appointments)


def _write(appointments: Sequence[Appointment]) -> int:
    for appointment in appointments:
        write_fragments(appointment)
    visits = {appointment.visit_id: appointment.visit for appointment in appointments}
    raise_scopes((scope for visit in visits.values() for scope in scopes_of(visit)), weeks=weeks_of(visits))
    return len(appointments)
