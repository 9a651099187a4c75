"""An appointment as calendar text, written in the transaction that changes it: three levels, three languages."""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale, gettext
from sqlalchemy import delete, select

from app.calendars import Event, EventStatus, fragment
from app.core.languages import LANGUAGES
from app.core.time import in_venue, week_of
from app.extensions import db
from app.strategy.settings import city_rules
from app.visits.half_words import half_line
from app.visits.known_stop import ShownStop
from app.visits.maps import coordinates_of, map_address
from app.visits.programme_models import Appointment, Fragment
from app.visits.scopes import raise_scopes, scopes_of

EVENT_STATUSES: dict[str, EventStatus] = {
    "hold": "tentative",
    "tentative": "tentative",
    "confirmed": "confirmed",
    "cancelled": "cancelled",
}
LEVELS = ("busy", "team", "full")
# Raised when what is written of an unchanged appointment changes: what an earlier version wrote is then written anew.
FORM = 2  # 2: coordinates and a link to the map


def write_fragments(appointment: Appointment) -> None:
    """Serialise the appointment anew, at every level of detail and in every language.

    The week that it leaves is told to feeds here, as nothing shows afterwards that it ever was there.
    """
    db.session.flush()
    week, mine = week_of(appointment.starts_at), Fragment.appointment_id == appointment.id
    left = set(db.session.scalars(select(Fragment.week).where(mine, Fragment.week != week).distinct()))
    if left:
        raise_scopes(scopes_of(appointment.visit), weeks=left)
    db.session.execute(delete(Fragment).where(mine))
    for language in LANGUAGES:
        with force_locale(language):
            for level in LEVELS:
                body = fragment(event_of(appointment, level, language))
                keys = {"appointment_id": appointment.id, "level": level, "language": language}
                db.session.add(Fragment(**keys, body=body, week=week, form=FORM))
    db.session.flush()


def event_of(appointment: Appointment, level: str, language: str) -> Event:
    """The appointment as a calendar event: busy tells only when; team what and where; full also whom and why."""
    visit = appointment.visit
    return Event(
        uid=appointment.uid,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        status=EVENT_STATUSES[appointment.status],
        sequence=appointment.sequence,
        created_at=appointment.created_at,
        changed_at=appointment.changed_at,
        summary=_summary(appointment, level),
        location="" if level == "busy" else place_in(appointment, language),
        coordinates=None if level == "busy" else coordinates_of(appointment),
        description=_description(appointment, language) if level == "full" else "",
        url="" if level == "busy" else f"{current_app.config['BASE_URL']}/visits/{visit.ref}",
    )


def place_in(appointment: ShownStop, language: str) -> str:
    """Where it is, as text: the place's name and address, or what was typed."""
    if appointment.place is None:
        return appointment.place_text
    name = appointment.place.name_in(language)
    return ", ".join(filter(None, (name, appointment.place.address, appointment.place_text)))


def _summary(appointment: Appointment, level: str) -> str:
    if level == "busy":
        return gettext("Busy")
    what = f"{appointment.title} ({appointment.visit.organisation})"
    if appointment.status == "hold":
        return gettext("Hold: %(what)s", what=what)
    if appointment.status == "cancelled":
        return gettext("Cancelled: %(what)s", what=what)
    return what


def _description(appointment: Appointment, language: str) -> str:
    visit = appointment.visit
    start, end = (f"{in_venue(moment):%H:%M}" for moment in (appointment.starts_at, appointment.ends_at))
    city = city_rules().city_name
    lines = [
        gettext("Visit %(ref)s from %(organisation)s", ref=visit.ref, organisation=visit.organisation),
        gettext("Host: %(host)s", host=appointment.host.name_in(language)),
        gettext("Time: %(start)s–%(end)s, local time in %(city)s", start=start, end=end, city=city),
    ]
    if appointment.splits and (half := half_line(appointment, visit.appointments)):
        lines.append(half)
    if appointment.contact:
        lines.append(gettext("Contact person: %(name)s", name=appointment.contact.name))
    if visit.group_size:
        lines.append(gettext("People in the delegation: %(number)s", number=visit.group_size))
    if appointment.visitor_note:
        lines.append(gettext("Note for the visitor: %(note)s", note=appointment.visitor_note))
    if appointment.note:
        lines.append(appointment.note)
    if address := map_address(appointment, language=language, city=city):
        lines.append(gettext("Map: %(address)s", address=address))
    return "\n".join(lines)
