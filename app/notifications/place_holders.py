"""What people were told of a place, and how many would be told if it got another name or address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.time import now
from app.extensions import db
from app.notifications.invitations import PLACE, would_be_told
from app.people.models import Place, User
from app.visits.invitation_models import VISITOR_KEY, Invitation
from app.visits.programme_models import Appointment


def place_told(stop: Appointment, user: User | None, language: str) -> str:
    """Name and address of the place as the person's calendar (None: the visitor's) was told them; else empty."""
    key = f"u{user.id}" if user else VISITOR_KEY
    mine = Invitation.appointment_id == stop.id, Invitation.attendee == key
    told = db.session.scalar(select(Invitation.told).where(*mine)) or []
    return str(told[PLACE].get(language, "")) if len(told) > PLACE else ""


def people_invited_to(place: Place, *, besides: User, at: datetime | None = None) -> int:
    """How many people's calendars show a coming appointment there because of an invitation, each counted once."""
    query = (
        select(Invitation)
        .join(Invitation.appointment)
        .where(Appointment.place_id == place.id, Appointment.ends_at > (at or now()), Appointment.status != "cancelled")
        .options(joinedload(Invitation.user), joinedload(Invitation.appointment).joinedload(Appointment.visit))
    )
    found = [one for one in db.session.scalars(query) if one.user_id != besides.id and would_be_told(one)]
    return len({one.user.email if one.user else one.appointment.visit.contact_email for one in found})
