"""Who is away or takes no visits in a calendar's days: the host or person it is of, and for everything the hosts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.people.models import Absence, Membership, Place, QuietPeriod, User
from app.visits.agenda import Of, Scope
from app.visits.models import Visit

Kept = TypeVar("Kept", Absence, QuietPeriod)


@dataclass(frozen=True, slots=True)
class Away:
    """An absence or a quiet period, without its note: who, from which day to which, both included."""

    who: str
    first_on: date
    last_on: date
    is_quiet: bool = False  # there, but without visits


def away_between(scope: Scope, first: date, last: date, user: User, *, language: str) -> list[Away]:
    """Absences and quiet periods that touch the days; a person's own stand only in that person's calendar."""
    rows: list[Absence | QuietPeriod] = [*_rows(Absence, scope, first, last, user)]
    rows += _rows(QuietPeriod, scope, first, last, user)
    found = [Away(_whose(row, language), row.starts_on, row.ends_on, isinstance(row, QuietPeriod)) for row in rows]
    return sorted(found, key=lambda one: (one.first_on, one.is_quiet, one.who))


def _rows(model: type[Kept], scope: Scope, first: date, last: date, user: User) -> Sequence[Kept]:
    query = (
        select(model)
        .where(model.starts_on <= last, model.ends_on >= first, _concerns(model, scope, user))
        .options(joinedload(model.host), joinedload(model.user))
    )
    return db.session.scalars(query).all()


def _concerns(model: type[Absence | QuietPeriod], scope: Scope, user: User) -> ColumnElement[bool]:
    match scope.of:
        case Of.PERSON:
            hosts = select(Membership.host_id).where(Membership.user_id == scope.id)
            return or_(model.user_id == scope.id, model.host_id.in_(hosts))
        case Of.HOST:
            return model.host_id == scope.id
        case Of.PLACE:
            return model.host_id.in_(select(Place.host_id).where(Place.id == scope.id))
        case Of.VISIT:
            return model.host_id.in_(select(Visit.lead_host_id).where(Visit.id == scope.id))
    if user.is_coordinator:
        return model.host_id.is_not(None)
    mine = [membership.host_id for membership in user.memberships]
    return model.host_id.in_(mine) if mine else false()


def _whose(row: Absence | QuietPeriod, language: str) -> str:
    if row.host is not None:
        return row.host.name_in(language)
    return row.user.name if row.user else ""
