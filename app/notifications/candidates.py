"""The rows that a reminder may concern at some moment: cheap lists, looked at more closely one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import exists, select

from app.core.time import venue_date
from app.extensions import db
from app.strategy.settings import city_rules
from app.visits.models import Activity, Offer, Visit
from app.visits.offer_clock import visitor_is_asked
from app.visits.programme_models import Appointment, FollowUp
from app.visits.statuses import PLANNING, Status

LOOK_BACK = timedelta(days=1)  # what was missed longer ago is not worth a row
ASK_AGAIN = timedelta(hours=24)  # an unconfirmed address
LONGEST_ASKING = timedelta(days=40)  # for a report


def confirmed_for_tomorrow(*, at: datetime) -> Sequence[int]:
    """Confirmed visits with a confirmed stop around tomorrow."""
    return _confirmed_within(timedelta(days=3), at)


def confirmed_for_briefing(*, at: datetime) -> Sequence[int]:
    """Confirmed visits with a confirmed stop within the days that a briefing comes before."""
    return _confirmed_within(timedelta(days=city_rules().briefing_days + 1), at)


def waiting_for_report(*, at: datetime) -> Sequence[int]:
    """Visits carried out in the last weeks and not reported."""
    done = exists().where(
        Activity.visit_id == Visit.id, Activity.verb == "complete", Activity.at > at - LONGEST_ASKING
    )
    return db.session.scalars(select(Visit.id).where(Visit.status == Status.COMPLETED, done)).all()


def offers_ending_today(*, at: datetime) -> Sequence[int]:
    """Open offers whose time is over within a day, on visits that still go on."""
    query = select(Offer.id).join(Visit).where(
        Offer.status == "open",
        ~visitor_is_asked(),
        Offer.due_at > at - LOOK_BACK,
        Offer.due_at < at + timedelta(days=1),
        Visit.status.in_((Status.OFFERED, *PLANNING)),
    )
    return db.session.scalars(query).all()


def holds_ending_tomorrow(*, at: datetime) -> Sequence[int]:
    """Visits with a hold that lapses within two days."""
    held = exists().where(
        Appointment.visit_id == Visit.id, Appointment.status == "hold", Appointment.hold_until < at + timedelta(days=2)
    )
    return db.session.scalars(select(Visit.id).where(Visit.status.in_(PLANNING), held)).all()


def unconfirmed_for_a_day(*, at: datetime) -> Sequence[int]:
    """Requests whose address is still unconfirmed after 24 hours."""
    waiting = select(Visit.id).where(Visit.status == Status.SUBMITTED, Visit.submitted_at <= at - ASK_AGAIN)
    return db.session.scalars(waiting).all()


def follow_ups_due(*, at: datetime) -> Sequence[int]:
    """Commitments due today or in the last week, and not done."""
    today = venue_date(at)
    query = select(FollowUp.id).where(
        FollowUp.done_at.is_(None), FollowUp.due_on <= today, FollowUp.due_on > today - timedelta(days=7)
    )
    return db.session.scalars(query).all()


def _confirmed_within(ahead: timedelta, at: datetime) -> Sequence[int]:
    soon = exists().where(
        Appointment.visit_id == Visit.id,
        Appointment.status == "confirmed",
        Appointment.starts_at > at - LOOK_BACK,
        Appointment.starts_at < at + ahead,
    )
    return db.session.scalars(select(Visit.id).where(Visit.status == Status.CONFIRMED, soon)).all()
