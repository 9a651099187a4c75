"""What time alone does to visits: lists of what is due, and one step for each row, safe to run several at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, select

from app.extensions import db
from app.strategy.settings import city_rules
from app.visits.closing import complete
from app.visits.models import Offer, Visit
from app.visits.offer_clock import visitor_is_asked
from app.visits.offering import lapse
from app.visits.programme_models import Appointment
from app.visits.programming import lapse_hold
from app.visits.requesting import expire
from app.visits.statuses import PLANNING, Status


def _unconfirmed(at: datetime) -> ColumnElement[bool]:
    oldest = at - timedelta(hours=city_rules().confirm_hours)
    return and_(Visit.status == Status.SUBMITTED, Visit.submitted_at <= oldest)


def _open_too_long(at: datetime) -> ColumnElement[bool]:
    return and_(Offer.status == "open", Offer.due_at <= at, ~visitor_is_asked())


def _held_too_long(at: datetime) -> ColumnElement[bool]:
    return and_(Appointment.status == "hold", Appointment.hold_until <= at)


def _ended(at: datetime) -> ColumnElement[bool]:
    live = and_(Appointment.visit_id == Visit.id, Appointment.status != "cancelled")
    return and_(
        Visit.status == Status.CONFIRMED, exists().where(live), ~exists().where(and_(live, Appointment.ends_at > at))
    )


def unconfirmed_ids(*, at: datetime) -> Sequence[int]:
    """Visits whose address was not confirmed within the time allowed (72 hours unless the city says otherwise)."""
    return db.session.scalars(select(Visit.id).where(_unconfirmed(at)).order_by(Visit.id)).all()


def offer_ids(*, at: datetime) -> Sequence[int]:
    """Open offers whose time is over, on visits that still go on; none whose clock stands still."""
    asked = select(Offer.id).join(Visit).where(_open_too_long(at), Visit.status.in_((Status.OFFERED, *PLANNING)))
    return db.session.scalars(asked.order_by(Offer.due_at, Offer.id)).all()


def hold_ids(*, at: datetime) -> Sequence[int]:
    """Holds whose time is over, on visits that are being planned."""
    held = select(Appointment.id).join(Visit).where(_held_too_long(at), Visit.status.in_(PLANNING))
    return db.session.scalars(held.order_by(Appointment.id)).all()


def ended_ids(*, at: datetime) -> Sequence[int]:
    """Confirmed visits whose last stop has ended."""
    return db.session.scalars(select(Visit.id).where(_ended(at)).order_by(Visit.id)).all()


def expire_visit(visit_id: int, *, at: datetime) -> None:
    """Expire it, if it is still due and nobody else is at it."""
    query = select(Visit).where(Visit.id == visit_id, _unconfirmed(at))
    if visit := db.session.scalar(query.with_for_update(skip_locked=True, of=Visit)):
        expire(visit, at=at)


def lapse_offer(offer_id: int, *, at: datetime) -> None:
    """Lapse it, if it is still due and nobody else is at it; the next wave follows."""
    query = select(Offer).where(Offer.id == offer_id, _open_too_long(at))
    if found := db.session.scalar(query.with_for_update(skip_locked=True, of=Offer)):
        lapse(found, at=at)


def lapse_hold_of(appointment_id: int, *, at: datetime) -> None:
    """Lapse it, if it is still due and nobody else is at it."""
    query = select(Appointment).join(Visit).where(Appointment.id == appointment_id, _held_too_long(at))
    if found := db.session.scalar(query.with_for_update(skip_locked=True, of=Visit)):
        lapse_hold(found, at=at)


def complete_visit(visit_id: int, *, at: datetime) -> None:
    """Complete it, if it is still due and nobody else is at it."""
    query = select(Visit).where(Visit.id == visit_id, _ended(at))
    if visit := db.session.scalar(query.with_for_update(skip_locked=True, of=Visit)):
        complete(visit, at=at)
