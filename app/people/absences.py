"""Who is away when: entering absences, and the spans in which a host has nobody."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import and_, delete, or_, select

from app.core.errors import Invalid
from app.core.text import clean_line
from app.core.time import venue_date
from app.extensions import db
from app.people.models import Absence, Host, Membership, User

Span = tuple[date, date]
LONGEST = timedelta(days=730)
KEPT = timedelta(days=365)  # after its end; then nobody needs to know who was away


def enter_absence(
    who: Host | User, span: Span, *, backup: Host | User | None = None, note: str = "", by: User, at: datetime
) -> Absence:
    """Write down that a host or a person is away, both days included; raises Invalid for what cannot be."""
    first, last = span
    if last < first:
        raise Invalid("order", "ends_on")
    if last < venue_date(at) or last - first > LONGEST:
        raise Invalid("range", "ends_on")
    if backup is who:
        raise Invalid("choice", "backup")
    made = Absence(starts_on=first, ends_on=last, note=clean_line(note), created_at=at, created_by_id=by.id)
    made.host, made.user = (who, None) if isinstance(who, Host) else (None, who)
    if isinstance(backup, Host):
        made.backup_host = backup
    elif backup is not None:
        made.backup_user = backup
    db.session.add(made)
    db.session.flush()
    return made


def remove_absence(absence: Absence) -> None:
    """Take it back: it was a mistake, or they came home early."""
    absence.backup_host, absence.backup_user = None, None
    if absence.host is not None:
        absence.host.absences.remove(absence)
    elif absence.user is not None:
        absence.user.absences.remove(absence)
    db.session.flush()


def coming_absences(*, hosts: Iterable[Host] = (), users: Iterable[User] = (), today: date) -> list[Absence]:
    """Absences of these hosts and people that are not over, the soonest first."""
    concerned = or_(
        Absence.host_id.in_([host.id for host in hosts] or [-1]),
        Absence.user_id.in_([user.id for user in users] or [-1]),
    )
    query = select(Absence).where(concerned, Absence.ends_on >= today).order_by(Absence.starts_on, Absence.id)
    return list(db.session.scalars(query))


def drop_old_absences(at: datetime) -> int:
    """Absences that ended a year ago."""
    old = delete(Absence).where(Absence.ends_on < venue_date(at) - KEPT)
    return db.session.connection().execute(old).rowcount


def away_spans(hosts: Sequence[Host], *, today: date) -> dict[int, tuple[Span, ...]]:
    """Per host's id the coming spans in which it, or every one of its people, is away; none, no entry."""
    own: dict[int, list[Span]] = {}
    personal: dict[int, list[Span]] = {}
    for row in db.session.scalars(select(Absence).where(Absence.ends_on >= today)):
        if row.host_id is not None:
            own.setdefault(row.host_id, []).append((row.starts_on, row.ends_on))
        elif row.user_id is not None:
            personal.setdefault(row.user_id, []).append((row.starts_on, row.ends_on))
    people = _members_by_host() if personal else {}
    found = {
        host.id: (*own.get(host.id, []), *all_away([personal.get(one, []) for one in people.get(host.id, [])]))
        for host in hosts
    }
    return {host_id: spans for host_id, spans in found.items() if spans}


def all_away(people: Sequence[Sequence[Span]]) -> tuple[Span, ...]:
    """The spans that everybody's spans share; nobody at all is not away."""
    shared = list(people[0]) if people else []
    for spans in people[1:]:
        pairs = [(max(a, c), min(b, d)) for a, b in shared for c, d in spans]
        shared = [(first, last) for first, last in pairs if first <= last]
    return tuple(sorted(set(shared)))


def _members_by_host() -> dict[int, list[int]]:
    active = and_(Membership.user_id == User.id, User.deactivated_at.is_(None))
    found: dict[int, list[int]] = {}
    for host_id, user_id in db.session.execute(select(Membership.host_id, User.id).join(User, active)):
        found.setdefault(host_id, []).append(user_id)
    return found
