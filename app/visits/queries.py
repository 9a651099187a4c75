"""Reading visits, always through the eyes of one reader: what may not be seen is not found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from app.core.errors import NotFound
from app.core.time import end_of_day, start_of_day
from app.extensions import db
from app.people.models import Host, User
from app.strategy.models import Partnership, Theme
from app.strategy.queries import goal_and_below
from app.visits.models import Offer, Visit, VisitGoal, VisitPartnership, VisitTheme, VisitWindow
from app.visits.programme_models import Appointment, FollowUp
from app.visits.rules import host_ids, may_see_visit
from app.visits.statuses import OPEN, PLANNING, Status


def get_visit(ref: str, user: User) -> Visit:
    """The visit with that reference, for that reader; raises NotFound for unknown and foreign ones alike."""
    if not (ref.isascii() and ref.isprintable()):  # PostgreSQL refuses to look for some letters
        raise NotFound()
    visit = db.session.scalar(select(Visit).where(Visit.ref == ref.upper()))
    if visit is None or not may_see_visit(user, visit):
        raise NotFound()
    return visit


def get_appointment(visit: Visit, appointment_id: int) -> Appointment:
    """The visit's appointment with that id; raises NotFound for another visit's."""
    found = db.session.get(Appointment, appointment_id)
    if found is None or found.visit_id != visit.id:
        raise NotFound()
    return found


def seen_by(user: User) -> ColumnElement[bool]:
    """The condition under which a reader sees a visit; the same rule as rules.may_see_visit, for lists."""
    return Visit.id.is_not(None) if user.is_coordinator else seen_by_hosts(host_ids(user) or {-1})


def seen_by_hosts(mine: Collection[int]) -> ColumnElement[bool]:
    """The condition under which people of these hosts see a visit."""
    # Only the visit comes from outside: the query around may have offers or appointments of its own.
    offered = exists().where(Offer.visit_id == Visit.id, Offer.host_id.in_(mine)).correlate(Visit)
    others = aliased(Appointment)
    planned = exists().where(others.visit_id == Visit.id, others.host_id.in_(mine), others.status != "cancelled")
    return or_(Visit.lead_host_id.in_(mine), offered, planned.correlate(Visit))


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """What a list of visits is narrowed to; every field is part of the page's URL."""

    status: tuple[str, ...] = ()
    host: str = ""
    theme: str = ""
    goal: str = ""
    partnership: str = ""
    country: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    text: str = ""


def visits_where(wanted: VisitFilter, user: User) -> Select[Visit]:
    """Visits the reader sees that fit the filter, newest first."""
    conditions = [seen_by(user), *_conditions(wanted)]
    loading = (selectinload(Visit.lead_host), selectinload(Visit.windows), selectinload(Visit.appointments))
    return select(Visit).where(and_(*conditions)).options(*loading).order_by(Visit.submitted_at.desc(), Visit.id.desc())


