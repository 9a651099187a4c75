"""What stands in a calendar: one query for a visit, a person, a host, a place or everything, through one reader's eyes.

Who sees what, in one rule: a calendar opens for those in `may_open`; in it a stop of a visit that the reader may see
(rules.may_see_visit) is shown whole, any other stop only as busy: when, and whether it is held or sure. A filter that
asks about the visit leaves busy stops out, as finding them would answer the question.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select, true

from app.core.languages import pick
from app.extensions import db
from app.people.models import Host, Place, User
from app.strategy.models import Partnership, Theme
from app.visits.models import Visit, VisitPartnership, VisitTheme
from app.visits.programme_models import Appointment
from app.visits.queries import seen_by, serves
from app.visits.rules import host_ids

# No stop lasts longer (programming.py refuses it): a span's stops begin less than this before it, which an index finds.
LONGEST = timedelta(hours=24)
LIVE = ("hold", "tentative", "confirmed")


class Of(StrEnum):
    """Whose calendar it is."""

    ALL = "all"
    VISIT = "visit"
    PERSON = "person"
    HOST = "host"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Scope:
    """One calendar: of what, and of which one."""

    of: Of
    id: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a calendar is narrowed to; every field is part of the page's URL."""

    status: tuple[str, ...] = LIVE
    host: str = ""
    place: str = ""
    theme: str = ""
    goal: str = ""
    partnership: str = ""

    @property
    def asks_about_visits(self) -> bool:
        """Whether the answer tells something of a visit that a busy stop hides."""
        return bool(self.host or self.place or self.theme or self.goal or self.partnership)


@dataclass(frozen=True, slots=True)
class Entry:
    """One stop as this reader may see it; of a busy one the texts are empty.

    `is_own`: no stop, but a time that the own calendar of whoever it is says is taken, see taken.py.
    """

    id: int
    starts_at: datetime
    ends_at: datetime
    status: str
    hold_until: datetime | None = None
    is_busy: bool = False
    title: str = ""
    ref: str = ""
    organisation: str = ""
    host: str = ""
    place: str = ""
    contact: str = ""
    is_asked: bool = False
    is_own: bool = False
    is_whole_day: bool = False
    fetched_at: datetime | None = None


def may_open(user: User, scope: Scope) -> bool:
    """Coordinators every calendar; others their own, their hosts', a place's, and of everything what they may see.

    A visit's calendar opens with the visit, see queries.get_visit.
    """
    match scope.of:
        case Of.PERSON:
            return user.is_coordinator or scope.id == user.id
        case Of.HOST:
            return user.is_coordinator or scope.id in host_ids(user)
    return user.is_coordinator or bool(host_ids(user))


def entries_between(
    scope: Scope, start: datetime, end: datetime, user: User, *, language: str, wanted: Wanted | None = None
) -> list[Entry]:
    """The calendar's stops that touch the span from `start` up to `end`, in order; names in that language."""
    wanted = wanted or Wanted()
    seen = seen_by(user)
    query = (
        _columns(seen)
        .where(Appointment.starts_at < end, Appointment.starts_at > start - LONGEST, Appointment.ends_at > start)
        .where(_in_scope(scope), _shown(scope, seen, wanted), *_narrowed(wanted))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    return [_entry(row, language) for row in db.session.execute(query)]


def first_start(scope: Scope) -> datetime | None:
    """When the calendar's first stop that takes place begins: where a visit's calendar opens."""
    query = select(Appointment.starts_at).join(Visit).where(_in_scope(scope), Appointment.status != "cancelled")
    return db.session.scalar(query.order_by(Appointment.starts_at).limit(1))


def _columns(seen: ColumnElement[bool]) -> Select[Any]:
    stop = Appointment
    names = [model.__table__.c[f"name_{code}"].label(f"{label}_{code}") for model, label in NAMED for code in CODES]
    return (
        select(stop.id, stop.starts_at, stop.ends_at, stop.status, stop.hold_until, stop.title, stop.answer)
        .add_columns(stop.place_text, Visit.ref, Visit.organisation, User.name.label("contact"), seen.label("seen"))
        .add_columns(*names)
        .select_from(stop)
        .join(Visit, Visit.id == stop.visit_id)
        .join(Host, Host.id == stop.host_id)
        .outerjoin(Place, Place.id == stop.place_id)
        .outerjoin(User, User.id == stop.contact_id)
    )


NAMED, CODES = ((Host, "host"), (Place, "place")), ("en", "nb", "nn")


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    match scope.of:
        case Of.VISIT:
            return Appointment.visit_id == scope.id
        case Of.PERSON:
            return or_(Appointment.contact_id == scope.id, Visit.lead_user_id == scope.id)
        case Of.HOST:
            return or_(Appointment.host_id == scope.id, Visit.lead_host_id == scope.id)
        case Of.PLACE:
            return Appointment.place_id == scope.id
    return true()


def _shown(scope: Scope, seen: ColumnElement[bool], wanted: Wanted) -> ColumnElement[bool]:
    """Everything shows only what the reader may see; nobody is busy with what was cancelled."""
    if scope.of == Of.ALL or wanted.asks_about_visits:
        return seen
    return or_(Appointment.status != "cancelled", seen)


def _narrowed(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Appointment.status.in_(wanted.status)]
    if wanted.host:
        found.append(Host.slug == wanted.host)
    if wanted.place:
        found.append(Place.slug == wanted.place)
    if wanted.theme:
        found.append(Visit.theme_links.any(VisitTheme.theme.has(Theme.slug == wanted.theme)))
    if wanted.goal:
        found.append(serves(wanted.goal))
    if wanted.partnership:
        through = VisitPartnership.partnership.has(Partnership.slug == wanted.partnership)
        found.append(Visit.partnership_links.any(and_(through)))
    return found


def _entry(row: Row[Any], language: str) -> Entry:
    if not row.seen:
        return Entry(row.id, row.starts_at, row.ends_at, row.status, row.hold_until, is_busy=True)
    return Entry(
        row.id,
        row.starts_at,
        row.ends_at,
        row.status,
        row.hold_until,
        title=row.title,
        ref=row.ref,
        organisation=row.organisation,
        host=_name(row, "host", language),
        place=", ".join(filter(None, (_name(row, "place", language), row.place_text))),
        contact=row.contact or "",
        is_asked=row.answer == "asked" and row.status != "cancelled",
    )


def _name(row: Row[Any], label: str, language: str) -> str:
    return pick({code: getattr(row, f"{label}_{code}") or "" for code in CODES}, language)
