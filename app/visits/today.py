"""The stops of one day for those who receive: their own, and those of the visits they take part in.

A day goes on into its night (running_late.NIGHT): who is moved past midnight in the evening still stands on this
evening's page, and what is on at midnight stays until it is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.core.time import end_of_day, start_of_day
from app.extensions import db
from app.people.models import User
from app.visits.agenda import LONGEST
from app.visits.known_stop import ShownStop
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.queries import seen_by
from app.visits.rules import may_see_contact
from app.visits.running_late import NIGHT


def stops_on(day: date, user: User) -> list[Appointment]:
    """What is on that day or in its night in visits that the user receives (coordinators: in every visit), in order."""
    start, end = start_of_day(day), end_of_day(day) + NIGHT
    of_visit = selectinload(Appointment.visit)
    query = (
        select(Appointment)
        .join(Visit)
        .where(seen_by(user), Appointment.status != "cancelled")
        .where(Appointment.starts_at < end, Appointment.starts_at > start - LONGEST, Appointment.ends_at > start)
        .options(of_visit.selectinload(Visit.offers), of_visit.selectinload(Visit.appointments))
        .options(of_visit.selectinload(Visit.lead_host), of_visit.selectinload(Visit.lead_user))
        .options(*(selectinload(part) for part in (Appointment.host, Appointment.place, Appointment.contact)))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [stop for stop in db.session.scalars(query) if may_see_contact(user, stop.visit)]


def next_of(stops: Sequence[ShownStop], *, at: datetime) -> ShownStop | None:
    """The stop that is on now, or else the next one."""
    return min((one for one in stops if one.ends_at > at), key=lambda one: (one.starts_at, one.id), default=None)
