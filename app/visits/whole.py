"""One visit with everything that hangs on it, in a fixed number of queries however long its history is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from app.extensions import db
from app.visits.models import Activity, Offer, Visit, VisitGoal, VisitPartnership, VisitTheme
from app.visits.programme_models import Appointment, FollowUp, Message


def load_whole(visit: Visit) -> Visit:
    """The same visit with its parts loaded."""
    query = (
        select(Visit)
        .where(Visit.id == visit.id)
        .options(
            selectinload(Visit.windows),
            selectinload(Visit.delegates),
            selectinload(Visit.outcome),
            selectinload(Visit.theme_links).selectinload(VisitTheme.theme),
            selectinload(Visit.goal_links).selectinload(VisitGoal.goal),
            selectinload(Visit.partnership_links).selectinload(VisitPartnership.partnership),
            selectinload(Visit.offers).options(*_with(Offer.host, Offer.better_host, Offer.answered_by)),
            selectinload(Visit.activities).options(*_with(Activity.user, Activity.host)),
            selectinload(Visit.appointments).options(*_with(Appointment.host, Appointment.contact, Appointment.place)),
            selectinload(Visit.messages).options(*_with(Message.user, Message.host)),
            selectinload(Visit.follow_ups).selectinload(FollowUp.owner),
        )
    )
    return db.session.scalars(query).one()


def _with(*parts: InstrumentedAttribute[Any]) -> list[_AbstractLoad]:
    return [selectinload(part) for part in parts]
