"""Which appointments a feed shows, and until when that stays so while nobody changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from app.core.time import start_of_day, venue_date
from app.extensions import db
from app.feeds.models import ScopeKind
from app.feeds.rules import ALL_HOSTS
from app.visits.models import Visit
from app.visits.programme_models import Appointment, Fragment

# Long enough for programs that look in only now and then; simply leaving is missed by some of them.
CANCELLED_STAYS = timedelta(days=30)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Shown:
    """What decides a feed's content, and so the key of its stored body, together with the scope's version."""

    kind: str
    scope_id: int
    level: str
    language: str
    show_cancelled: bool
    hosts: str = ""  # of a person's own feed: the hosts it may show, see rules.hosts_shown


def fragments_for(shown: Shown, *, at: datetime) -> list[str]:
    """The stored events of the feed, in order of time."""
    chosen = _chosen(select(Fragment.body), shown, at)
    return list(db.session.scalars(chosen.order_by(Appointment.starts_at, Appointment.id)))


def fresh_until(shown: Shown, *, at: datetime) -> datetime:
    """The first moment after `at` at which time alone changes what the feed shows."""
    next_year = start_of_day(date(venue_date(at).year + 1, 1, 1))
    if not shown.show_cancelled:
        return next_year
    cancelled = _chosen(select(func.min(Appointment.changed_at)), shown, at).where(Appointment.status == "cancelled")
    oldest = db.session.scalar(cancelled)
    return next_year if oldest is None else min(next_year, oldest + CANCELLED_STAYS)


def _chosen(columns: Select[Found], shown: Shown, at: datetime) -> Select[Found]:
    return (
        columns.select_from(Fragment)
        .join(Appointment, Appointment.id == Fragment.appointment_id)
        .join(Visit, Visit.id == Appointment.visit_id)
        .where(Fragment.level == shown.level, Fragment.language == shown.language)
        .where(_in_scope(shown), Appointment.ends_at >= shown_since(at), _not_gone(shown, at))
    )


def shown_since(at: datetime) -> datetime:
    """The beginning of last year: what ended before it has left the feeds."""
    return start_of_day(date(venue_date(at).year - 1, 1, 1))


def _in_scope(shown: Shown) -> ColumnElement[bool]:
    match shown.kind:
        case ScopeKind.MINE:
            mine = or_(Appointment.contact_id == shown.scope_id, Visit.lead_user_id == shown.scope_id)
            return and_(mine, _of_hosts(shown.hosts))
        case ScopeKind.HOST:
            return or_(Appointment.host_id == shown.scope_id, Visit.lead_host_id == shown.scope_id)
    return true()


def _of_hosts(hosts: str) -> ColumnElement[bool]:
    if hosts == ALL_HOSTS:
        return true()
    ids = [int(host_id) for host_id in hosts.split(",") if host_id]
    return or_(Appointment.host_id.in_(ids), Visit.lead_host_id.in_(ids))


def _not_gone(shown: Shown, at: datetime) -> ColumnElement[bool]:
    if not shown.show_cancelled:
        return Appointment.status != "cancelled"
    return or_(Appointment.status != "cancelled", Appointment.changed_at > at - CANCELLED_STAYS)
