"""What the tests of the coordinator's and administrator's pages share: signed-in browsers, what pages say, rules."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.extensions import db
from app.notifications.reminder_models import ReminderRule
from app.people.actors import Actor, by_user
from app.people.models import User
from app.visits.models import Visit
from tests import cast
from tests.harness.web import CarefulClient

Store = Callable[[], AbstractContextManager[Session]]


@dataclass
class Office:
    """The cast, and a browser for each of them."""

    app: Flask
    store: Store
    sessions: dict[str, str] = field(default_factory=dict)

    def browser(self, person: cast.Person = cast.KARI) -> CarefulClient:
        """A browser in which that person is signed in; the coordinator unless said otherwise."""
        client = self.app.test_client()
        assert isinstance(client, CarefulClient)
        return client.sign_in(self.sessions[person.email])


def open_office(app: Flask, store: Store) -> Office:
    """Everybody of the cast is known."""
    office = Office(app, store)
    with store():
        office.sessions = {user.email: user.get_id() for user in cast.bring(*cast.EVERYBODY)}
    return office


def user_called(session: Session, person: cast.Person) -> User:
    """That person's row."""
    return session.scalars(select(User).where(User.email == person.email)).one()


def acting(session: Session, person: cast.Person) -> Actor:
    """That person speaking for their first host, if any."""
    user = user_called(session, person)
    return by_user(user, user.hosts[0] if user.hosts else None)


def find_visit(session: Session, ref: str) -> Visit:
    """The visit as it stands in the database now."""
    return session.scalars(select(Visit).where(Visit.ref == ref)).one()


def words_of(page: str) -> str:
    """What a page says in its main part, without tags, spaces made single."""
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", main)).split())


def refs_in(page: str) -> list[str]:
    """The visits that the page's main part links to, in order, each once."""
    main = page.partition("<main")[2]
    return list(dict.fromkeys(re.findall(r'href="/visits/([A-Z0-9]{3}-[A-Z0-9]{3})"', main)))


@contextmanager
def counted_queries(app: Flask) -> Iterator[list[str]]:
    """The statements that the application sends to its database inside the block."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def rule_called(session: Session, slug: str) -> ReminderRule:
    """The reminder rule of that name."""
    return session.scalars(select(ReminderRule).where(ReminderRule.slug == slug)).one()


def number_of(store: Store, slug: str) -> int:
    """The number by which addresses name that rule."""
    with store() as session:
        return rule_called(session, slug).id


def page_of(answer: Any) -> BeautifulSoup:
    """The page of an answer, to look into."""
    return BeautifulSoup(answer.data, "html.parser")
