"""Whose calendar a page shows: its title, its address, and the other calendars its reader may open."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.core.errors import NotFound
from app.extensions import db
from app.people.backups import hosts_of
from app.people.models import Host, Place, User
from app.visits.agenda import Of, Scope, may_open
from app.visits.models import Visit
from app.web.coordinator.checks import Choices, by_name
from app.web.host.acting import reader
from app.web.language import page_language


@dataclass(frozen=True, slots=True)
class Whose:
    """One calendar as a page speaks of it; `back` leads to the page of what it is of."""

    scope: Scope
    title: str
    url: str
    back: tuple[str, str] | None = None


def everything() -> Whose:
    """All a coordinator's city has, or what the reader's hosts have to do with."""
    return Whose(Scope(Of.ALL), _("Calendar"), url_for("calendar.everything"))


def of_reader() -> Whose:
    """The reader's own."""
    return Whose(Scope(Of.PERSON, reader().id), _("My calendar"), url_for("calendar.mine"))


def of_person(user_id: int) -> Whose:
    """A person's, for a coordinator or that person; raises NotFound for everybody else."""
    scope = _checked(Of.PERSON, user_id)
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFound()
    url = url_for("calendar.of_person", user_id=user_id)
    return Whose(scope, _("Calendar of %(name)s", name=user.name), url)


def of_host(host_id: int) -> Whose:
    """A host's, for its people and coordinators; raises NotFound for everybody else."""
    scope = _checked(Of.HOST, host_id)
    host = db.session.get(Host, host_id)
    if host is None:
        raise NotFound()
    url = url_for("calendar.of_host", host_id=host_id)
    return Whose(scope, _("Calendar of %(name)s", name=host.name_in(page_language())), url)


def of_place(place_id: int) -> Whose:
    """A place's, for everybody who receives; raises NotFound where there is none."""
    scope = _checked(Of.PLACE, place_id)
    place = db.session.get(Place, place_id)
    if place is None:
        raise NotFound()
    url, back = url_for("calendar.of_place", place_id=place_id), None
    if reader().is_coordinator:
        back = (place.name_in(page_language()), url_for("coordinator.place_page", place_id=place_id))
    return Whose(scope, _("Calendar of %(name)s", name=place.name_in(page_language())), url, back)


def of_visit(visit: Visit) -> Whose:
    """A visit's; who may see the visit has been asked already."""
    title = _("Calendar of the visit from %(organisation)s", organisation=visit.organisation)
    back = (visit.organisation, url_for("host.visit_page", ref=visit.ref))
    return Whose(Scope(Of.VISIT, visit.id), title, url_for("calendar.of_visit", ref=visit.ref), back)


def near() -> list[Whose]:
    """The calendars a reader needs daily: everything, their own, their hosts'."""
    hosts = sorted(hosts_of(reader()), key=lambda host: host.name_in(page_language()))
    named = [(host, host.name_in(page_language())) for host in hosts]
    own = [Whose(Scope(Of.HOST, host.id), name, url_for("calendar.of_host", host_id=host.id)) for host, name in named]
    first = _("Everything") if reader().is_coordinator else _("All we receive")
    return [Whose(Scope(Of.ALL), first, url_for("calendar.everything")), of_reader(), *own]


def others() -> list[tuple[str, Choices]]:
    """Groups of calendars to choose from: places, and for a coordinator every host and person."""
    groups = [(_("Places"), _kind("place", db.session.scalars(select(Place).where(Place.retired_at.is_(None)))))]
    if reader().is_coordinator:
        hosts = db.session.scalars(select(Host).where(Host.retired_at.is_(None)))
        people = db.session.scalars(select(User).where(User.deactivated_at.is_(None)))
        groups = [
            (_("Hosts"), _kind("host", hosts)),
            *groups,
            (_("People"), by_name((f"person-{one.id}", one.name) for one in people)),
        ]
    return groups


def _kind(kind: str, rows: object) -> Choices:
    return by_name((f"{kind}-{row.id}", row.name_in(page_language())) for row in rows)  # type: ignore[attr-defined]


def _checked(of: Of, row_id: int) -> Scope:
    scope = Scope(of, row_id)
    if not may_open(reader(), scope):
        raise NotFound()
    return scope
