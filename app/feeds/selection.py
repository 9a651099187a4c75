"""Which appointments a feed shows, how much of each, and until when that stays so while nobody changes anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.core.time import UTCDateTime, start_of_day, venue_date
from app.extensions import db
from app.feeds.models import SHARED, Level, ScopeKind
from app.feeds.rules import ALL_HOSTS, host_ids_in
from app.people.models import Place
from app.strategy.queries import goal_and_below
from app.visits.models import Visit, VisitGoal, VisitPartnership, VisitTheme
from app.visits.programme_models import Appointment, Fragment
from app.visits.queries import seen_by_hosts

# Long enough for programs that look in only now and then; simply leaving is missed by some of them.
CANCELLED_STAYS = timedelta(days=30)
_IN_ORDER = (Appointment.starts_at, Appointment.id)


@dataclass(frozen=True, slots=True)
class Shown:
    """What decides a feed's content, and so the key of its stored body, together with the scope's version."""

    kind: str
    scope_id: int
    level: str
    language: str
    show_cancelled: bool
    hosts: str = ALL_HOSTS  # by whose eyes it is read, see rules.hosts_shown


def texts_for(shown: Shown, *, at: datetime) -> dict[int, bytes]:
    """The stored events of the feed by the week they begin in, in order of time.

    PostgreSQL joins them itself, which spares it 10,000 rows.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        joined = func.string_agg(Fragment.body, aggregate_order_by(literal(""), *_IN_ORDER))
        chosen = _chosen(select(Fragment.week, joined), shown).group_by(Fragment.week)
    else:
        chosen = _chosen(select(Fragment.week, Fragment.body), shown).order_by(*_IN_ORDER)
    return by_week((week, body) for week, body in db.session.execute(chosen, time_decides(at)))


def events_of_weeks(shown: Shown, weeks: Select[int]) -> Select[*tuple[Any, ...]]:
    """The statement that finds week and text of each event of these weeks, and when a cancelled one was cancelled."""
    cancelled_at = case((Appointment.status == "cancelled", Appointment.changed_at))
    columns = select(Fragment.week, Fragment.body, cancelled_at)
    return _chosen(columns, shown).where(Fragment.week.in_(weeks)).order_by(*_IN_ORDER)


def by_week(rows: Iterable[tuple[int, str]]) -> dict[int, bytes]:
    """The texts of each week, joined."""
    texts = defaultdict(list)
    for week, body in rows:
        texts[week].append(body)
    return {week: "".join(bodies).encode() for week, bodies in texts.items()}


def fresh_until(shown: Shown, *, at: datetime) -> datetime:
    """The first moment after `at` at which time alone changes what the feed shows."""
    next_year = start_of_day(date(venue_date(at).year + 1, 1, 1))
    if not shown.show_cancelled:
        return next_year
    # Of the whole scope, whatever these readers see of it: too soon does no harm, and looks at appointments alone.
    cancelled = select(func.min(Appointment.changed_at)).join(Visit, Visit.id == Appointment.visit_id)
    leaving = Appointment.status == "cancelled", Appointment.changed_at > at - CANCELLED_STAYS
    oldest = db.session.scalar(cancelled.where(*leaving, in_scope(shown.kind, shown.scope_id)))
    return next_year if oldest is None else min(next_year, oldest + CANCELLED_STAYS)


def shown_since(at: datetime) -> datetime:
    """The beginning of last year: what ended before it has left the feeds."""
    return start_of_day(date(venue_date(at).year - 1, 1, 1))


def time_decides(at: datetime) -> dict[str, datetime]:
    """What of the time decides what is shown, as values of the statements here."""
    return {"ended_since": shown_since(at), "cancelled_since": at - CANCELLED_STAYS}


def _chosen(columns: Select[*tuple[Any, ...]], shown: Shown) -> Select[*tuple[Any, ...]]:
    return (
        columns.select_from(Fragment)
        .join(Appointment, Appointment.id == Fragment.appointment_id)
        .join(Visit, Visit.id == Appointment.visit_id)
        .where(Fragment.language == shown.language, _at_level(shown))
        .where(in_scope(shown.kind, shown.scope_id), _not_gone(shown))
        .where(Appointment.ends_at >= bindparam("ended_since", None, type_=UTCDateTime))
    )


def in_scope(kind: str, scope_id: int) -> ColumnElement[bool]:
    """The condition under which an appointment (of a joined visit) belongs to the scope."""
    match kind:
        case ScopeKind.MINE:
            return or_(Appointment.contact_id == scope_id, Visit.lead_user_id == scope_id)
        case ScopeKind.HOST:
            return or_(Appointment.host_id == scope_id, Visit.lead_host_id == scope_id)
        case ScopeKind.PLACE:
            return Appointment.place_id == scope_id
        case ScopeKind.GOAL:
            serving = and_(VisitGoal.goal_id.in_(goal_and_below(scope_id)), VisitGoal.state != "removed")
            return Visit.id.in_(select(VisitGoal.visit_id).where(serving))
        case ScopeKind.PARTNERSHIP:
            through = VisitPartnership.partnership_id == scope_id
            return Visit.id.in_(select(VisitPartnership.visit_id).where(through))
        case ScopeKind.THEME:
            return Visit.id.in_(select(VisitTheme.visit_id).where(VisitTheme.theme_id == scope_id))
    return true()


def _at_level(shown: Shown) -> ColumnElement[bool]:
    """The feed's level for what the readers may see; of their own rooms also the rest, as busy; nothing else."""
    as_asked = Fragment.level == shown.level
    if shown.hosts == ALL_HOSTS:
        return as_asked
    ids = host_ids_in(shown.hosts)
    if shown.kind not in SHARED:
        return and_(as_asked, or_(Appointment.host_id.in_(ids), Visit.lead_host_id.in_(ids)))
    seen = seen_by_hosts(ids)
    own_room = _own_room(ids) if shown.kind == ScopeKind.PLACE else false()
    return or_(and_(as_asked, seen), and_(Fragment.level == Level.BUSY, own_room, ~seen))


def _own_room(host_ids: object) -> ColumnElement[bool]:
    owned = Place.id == Appointment.place_id, Place.host_id.in_(host_ids)  # type: ignore[arg-type]
    return exists().where(*owned).correlate(Appointment)


def _not_gone(shown: Shown) -> ColumnElement[bool]:
    if not shown.show_cancelled:
        return Appointment.status != "cancelled"
    lately = Appointment.changed_at > bindparam("cancelled_since", None, type_=UTCDateTime)
    return or_(Appointment.status != "cancelled", lately)
