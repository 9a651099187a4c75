"""Who stands in: an absent host's backup people act for it, see its visits and get its mails while it is away."""

from __future__ import annotations

from datetime import date

from sqlalchemy import inspect, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from app.core.time import now, venue_date
from app.extensions import db
from app.people.models import Absence, Host, Membership, User


def is_away(user: User, day: date) -> bool:
    """Whether the person is absent that day."""
    return any(row.covers(day) for row in user.absences)


def stand_ins(host: Host, *, on: date | None = None) -> list[User]:
    """Active people from outside who act for the host that day, each once, by name.

    An absent host is stood in for by the backup entered with its absence, an absent person by the one entered with
    that absence. Where none of these is there and the host is away, or nobody is left of it, its own backup host does.
    """
    day = on or venue_date(now())
    _load([host])
    members = host.members
    if not _needs_somebody(host, day):
        return []
    own = [row for row in host.absences if row.covers(day)]
    personal = [row for member in members for row in member.absences if row.covers(day)]
    found = [user for row in own + personal for user in _backup_of(row) if not is_away(user, day)]
    if not found and (own or all(is_away(member, day) for member in members)):
        found = [user for user in _people_of(host.backup) if not is_away(user, day)]
    outside = {user.id: user for user in found if user not in members}
    return sorted(outside.values(), key=lambda user: user.name)


def people_for(host: Host, *, on: date | None = None) -> list[User]:
    """Who answers for the host that day: its active people, the absent ones too, then those who stand in."""
    return [*host.members, *stand_ins(host, on=on)]


def has_somebody(host: Host, *, on: date | None = None) -> bool:
    """Whether anybody can answer for the host that day: a member who is not away, or somebody who stands in."""
    day = on or venue_date(now())
    _load([host])
    is_closed = any(row.covers(day) for row in host.absences)
    at_work = not is_closed and any(not is_away(member, day) for member in host.members)
    return at_work or bool(stand_ins(host, on=day))


def manned_host_ids() -> set[int]:
    """Ids of the hosts for which somebody can sign in and answer today."""
    query = select(Host).where(Host.retired_at.is_(None)).options(*_who_is_away())
    return {host.id for host in db.session.scalars(query).all() if has_somebody(host)}


def stood_in_for(user: User, *, on: date | None = None) -> list[Host]:
    """The hosts this person acts for that day without being a member of them, by slug."""
    if not user.is_active:
        return []
    day = on or venue_date(now())
    own = user.hosts
    rows = [row for host in own for row in host.stands_in] + user.stands_in
    backed = [host for one in own for host in one.backs]
    backed += [host for row in rows if row.covers(day) for host in _hosts_away_with(row)]
    candidates = {host.id: host for host in backed if host.retired_at is None and host not in own}
    _load(list(candidates.values()))
    acting = [host for host in candidates.values() if user in stand_ins(host, on=day)]
    return sorted(acting, key=lambda host: host.slug)


def hosts_of(user: User) -> list[Host]:
    """The hosts the user acts for today: as a member, then those stood in for."""
    return [*user.hosts, *stood_in_for(user)]


def _hosts_away_with(row: Absence) -> list[Host]:
    if row.host is not None:
        return [row.host]
    return row.user.hosts if row.user is not None else []


def _backup_of(row: Absence) -> list[User]:
    if row.backup_user is not None:
        return [row.backup_user] if row.backup_user.is_active else []
    return _people_of(row.backup_host)


def _people_of(host: Host | None) -> list[User]:
    return host.members if host is not None and host.retired_at is None else []


def _needs_somebody(host: Host, day: date) -> bool:
    """Whether the host or one of its people is away, or nobody is left of it."""
    everybody = [*host.absences, *(row for member in host.members for row in member.absences)]
    return not host.members or any(row.covers(day) for row in everybody)


def _load(hosts: list[Host]) -> None:
    """Who of them is away, in a few queries for all, once for each session; who stands in is looked up where needed."""
    new = [host.id for host in hosts if "absences" in inspect(host).unloaded]
    if new:
        db.session.scalars(select(Host).where(Host.id.in_(new)).options(*_who_is_away())).all()


def _who_is_away() -> tuple[_AbstractLoad, ...]:
    people = selectinload(Host.memberships).joinedload(Membership.user)
    return selectinload(Host.absences), people.selectinload(User.absences)
