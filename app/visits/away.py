"""Who is away in a calendar's days: the host or the person it is of, and for everything the hosts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.people.models import Absence, Membership, Place, User
from app.visits.agenda import Of, Scope
from app.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Away:
    """One absence, without its note: who, from which day to which, both included."""

    who: str
    first_on: date
    last_on: date


def away_between(scope: Scope, first: date, last: date, user: User, *, language: str) -> list[Away]:
    """Absences that touch the days; a person's own stands only in that person's calendar."""
    query = (
        select(Absence)
        .where(Absence.starts_on <= last, Absence.ends_on >= first, _concerns(scope, user))
        .options(joinedload(Absence.host), joinedload(Absence.user))
        .order_by(Absence.starts_on, Absence.id)
    )
    return [Away(_whose(row, language), row.starts_on, row.ends_on) for row in db.session.scalars(query)]


def _concerns(scope: Scope, user: User) -> ColumnElement[bool]:
    match scope.of:
        case Of.PERSON:
            hosts = select(Membership.host_id).where(Membership.user_id == scope.id)
            return or_(Absence.user_id == scope.id, Absence.host_id.in_(hosts))
        case Of.HOST:
            return Absence.host_id == scope.id
        case Of.PLACE:
            return Absence.host_id.in_(select(Place.host_id).where(Place.id == scope.id))
        case Of.VISIT:
            return Absence.host_id.in_(select(Visit.lead_host_id).where(Visit.id == scope.id))
    if user.is_coordinator:
        return Absence.host_id.is_not(None)
    mine = [membership.host_id for membership in user.memberships]
    return Absence.host_id.in_(mine) if mine else false()


def _whose(row: Absence, language: str) -> str:
    if row.host is not None:
        return row.host.name_in(language)
    return row.user.name if row.user else ""
