"""Who may read which feed; asked when one is made and again on every fetch."""

from __future__ import annotations

from app.feeds.models import Feed, ScopeKind
from app.people.models import User

ALL_HOSTS = "all"


def may_subscribe(user: User, kind: str, scope_id: int) -> bool:
    """Everyone to their own; members and coordinators to a host's; coordinators to all."""
    if not user.is_active:
        return False
    match kind:
        case ScopeKind.MINE:
            return scope_id == user.id
        case ScopeKind.HOST:
            return user.is_coordinator or any(host.id == scope_id for host in user.hosts)
        case ScopeKind.ALL:
            return user.is_coordinator and scope_id == 0
    return False


def may_change(user: User, feed: Feed) -> bool:
    """A feed belongs to one person, whatever their role."""
    return feed.user_id == user.id and feed.revoked_at is None


def hosts_shown(feed: Feed) -> str:
    """For a person's own feed, the hosts whose visits it may show: ids in order, or "all" for a coordinator."""
    if feed.scope_kind != ScopeKind.MINE or feed.user.is_coordinator:
        return ALL_HOSTS
    return ",".join(str(host_id) for host_id in sorted(host.id for host in feed.user.hosts))
