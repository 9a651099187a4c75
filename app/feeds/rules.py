"""Who may read which feed, and how much of it; asked when one is made and again on every fetch."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.feeds.models import SHARED, Feed, Level, ScopeKind
from app.people.models import User

ALL_HOSTS = "all"


@dataclass(frozen=True, slots=True)
class Reader:
    """What of a person decides what a feed may show: the row, the role, and the hosts in force."""

    user_id: int
    is_active: bool
    is_coordinator: bool
    hosts: frozenset[int]


def reader_of(user: User) -> Reader:
    """The person as rules look at them."""
    hosts = frozenset(host.id for host in user.hosts)
    return Reader(user.id, user.is_active, user.is_coordinator, hosts)


def may_subscribe(reader: Reader, kind: str, scope_id: int) -> bool:
    """Everyone to their own; a host's people to that host; a host's people to what cuts across; coordinators to all.

    What cuts across hosts shows a host's people only what they may see, see `levels_shown`.
    """
    if not reader.is_active:
        return False
    if kind == ScopeKind.MINE:
        return scope_id == reader.user_id
    if reader.is_coordinator:
        return kind in (ScopeKind.HOST, *SHARED) or (kind == ScopeKind.ALL and scope_id == 0)
    if kind == ScopeKind.HOST:
        return scope_id in reader.hosts
    return kind in SHARED and bool(reader.hosts)


def may_change(user: User, feed: Feed) -> bool:
    """A feed belongs to one person, whatever their role."""
    return feed.user_id == user.id and feed.revoked_at is None


def granted_level(reader: Reader, kind: str, level: str) -> str:
    """The level asked for, but never contacts and notes of what cuts across hosts, except to coordinators."""
    if kind in SHARED and level == Level.FULL and not reader.is_coordinator:
        return Level.TEAM
    return level


def hosts_shown(reader: Reader, kind: str) -> str:
    """The hosts by whose eyes the feed is read, ids in order; "all" where everybody who may read it sees the same."""
    if reader.is_coordinator or kind not in (ScopeKind.MINE, *SHARED):
        return ALL_HOSTS
    return ",".join(str(host_id) for host_id in sorted(reader.hosts))


def host_ids_in(hosts: str) -> Collection[int]:
    """The ids in what `hosts_shown` gave."""
    return [int(host_id) for host_id in hosts.split(",") if host_id] or [-1]
