"""What time alone does to visits: lists of what is due, and one step for each row, safe to run several at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from app.extensions import db
from app.strategy.settings import city_rules
from app.visits.closing import complete, pass_by
from app.visits.models import Activity, Offer, Visit
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


_LIVE = and_(Appointment.visit_id == Visit.id, Appointment.status != "cancelled")
_UNAGREED = (Status.CLAIMED, Status.PROPOSED)


def _over(at: datetime) -> ColumnElement[bool]:
    return and_(exists().where(_LIVE), ~exists().where(and_(_LIVE, Appointment.ends_at > at)))


def _last(verb: str) -> ColumnElement[int]:
    done = select(func.coalesce(func.max(Activity.id), 0)).where(Activity.visit_id == Visit.id, Activity.verb == verb)
    return done.correlate(Visit).scalar_subquery()


def _surely_took_place() -> ColumnElement[bool]:
    """Confirmed; or given to another host since, with every stop as the visitor said yes to it."""
    all_confirmed = ~exists().where(and_(_LIVE, Appointment.status != "confirmed"))
    as_agreed = and_(Visit.status.in_(_UNAGREED), all_confirmed, _last("accept") > _last("ask-for-change"))
    return or_(Visit.status == Status.CONFIRMED, as_agreed)


def _ended(at: datetime) -> ColumnElement[bool]:
    return and_(Visit.status.in_(PLANNING), _over(at), _surely_took_place())


def _left_open(at: datetime) -> ColumnElement[bool]:
    """Over without the last yes, and nobody has been told of that since it was."""
    ended_at = select(func.max(Appointment.ends_at)).where(_LIVE).correlate(Visit).scalar_subquery()
    told = exists().where(Activity.visit_id == Visit.id, Activity.verb == "pass-by", Activity.at >= ended_at)
    return and_(Visit.status.in_(_UNAGREED), _over(at), ~_surely_took_place(), ~told)


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
    """Visits whose last stop has ended and that surely took place."""
    return db.session.scalars(select(Visit.id).where(_ended(at)).order_by(Visit.id)).all()


def left_open_ids(*, at: datetime) -> Sequence[int]:
    """Visits whose last stop has ended, and nobody knows whether they took place."""
    return db.session.scalars(select(Visit.id).where(_left_open(at)).order_by(Visit.id)).all()


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


def tell_of_left_open(visit_id: int, *, at: datetime) -> None:
    """Note that its days have passed, if that is still so and nobody else is at it."""
    query = select(Visit).where(Visit.id == visit_id, _left_open(at))
    if visit := db.session.scalar(query.with_for_update(skip_locked=True, of=Visit)):
        pass_by(visit, at=at)
