"""What the tests of the host's pages share: people who are signed in, and a visit that they see."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from tests import cast, factories
from tests.harness.web import CarefulClient

Store = Callable[[], AbstractContextManager[Session]]


@dataclass
class Case:
    """One visit led by, or offered to, Ola's host, and a browser for each of the cast."""

    app: Flask
    store: Store
    ref: str = ""
    sessions: dict[str, str] = field(default_factory=dict)

    def browser(self, person: cast.Person) -> CarefulClient:
        """A browser in which that person is signed in."""
        client = self.app.test_client()
        assert isinstance(client, CarefulClient)
        return client.sign_in(self.sessions[person.email])

    def url(self, end: str = "") -> str:
        """The visit's page, or something under it."""
        return f"/visits/{self.ref}{end}"


def open_case(app: Flask, store: Store, until: str = "offered", **changes: object) -> Case:
    """Everybody of the cast, and a visit walked to that step by Ola; Brita's host is asked to lead it too."""
    case = Case(app, store)
    with store():
        people = {person.email: user for person, user in zip(cast.EVERYBODY, cast.bring(*cast.EVERYBODY), strict=True)}
        kari, ola = people[cast.KARI.email], people[cast.OLA.email]
        visit = factories.make_visit("offered", user=ola, **changes)
        if all(offer.host.slug != "brannvesen" for offer in visit.offers):
            lifecycle.offer(visit, cast.host("brannvesen"), by=by_user(kari), at=cast.MONDAY)
        walk_on(visit, until, ola)
        case.ref = visit.ref
        case.sessions = {email: user.get_id() for email, user in people.items()}
    return case


def walk_on(visit: Visit, until: str, user: User) -> None:
    """From offered to that step, with the same verbs as tests/factories.py."""
    from_offered = ("offered", "claimed", "planned", "proposed", "confirmed", "completed", "reported")
    for step in from_offered[1 : from_offered.index(until) + 1]:
        factories._walk(visit, step, user.hosts[0], by_user(user, user.hosts[0]), cast.MONDAY)


def find_visit(session: Session, ref: str) -> Visit:
    """The visit as it stands in the database now."""
    return session.scalars(select(Visit).where(Visit.ref == ref)).one()
