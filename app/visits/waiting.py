"""What waits for a coordinator: every open request once, under its most urgent heading, with its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from app.core.time import now, venue_date
from app.extensions import db
from app.people.backups import manned_host_ids
from app.planning.clock import ClockReading, elapsed
from app.strategy.settings import city_rules
from app.visits.clocks import response_clock
from app.visits.models import Offer, Visit, VisitGoal, VisitTheme
from app.visits.programme_models import Appointment
from app.visits.rules import is_left_open
from app.visits.statuses import Status
from app.visits.talking import is_waiting_for_visitor

NEAR_DAYS = 10  # a programme should stand this many days before the wished dates begin
# How long after a great change of what they said yes to a visitor may be left unasked, unless it begins soon.
UNASKED, UNASKED_SOON = timedelta(hours=1), timedelta(hours=48)
WAITING = (Status.RECEIVED, Status.OFFERED, Status.CLAIMED, Status.PROPOSED)


class Heading(StrEnum):
    """Why the case is on the list, most urgent first."""

    ALARM = "alarm"  # nobody is left to ask, nobody there can answer, or its days have passed unsettled
    LATE = "late"  # the answer to the visitor is overdue
    DECIDE = "decide"  # received, and routing left the decision to a person
    OVERDUE = "overdue"  # an offer's time is over
    NEAR = "near"  # the wished dates are near and no programme is confirmed
    ASKED = "asked"  # the visitor has been asked; the clock stands still
    RUNNING = "running"  # with hosts, in time


ORDER = tuple(Heading)


@dataclass(frozen=True, slots=True)
class Case:
    """One open request as a coordinator looks at it; `working_days` is how long it has stood as it stands."""

    visit: Visit
    heading: Heading
    alarm: str  # nobody-left | nobody-to-answer | no-offer | days-passed, or empty
    clock: ClockReading
    since: datetime
    working_days: float


def waiting_cases(*, at: datetime | None = None, manned: set[int] | None = None) -> list[Case]:
    """All requests that are received and not yet confirmed, the most urgent first, then by when an answer is due.

    `manned` is what hosts_with_people says, where it is known already.
    """
    at = at or now()
    query = (
        select(Visit)
        .where(Visit.status.in_(WAITING), Visit.received_at.is_not(None))
        .options(
            *(selectinload(part) for part in (Visit.windows, Visit.activities, Visit.messages, Visit.appointments)),
            selectinload(Visit.offers).selectinload(Offer.host),
            selectinload(Visit.theme_links).selectinload(VisitTheme.theme),
            selectinload(Visit.goal_links).selectinload(VisitGoal.goal),
            selectinload(Visit.lead_host),
        )
    )
    days = city_rules().answer_working_days
    people = hosts_with_people() if manned is None else manned
    found = [_case(visit, at, days, people) for visit in db.session.scalars(query)]
    return sorted(found, key=lambda case: (ORDER.index(case.heading), case.clock.due_at, case.visit.id))


def changed_unasked(*, at: datetime | None = None) -> list[tuple[Visit, datetime]]:
    """Confirmed visits with a stop that was changed greatly since, and when it begins: nobody has asked the visitor.

    For an hour that is the lead host's matter alone, unless it begins soon; then the visitor is told as well.
    """
    at = at or now()
    is_old = or_(Appointment.changed_at <= at - UNASKED, Appointment.starts_at <= at + UNASKED_SOON)
    query = (
        select(Visit, func.min(Appointment.starts_at))
        .join(Appointment)
        .where(Visit.status == Status.CONFIRMED, Appointment.status == "tentative", Appointment.answer == "accepted")
        .where(Appointment.starts_at > at, is_old)
        .group_by(Visit.id)
        .order_by(func.min(Appointment.starts_at))
    )
    return [(visit, starts_at) for visit, starts_at in db.session.execute(query).all()]


def count_under(cases: list[Case]) -> dict[Heading, int]:
    """How many cases stand under each heading, in order, those without any included."""
    return {heading: sum(case.heading == heading for case in cases) for heading in ORDER}


def stands_since(visit: Visit) -> datetime:
    """When it got the status it has."""
    changes = [one.at for one in visit.activities if one.status_before != one.status_after]
    return max(changes, default=visit.received_at or visit.submitted_at)


def _case(visit: Visit, at: datetime, days: int, manned: set[int]) -> Case:
    clock = response_clock(visit, at=at, working_days=days)
    assert clock is not None  # every visit of the query was received
    alarm = "days-passed" if is_left_open(visit, at=at) else _alarm(visit, manned)
    since = stands_since(visit)
    stood = elapsed(since, max(since, at)).working_days_used
    return Case(visit, _heading(visit, at, clock, alarm), alarm, clock, since, stood)


def _heading(visit: Visit, at: datetime, clock: ClockReading, alarm: str) -> Heading:
    unanswered = visit.status in (Status.RECEIVED, Status.OFFERED)
    if alarm:
        return Heading.ALARM
    if is_waiting_for_visitor(visit):
        return Heading.ASKED
    if unanswered and clock.late:
        return Heading.LATE
    if visit.status == Status.RECEIVED:
        return Heading.DECIDE
    if any(offer.status == "open" and offer.due_at <= at for offer in visit.offers):
        return Heading.OVERDUE
    return Heading.NEAR if _is_near(visit, venue_date(at)) else Heading.RUNNING


def _alarm(visit: Visit, manned: set[int]) -> str:
    if visit.status == Status.RECEIVED:
        moves = [one.verb for one in visit.activities if one.verb == "return" or one.status_before != one.status_after]
        return "nobody-left" if moves and moves[-1] == "return" else ""
    if visit.status != Status.OFFERED:
        return ""
    asked = [offer.host_id for offer in visit.offers if offer.part == "lead" and offer.status == "open"]
    if not asked:
        return "no-offer"
    return "" if manned & set(asked) else "nobody-to-answer"


def _is_near(visit: Visit, today: date) -> bool:
    first = min((window.starts_on for window in visit.windows), default=None)
    return first is not None and first <= today + timedelta(days=NEAR_DAYS)


def hosts_with_people() -> set[int]:
    """Ids of hosts where at least one person can sign in and answer today, if only a backup."""
    return manned_host_ids()
