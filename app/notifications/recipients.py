"""Who can be told: the visitor, members of hosts, coordinators, owners of follow-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.core.languages import known_language
from app.extensions import db
from app.people.backups import people_for
from app.people.models import Host, User
from app.visits.models import Visit


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person at one address, in that person's language; `user` is None for the visitor."""

    address: str
    language: str
    user: User | None = None

    @property
    def key(self) -> str:
        """What makes this person one: the user's row, or the visit's contact."""
        return f"u{self.user.id}" if self.user else "visitor"


def visitor_of(visit: Visit) -> list[Recipient]:
    """The visit's contact, if an address is known."""
    if not visit.contact_email:
        return []
    return [Recipient(visit.contact_email, known_language(visit.language))]


def as_recipients(users: Iterable[User]) -> list[Recipient]:
    """The active ones of these users, each once, in their order."""
    unique = {user.id: user for user in users if user.is_active}
    return [recipient_of(user) for user in unique.values()]


def recipient_of(user: User) -> Recipient:
    """That person, active or not: what their calendar shows is taken out of it also after they have left."""
    return Recipient(user.email, known_language(user.language), user)


def members_of(hosts: Iterable[Host]) -> list[Recipient]:
    """The active people of these hosts, and those who stand in for them today."""
    return as_recipients(user for host in hosts for user in people_for(host))


def coordinators() -> list[Recipient]:
    """Every active coordinator."""
    found = select(User).where(User.is_coordinator, User.deactivated_at.is_(None)).order_by(User.id)
    return as_recipients(db.session.scalars(found))


def lead_members(visit: Visit) -> list[Recipient]:
    """The people of the lead host; nobody while there is none."""
    return members_of([visit.lead_host] if visit.lead_host else [])


def lead_or_coordinators(visit: Visit) -> list[Recipient]:
    """Those who have the visit in hand: the lead host's people, before the claim the coordinators."""
    return lead_members(visit) or coordinators()


def receiving_hosts(visit: Visit) -> list[Host]:
    """The lead host, the co-hosts that joined and every host with a stop that takes place, each once."""
    hosts = [visit.lead_host] if visit.lead_host else []
    hosts += visit.co_hosts
    hosts += [appointment.host for appointment in visit.appointments if not appointment.is_cancelled]
    return list({host.id: host for host in hosts}.values())
