"""One visit's programme as a file to import once: for its hosts, and for the visitor."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy import or_, select

from app import calendars
from app.extensions import db
from app.feeds.models import Level
from app.feeds.selection import CANCELLED_STAYS
from app.people.models import User
from app.visits.for_visitor import visitor_lines, was_proposed
from app.visits.fragments import EVENT_STATUSES, place_in
from app.visits.known_stop import ShownStop, as_known
from app.visits.maps import coordinates_of
from app.visits.models import Visit
from app.visits.programme_models import Appointment, Fragment
from app.visits.rules import may_see_contact


def host_calendar(visit: Visit, *, reader: User, language: str, at: datetime) -> bytes:
    """The programme for staff who may see the visit: contacts and notes only for those who receive it.

    What was cancelled stays in it as long as in feeds.
    """
    lately = Appointment.changed_at > at - CANCELLED_STAYS
    level = Level.FULL if may_see_contact(reader, visit) else Level.TEAM
    stored = (
        select(Fragment.body)
        .join(Appointment, Appointment.id == Fragment.appointment_id)
        .where(Appointment.visit_id == visit.id, or_(Appointment.status != "cancelled", lately))
        .where(Fragment.level == level, Fragment.language == language)
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return calendars.download(visit.ref, db.session.scalars(stored))


def visitor_calendar(visit: Visit, *, language: str, city: str, at: datetime, url: str = "") -> bytes:
    """The programme as the visitor may see it: what was proposed to them, without the hosts' own notes.

    A great change that waits to be proposed is not in it yet: each event is as their calendar was last told.
    What was cancelled since stays in it as long as in feeds: who imported an earlier file learns of it by the next one.
    `url` is the visitor's own page; `city` names the venue.
    """
    live = [one for one in visit.appointments if one.status in ("tentative", "confirmed")]
    shown = [as_known(one) for one in (*live, *was_proposed(visit, cancelled_since=at - CANCELLED_STAYS))]
    shown.sort(key=lambda one: (one.starts_at, one.id))
    with force_locale(language):
        name = gettext("Your visit to %(city)s", city=city)
        return calendars.download(
            name, [calendars.fragment(visitor_event(a, language, url, city, shown)) for a in shown]
        )


def visitor_event(
    appointment: ShownStop, language: str, url: str, city: str, among: Sequence[ShownStop] = ()
) -> calendars.Event:
    """One stop as the visitor may see it, in the language in force; its time is written out with the venue.

    `among`: all that they know of, so that the text can say where the other half of the group is.
    """
    return calendars.Event(
        uid=appointment.uid,
        starts_at=appointment.starts_at,
        ends_at=appointment.ends_at,
        status=EVENT_STATUSES[appointment.status],
        sequence=appointment.sequence,
        changed_at=appointment.changed_at,
        created_at=appointment.created_at,
        summary=appointment.title,
        location=place_in(appointment, language),
        description="\n".join(visitor_lines(appointment, language=language, city=city, among=among)),
        url=url,
        coordinates=coordinates_of(appointment),
    )
