"""Contests for one slot, as the suite runs them shortly and `make acceptance` at full length."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.extensions import db
from app.people.models import Place
from app.planning.overlaps import Interval, overlapping_pairs
from app.visits.programme_models import Appointment
from tests import cast
from tests.factories import make_visit
from tests.harness.crowd import Answer, Crowd, Post

Store = Callable[[], AbstractContextManager[Session]]
FIRST = date(2027, 5, 10)
SLOTS_A_DAY = 28  # of 15 minutes, from 8 to 15


@dataclass
class Contest:
    """Visits of one host whose people all want the same person, or the same exclusive room."""

    crowd: Crowd
    store: Store
    refs: list[str]
    users: list[str]
    contact: str
    siri: str
    siri_ref: str

    def round(self, number: int, rivals: int) -> list[Answer]:
        """One slot, wanted by that many at once: of Ola in even rounds, of the room in odd ones."""
        refs, users = cycle(self.refs), cycle(self.users)
        form = self.form(number)
        posts = [
            Post(user, f"/visits/{ref}/appointments/new", form)
            for ref, user in islice(zip(refs, users, strict=False), rivals)
        ]
        return self.crowd.send(posts)

    def form(self, number: int, **changes: str) -> dict[str, str]:
        """The form for the slot of that round."""
        day, slot = divmod(number, SLOTS_A_DAY)
        starts = datetime(2027, 5, 10, 8) + timedelta(minutes=15 * slot)
        of_room = number % 2 == 1
        return {
            "title": f"Contest {number}",
            "on": (FIRST + timedelta(days=day)).isoformat(),
            "starts": f"{starts:%H:%M}",
            "ends": f"{starts + timedelta(minutes=15):%H:%M}",
            "host": "byutvikling",
            "contact": "" if of_room else self.contact,
            "place": "test-hall" if of_room else "",
            "place_text": "",
            "note": "",
        } | changes

    def double_bookings(self) -> int:
        """Pairs of stops that have the same person, or the same exclusive room, at the same time."""
        with self.store() as session:
            stops = session.scalars(select(Appointment).where(Appointment.status != "cancelled")).all()
            by_owner: dict[tuple[str, int], list[Interval]] = {}
            for stop in stops:
                for kind, owner in (("person", stop.contact_id), ("place", stop.exclusive_place_id)):
                    if owner is not None:
                        by_owner.setdefault((kind, owner), []).append(Interval(stop.starts_at, stop.ends_at))
        return sum(len(overlapping_pairs(intervals)) for intervals in by_owner.values())


def open_contest(crowd: Crowd, store: Store, visits: int = 4) -> Contest:
    """Visits led by Ola's host, one by Siri's, and a room for one group at a time."""
    with store() as session:
        kari, ola, ulrik, siri = cast.bring(cast.KARI, cast.OLA, cast.ULRIK, cast.SIRI)
        session.add(
            Place(slug="test-hall", name_en="Test Hall", name_nb="Testhallen", name_nn="Testhallen", exclusive=True)
        )
        refs = [make_visit("claimed", user=ola).ref for _number in range(visits)]
        siri_ref = make_visit("claimed", user=siri).ref
        users = [user.get_id() for user in (ola, ulrik, kari)]
        return Contest(crowd, store, refs, users, str(ola.id), siri.get_id(), siri_ref)


def statuses(rounds: list[list[Answer]]) -> Counter[tuple[tuple[int, int], ...]]:
    """How often the rounds ended how: ((303, 1), (409, 31)) is one winner."""
    return Counter(tuple(sorted(Counter(answer.status for answer in answers).items())) for answers in rounds)


@contextmanager
def without_the_databases_rule(store: Store) -> Iterator[None]:
    """Take the guard away, as a control: what happens when only the application looks. Afterwards it is back."""
    with store() as session:
        on_postgresql = db.engine.dialect.name == "postgresql"
        rules = dict(map(tuple, session.execute(text(RULES["postgresql" if on_postgresql else "sqlite"]))))
        for name in rules:
            session.execute(
                text(f"ALTER TABLE appointment DROP CONSTRAINT {name}" if on_postgresql else f"DROP TRIGGER {name}")
            )
    try:
        yield
    finally:
        with store() as session:
            session.execute(text("TRUNCATE appointment CASCADE" if on_postgresql else "DELETE FROM appointment"))
            for name, rule in rules.items():
                session.execute(
                    text(f"ALTER TABLE appointment ADD CONSTRAINT {name} {rule}" if on_postgresql else rule)
                )


RULES = {
    "postgresql": "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE conname LIKE 'appointment_%_overlap'",
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'appointment_%_overlap_%'",
}


def booked_twice(store: Store) -> int:
    """Rounds whose slot more than one has."""
    with store() as session:
        titles = Counter(session.scalars(select(Appointment.title).where(Appointment.status != "cancelled")))
    return sum(count > 1 for count in titles.values())
