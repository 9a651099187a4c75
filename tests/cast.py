"""The people of the tests, by name: who they are says what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from app.extensions import db
from app.people.models import Host, User
from app.people.users import create_user

# A Monday morning at the venue, well before the demo dates.
MONDAY = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Person:
    """What a member of the cast is made from."""

    email: str
    name: str
    hosts: tuple[str, ...] = ()
    coordinator: bool = False
    admin: bool = False
    language: str = "en"


KARI = Person("kari@bergen.example.org", "Kari Koordinator", coordinator=True)
ADA = Person("ada@bergen.example.org", "Ada Administrator", admin=True)
OLA = Person("ola@bergen.example.org", "Ola Overvann", hosts=("byutvikling",))
ULRIK = Person("ulrik@bergen.example.org", "Ulrik Utvikling", hosts=("byutvikling",), language="nb")
BRITA = Person("brita@bergen.example.org", "Brita Brann", hosts=("brannvesen",), language="nn")
SIRI = Person("siri@klynge.example.org", "Siri Sjømat", hosts=("naeringsklyngene",))
EVERYBODY = (KARI, ADA, OLA, ULRIK, BRITA, SIRI)


def bring(*people: Person) -> list[User]:
    """Make these people in the database of the present application context; flushes."""
    made = [
        create_user(
            p.email,
            name=p.name,
            hosts=p.hosts,
            coordinator=p.coordinator,
            admin=p.admin,
            language=p.language,
            at=MONDAY,
        )
        for p in people
    ]
    db.session.flush()
    return made


def host(slug: str) -> Host:
    """The host with that slug."""
    return db.session.scalars(select(Host).where(Host.slug == slug)).one()
