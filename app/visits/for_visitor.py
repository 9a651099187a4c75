"""What the visitor is told: which stops were ever theirs to see, and of each the host, the person, what to bring."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext

from app.core.time import in_venue
from app.visits.half_words import half_line
from app.visits.known_stop import ShownStop, is_changing
from app.visits.maps import map_address
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.statuses import Status


def visitor_lines(appointment: ShownStop, *, language: str, city: str, among: Sequence[ShownStop] = ()) -> list[str]:
    """Lines for the visitor's calendar, in the language in force (`language` is the same, for names).

    `among`: all stops that the visitor knows, for where the other half of the group is.
    """
    start, end = in_venue(appointment.starts_at), in_venue(appointment.ends_at)
    lines = [
        gettext("Host: %(host)s", host=appointment.host.name_in(language)),
        gettext("Time in %(city)s: %(start)s–%(end)s", city=city, start=f"{start:%H:%M}", end=f"{end:%H:%M}"),
    ]
    if is_changing(appointment):
        lines.insert(0, gettext("This is being changed: your hosts will ask you."))
    if half := half_line(appointment, among):
        lines.append(half)
    if appointment.contact:
        lines.append(gettext("Contact person: %(name)s", name=appointment.contact.name))
    if appointment.contact and appointment.visitor_may_call:
        lines += filter(None, (appointment.contact.phone, appointment.contact.email))
    if appointment.visitor_note:
        lines.append(gettext("Note: %(note)s", note=appointment.visitor_note))
    if address := map_address(appointment, language=language, city=city):
        lines.append(gettext("Map: %(address)s", address=address))
    return lines


def is_shown(stop: Appointment) -> bool:
    """Whether the visitor has been shown this stop: accepted it, or was proposed a programme with it."""
    if stop.agreed:
        return True
    return stop.visit.status in (Status.PROPOSED, Status.CONFIRMED) and any(
        past.verb == "propose" and past.at >= stop.created_at for past in stop.visit.activities
    )


def was_proposed(visit: Visit, *, cancelled_since: datetime) -> list[Appointment]:
    """Stops cancelled after that moment which the visitor had been shown; a hold that nobody proposed is none."""
    proposed = [activity.at for activity in visit.activities if activity.verb == "propose"]
    gone = [one for one in visit.appointments if one.is_cancelled and one.changed_at > cancelled_since]
    return [one for one in gone if one.agreed or any(one.created_at <= at < one.changed_at for at in proposed)]
