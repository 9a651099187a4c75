"""The programme as the visitor sees it: only what was proposed, by day; and as a calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask_babel import gettext as _

from app.calendars import Event, download, fragment
from app.core.time import in_venue, venue_date
from app.visits.fragments import EVENT_STATUSES, place_in
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.web.formats import city_name
from app.web.language import page_language


@dataclass(frozen=True, slots=True)
class ProgrammeDay:
    """One day's stops in order."""

    on: date
    appointments: list[Appointment]


def shown(visit: Visit) -> list[Appointment]:
    """Stops that were proposed, in order: no holds; a cancelled one where the visitor had accepted it."""
    kept = [one for one in visit.appointments if one.status in ("tentative", "confirmed") or one.agreed]
    return sorted(kept, key=lambda one: (one.starts_at, one.id))


def by_day(appointments: Sequence[Appointment]) -> list[ProgrammeDay]:
    """The stops under the venue's calendar dates."""
    days = groupby(appointments, key=lambda one: venue_date(one.starts_at))
    return [ProgrammeDay(day, list(stops)) for day, stops in days]


def mark_of(appointments: Sequence[Appointment]) -> str:
    """A short text that changes whenever a stop does: the visitor accepts what was on the page, nothing newer."""
    return "-".join(f"{one.id}.{one.sequence}" for one in appointments)


def calendar_of(visit: Visit) -> bytes:
    """The programme as an iCalendar file; the same UIDs as in the hosts' calendars, without anything for hosts only."""
    name = _("Visit to %(city)s", city=city_name())
    return download(name, (fragment(_event(one)) for one in shown(visit)))


def _event(appointment: Appointment) -> Event:
    language = page_language()
    return Event(
        uid=appointment.uid,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        status=EVENT_STATUSES[appointment.status],
        sequence=appointment.sequence,
        created_at=appointment.created_at,
        changed_at=appointment.changed_at,
        summary=appointment.title,
        location=place_in(appointment, language),
        description=_description(appointment, language),
    )


def _description(appointment: Appointment, language: str) -> str:
    start, end = in_venue(appointment.starts_at), in_venue(appointment.ends_at)
    lines = [
        _("Host: %(host)s", host=appointment.host.name_in(language)),
        _("Time in %(city)s: %(start)s–%(end)s", city=city_name(), start=f"{start:%H:%M}", end=f"{end:%H:%M}"),
    ]
    if appointment.contact:
        lines.append(_("Contact person: %(name)s", name=appointment.contact.name))
    return "\n".join(lines)
