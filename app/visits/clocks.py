"""The response clock of a visit: local working days since it was received, paused while the visitor is asked."""

from __future__ import annotations

from datetime import datetime

from app.core.time import now
from app.planning.clock import ClockReading, elapsed
from app.strategy.settings import city_rules
from app.visits.models import Activity, Visit
from app.visits.statuses import Status

FIRST_ANSWERS = ("claim", "reassign", "decline", "ask-visitor")


def response_clock(visit: Visit, *, at: datetime | None = None, working_days: int | None = None) -> ClockReading | None:
    """The clock's reading: until the first answer, or still running; None before the visit was received.

    `working_days` spares a list of visits to read the city's rule for each.
    """
    if visit.received_at is None:
        return None
    until = taken_at(visit) or at or now()
    days = working_days or city_rules().answer_working_days
    return elapsed(visit.received_at, until, pauses(visit), working_days=days)


def taken_at(visit: Visit) -> datetime | None:
    """When a host took it or the city declined: the answer the visitor waits for."""
    return _first(visit, ("claim", "reassign", "decline"))


def first_answered_at(visit: Visit) -> datetime | None:
    """When anybody first answered the visitor: a claim, a decline or a question."""
    return _first(visit, FIRST_ANSWERS)


def confirmed_at(visit: Visit) -> datetime | None:
    """When the visitor first accepted the programme."""
    return _first(visit, ("accept",))


def pauses(visit: Visit) -> list[tuple[datetime, datetime | None]]:
    """The spans in which the visitor was asked; the last may be open."""
    spans: list[tuple[datetime, datetime | None]] = []
    for activity in visit.activities:
        is_open = bool(spans) and spans[-1][1] is None
        if activity.verb == "ask-visitor" and not is_open:
            spans.append((activity.at, None))
        elif activity.verb == "answer" and is_open:
            spans[-1] = (spans[-1][0], activity.at)
    return spans


def is_stuck(visit: Visit, *, at: datetime | None = None) -> bool:
    """Whether nobody has taken it and the clock has run out."""
    reading = response_clock(visit, at=at)
    waiting = visit.status in (Status.RECEIVED, Status.OFFERED)
    return waiting and reading is not None and reading.late


def last_change(visit: Visit) -> Activity | None:
    """The latest activity: since when it stands as it does."""
    return visit.activities[-1] if visit.activities else None


def _first(visit: Visit, verbs: tuple[str, ...]) -> datetime | None:
    return min((activity.at for activity in visit.activities if activity.verb in verbs), default=None)
