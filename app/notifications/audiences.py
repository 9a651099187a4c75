"""Whom a reminder rule names, as the people of one visit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from app.core.time import venue_date
from app.notifications.fitting_people import VISITOR
from app.notifications.recipients import Recipient, as_recipients, coordinators, receiving_hosts, visitor_of
from app.notifications.reminder_moments import Subject
from app.people.backups import is_away, people_for, stand_ins
from app.people.models import Host
from app.visits.programme_models import Appointment


def people_of(audience: Sequence[str], subject: Subject) -> list[Recipient]:
    """Everybody whom these words mean, each once; `backup` adds those who stand in for the hosts named besides."""
    found = [person for word in audience if word in AUDIENCES for person in AUDIENCES[word](subject)]
    if "backup" in audience:
        hosts = {host.id: host for word in audience if word in HOSTS for host in HOSTS[word](subject)}
        found += as_recipients(user for host in hosts.values() for user in stand_ins(host))
    return list({person.key: person for person in found}.values())


def _lead(subject: Subject) -> list[Host]:
    return [subject.visit.lead_host] if subject.visit.lead_host else []


def _co_hosts(subject: Subject) -> list[Host]:
    return [host for host in receiving_hosts(subject.visit) if host.id != subject.visit.lead_host_id]


def _concerned(subject: Subject) -> list[Host]:
    return list(subject.hosts)


def _contacts(stops: Iterable[Appointment]) -> list[Recipient]:
    """The contact persons of these stops; where none is named, or that one is away, the people of the stop's host."""
    people = []
    for stop in stops:
        contact = stop.contact if stop.contact and stop.contact.is_active else None
        people += [contact] if contact else []
        if contact is None or is_away(contact, venue_date(stop.starts_at)):
            people += people_for(stop.host)
    return as_recipients(people)


def _members(hosts: Callable[[Subject], list[Host]]) -> Callable[[Subject], list[Recipient]]:
    return lambda subject: as_recipients(user for host in hosts(subject) for user in host.members)


# The hosts that a word means: the lead, those that take a part, the one that was asked or whose stop it is.
HOSTS: dict[str, Callable[[Subject], list[Host]]] = {"lead": _lead, "co-hosts": _co_hosts, "host": _concerned}
AUDIENCES: dict[str, Callable[[Subject], list[Recipient]]] = {
    VISITOR: lambda subject: visitor_of(subject.visit),
    **{word: _members(hosts) for word, hosts in HOSTS.items()},
    "contacts": lambda subject: _contacts(subject.stops),
    "owner": lambda subject: as_recipients([subject.owner] if subject.owner else []),
    "coordinators": lambda _subject: coordinators(),
    "backup": lambda _subject: [],
}
