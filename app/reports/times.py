"""How long visitors waited: from the request received to the first answer, and to the confirmed programme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.people.models import User
from app.planning.clock import elapsed
from app.reports.figures import year_of_visits
from app.strategy.settings import city_rules
from app.visits.clocks import confirmed_at, first_answered_at, pauses
from app.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Waiting:
    """Working days, pauses left out: how many visits, the median, what nine of ten stayed under, how many in time."""

    visits: int
    median_days: float | None
    ninth_decile_days: float | None
    in_time: int | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """The two waits of a year, and the working days the city promises for the first."""

    to_first_answer: Waiting
    to_confirmation: Waiting
    promised_days: int


def times(year: int, user: User) -> Times:
    """The waits of the visits of that year, as this reader sees them."""
    promised = city_rules().answer_working_days
    visits = list(
        db.session.scalars(
            select(Visit)
            .where(year_of_visits(year, user), Visit.received_at.is_not(None))
            .options(selectinload(Visit.activities))
        )
    )
    answered = _days((visit, first_answered_at(visit)) for visit in visits)
    confirmed = _days((visit, confirmed_at(visit)) for visit in visits)
    return Times(
        to_first_answer=_waiting(answered, in_time=sum(days <= promised for days in answered)),
        to_confirmation=_waiting(confirmed),
        promised_days=promised,
    )


def _days(ends: Iterable[tuple[Visit, datetime | None]]) -> list[float]:
    return sorted(
        elapsed(visit.received_at, end, pauses(visit)).working_days_used
        for visit, end in ends
        if end is not None and visit.received_at is not None
    )


def _waiting(days: Sequence[float], in_time: int | None = None) -> Waiting:
    if not days:
        return Waiting(0, None, None, in_time)
    ninth = days[min(len(days) - 1, int(0.9 * len(days)))]
    return Waiting(len(days), round(median(days), 1), round(ninth, 1), in_time)
