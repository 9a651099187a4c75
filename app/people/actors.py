"""Who carries out a verb: an argument everywhere, never ambient."""

from __future__ import annotations

from dataclasses import dataclass

from app.people.models import Host, User


@dataclass(frozen=True, slots=True)
class Actor:
    """The visitor, a user (perhaps acting for a host), or the system itself."""

    kind: str  # visitor | user | system
    user: User | None = None
    host: Host | None = None

    @property
    def is_coordinator(self) -> bool:
        """Whether the actor is a coordinator acting as such."""
        return self.user is not None and self.user.is_coordinator


SYSTEM = Actor("system")
VISITOR = Actor("visitor")


def by_user(user: User, host: Host | None = None) -> Actor:
    """The actor for a signed-in person; `host` where the person speaks for one."""
    return Actor("user", user, host)
