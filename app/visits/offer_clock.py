"""An offer's own clock: working days since the host was asked, standing still while the visitor is asked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from app.core.time import now
from app.extensions import db
from app.planning.clock import ClockReading, elapsed
from app.strategy.settings import city_rules
from app.visits.clocks import pauses
from app.visits.models import Activity, Offer, Visit


def offer_clock(offer: Offer, *, at: datetime | None = None, working_days: int | None = None) -> ClockReading:
    """The reading: until the host answered, or still running; `working_days` spares a list to read the city's rule."""
    until = max(offer.answered_at or at or now(), offer.created_at)
    days = working_days or city_rules().offer_working_days
    return elapsed(offer.created_at, until, pauses(offer.visit), working_days=days)


def open_offer_clocks(
    visit: Visit, *, working_days: int, at: datetime | None = None
) -> list[tuple[Offer, ClockReading]]:
    """The offers that wait for an answer, each with its clock, in the order in which they were made."""
    waiting = [offer for offer in visit.offers if offer.status == "open"]
    return [(offer, offer_clock(offer, at=at, working_days=working_days)) for offer in waiting]


def extend_open_offers(visit: Visit, *, at: datetime) -> list[int]:
    """The visitor has answered: open offers get the time back in which the clock stood still; ids of those that did."""
    db.session.expire(visit, ["activities", "offers"])
    extended = []
    for offer, reading in open_offer_clocks(visit, working_days=city_rules().offer_working_days, at=at):
        if reading.due_at > offer.due_at:
            offer.due_at = reading.due_at
            extended.append(offer.id)
    db.session.flush()
    return extended


def standing_still(offers: Iterable[Offer]) -> set[int]:
    """The ids of those whose clock stands still now."""
    ids = [offer.id for offer in offers]
    return set(db.session.scalars(select(Offer.id).where(Offer.id.in_(ids), visitor_is_asked()))) if ids else set()


def visitor_is_asked() -> ColumnElement[bool]:
    """The condition on an Offer that its clock stands still: the last question to the visitor has no answer."""
    question, reply = aliased(Activity), aliased(Activity)
    answered = exists().where(reply.visit_id == question.visit_id, reply.verb == "answer", reply.id > question.id)
    return exists().where(question.visit_id == Offer.visit_id, question.verb == "ask-visitor", ~answered)