def _conditions(wanted: VisitFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.status:
        found.append(Visit.status.in_(wanted.status))
    if wanted.country:
        found.append(Visit.country == wanted.country.upper())
    if wanted.host:
        found.append(_has_host(wanted.host))
    if wanted.theme:
        found.append(Visit.theme_links.any(VisitTheme.theme.has(Theme.slug == wanted.theme)))
    if wanted.goal:
        found.append(serves(wanted.goal))
    if wanted.partnership:
        through = VisitPartnership.partnership.has(Partnership.slug == wanted.partnership)
        found.append(Visit.partnership_links.any(through))
    found += _dates(wanted)
    if wanted.text.strip():
        found.append(_mentions(wanted.text))
    return found


def serves(goal: str) -> ColumnElement[bool]:
    """A visit serves a goal when it is linked to it, or to one below it, and nobody removed the link."""
    return Visit.goal_links.any(and_(VisitGoal.goal_id.in_(goal_and_below(goal)), VisitGoal.state != "removed"))


def _has_host(slug: str) -> ColumnElement[bool]:
    joined = Visit.offers.any(and_(Offer.host.has(Host.slug == slug), Offer.status.in_(("joined", "open", "claimed"))))
    return or_(Visit.lead_host.has(Host.slug == slug), joined)


def _dates(wanted: VisitFilter) -> list[ColumnElement[bool]]:
    if wanted.starts_on is None and wanted.ends_on is None:
        return []
    return [in_span(wanted.starts_on or date(2000, 1, 1), wanted.ends_on or date(2199, 12, 31))]


def in_span(first: date, last: date) -> ColumnElement[bool]:
    """A visit is in a span of dates when an appointment is, or, before there are any, a wished window overlaps it."""
    live = Appointment.status != "cancelled"
    begins = and_(live, Appointment.starts_at < end_of_day(last), Appointment.ends_at >= start_of_day(first))
    wished = and_(~Visit.appointments.any(live), Visit.windows.any(_overlapping(first, last)))
    return or_(Visit.appointments.any(begins), wished)


def _overlapping(first: date, last: date) -> ColumnElement[bool]:
    return and_(VisitWindow.starts_on <= last, VisitWindow.ends_on >= first)


def _mentions(text: str) -> ColumnElement[bool]:
    """Every word occurs in one of the fields a person would look in."""
    fields = (Visit.ref, Visit.organisation, Visit.city, Visit.purpose, Visit.head_name, Visit.contact_name)
    words = text.split()[:10]
    return and_(*(or_(*(field.icontains(word, autoescape=True) for field in fields)) for word in words))


def offers_for(user: User) -> list[Offer]:
    """Open offers to the user's hosts, the soonest due first."""
    query = (
        select(Offer)
        .join(Visit)
        .where(Offer.host_id.in_(host_ids(user) or {-1}), Offer.status == "open", Visit.status.in_(OPEN))
        .options(selectinload(Offer.host), selectinload(Offer.visit).options(*_summary()))
        .order_by(Offer.due_at, Offer.id)
    )
    return list(db.session.scalars(query))


def _summary() -> tuple[_AbstractLoad, ...]:
    """What a card about a visit is made of."""
    themes = selectinload(Visit.theme_links).selectinload(VisitTheme.theme)
    goals = selectinload(Visit.goal_links).selectinload(VisitGoal.goal)
    return selectinload(Visit.windows), selectinload(Visit.appointments), themes, goals


def own_visits(user: User, *statuses: str) -> list[Visit]:
    """Visits led by the user's hosts in these statuses, oldest first."""
    query = select(Visit).where(Visit.lead_host_id.in_(host_ids(user) or {-1}), Visit.status.in_(statuses))
    return list(db.session.scalars(query.order_by(Visit.submitted_at, Visit.id)))


def parts_to_answer(user: User) -> list[Appointment]:
    """Appointments that other hosts asked the user's hosts to take, the soonest first."""
    query = (
        select(Appointment)
        .join(Visit)
        .where(
            Appointment.host_id.in_(host_ids(user) or {-1}),
            Appointment.answer == "asked",
            Appointment.status != "cancelled",
            Visit.status.in_(PLANNING),
        )
        .options(selectinload(Appointment.visit))
        .order_by(Appointment.starts_at)
    )
    return list(db.session.scalars(query))


def follow_ups_of(user: User) -> list[FollowUp]:
    """The user's own commitments that are not done, the soonest first."""
    query = select(FollowUp).where(FollowUp.owner_id == user.id, FollowUp.done_at.is_(None))
    return list(db.session.scalars(query.order_by(FollowUp.due_on, FollowUp.id)))


def appointments_between(start: datetime, end: datetime, user: User) -> list[Appointment]:
    """Appointments the reader sees that overlap the span and are not cancelled, in order."""
    query = (
        select(Appointment)
        .join(Visit)
        .where(
            seen_by(user), Appointment.status != "cancelled", Appointment.starts_at < end, Appointment.ends_at > start
        )
        .options(selectinload(Appointment.visit), selectinload(Appointment.host), selectinload(Appointment.place))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return list(db.session.scalars(query))


def earlier_visits(visit: Visit, *, months: int) -> list[Visit]:
    """The counterpart's other visits of the last `months` (Calgary's rule for repeats), newest first."""
    since = visit.submitted_at.timestamp() - months * 30.44 * 86400
    query = select(Visit).where(
        Visit.counterpart_id == visit.counterpart_id,
        Visit.id != visit.id,
        Visit.submitted_at >= datetime.fromtimestamp(since, tz=visit.submitted_at.tzinfo),
        Visit.submitted_at <= visit.submitted_at,
        Visit.status.not_in((Status.SUBMITTED, Status.EXPIRED, Status.MERGED)),
    )
    return list(db.session.scalars(query.order_by(Visit.submitted_at.desc())))


def count_by_status(user: User) -> dict[str, int]:
    """How many visits the reader sees in each status."""
    rows = db.session.execute(select(Visit.status, func.count()).where(seen_by(user)).group_by(Visit.status))
    return {str(status): int(count) for status, count in rows}
