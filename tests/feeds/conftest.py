"""A small region for feeds: two hosts, a member of each, a coordinator, and a visit being planned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.feeds.actions import create_feed
from app.feeds.models import Level, ScopeKind
from app.people.actors import by_user
from app.people.models import Host, Membership, User
from app.visits.lifecycle import Plan, add_appointment, move_appointment, remove_appointment
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from tests import cast
from tests.factories import make_visit
from tests.harness.web import CarefulClient

FIRST_DAY = datetime(now().year + 1, 6, 8, 8, tzinfo=UTC)


@dataclass
class Region:
    """The app with ids of people and hosts; every method opens its own short application context."""

    app: Flask
    byutvikling: int = 0
    klyngene: int = 0
    ola: int = 0  # of byutvikling
    siri: int = 0  # of klyngene
    kari: int = 0  # coordinator
    visit: int = 0
    ref: str = ""

    def build(self) -> None:
        """A visit led by byutvikling, and for it by Ola."""
        with self.app.app_context():
            ola, siri, kari = cast.bring(cast.OLA, cast.SIRI, cast.KARI)
            visit = make_visit("claimed", user=ola, at=now(), organisation="Gemeente Utrecht")
            db.session.commit()
            self.byutvikling, self.klyngene = ola.hosts[0].id, siri.hosts[0].id
            self.ola, self.siri, self.kari = ola.id, siri.id, kari.id
            self.visit, self.ref = visit.id, visit.ref

    def plan(self, title: str, *, hours: float, contact: int | None, host: int, note: str = "") -> Plan:
        """An hour of the programme, so many hours after eight in the morning UTC on the first day."""
        starts_at = FIRST_DAY + timedelta(hours=hours)
        return Plan(
            title=title,
            host=db.session.get_one(Host, host),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=1),
            contact=db.session.get(User, contact) if contact else None,
            place_text="Kalfarveien 82",
            note=note,
        )

    def add(
        self, title: str, *, hours: float = 0, contact: int | None = None, host: int | None = None, note: str = ""
    ) -> int:
        """Add an appointment, by Ola; returns its id."""
        with self.app.app_context():
            ola, visit = db.session.get_one(User, self.ola), db.session.get_one(Visit, self.visit)
            plan = self.plan(title, hours=hours, contact=contact, host=host or self.byutvikling, note=note)
            actor = by_user(ola, db.session.get_one(Host, self.byutvikling))
            appointment = add_appointment(visit, plan, by=actor)
            db.session.commit()
            return appointment.id

    def move(self, appointment_id: int, title: str, *, hours: float, contact: int | None = None) -> None:
        """Move an appointment of byutvikling to another hour."""
        with self.app.app_context():
            actor = by_user(db.session.get_one(User, self.ola), db.session.get_one(Host, self.byutvikling))
            plan = self.plan(title, hours=hours, contact=contact, host=self.byutvikling)
            move_appointment(db.session.get_one(Appointment, appointment_id), plan, by=actor)
            db.session.commit()

    def cancel(self, appointment_id: int) -> None:
        """Cancel an appointment."""
        with self.app.app_context():
            actor = by_user(db.session.get_one(User, self.ola), db.session.get_one(Host, self.byutvikling))
            remove_appointment(db.session.get_one(Appointment, appointment_id), by=actor)
            db.session.commit()

    def subscribe(
        self,
        user_id: int,
        *,
        kind: ScopeKind = ScopeKind.MINE,
        scope_id: int | None = None,
        level: Level = Level.TEAM,
        language: str = "en",
        show_cancelled: bool = True,
    ) -> str:
        """Make a feed for that person; returns its path."""
        with self.app.app_context():
            _, token = create_feed(
                by=db.session.get_one(User, user_id),
                name="Phone",
                kind=kind,
                scope_id=user_id if scope_id is None else scope_id,
                level=level,
                language=language,
                show_cancelled=show_cancelled,
            )
            db.session.commit()
            return f"/feeds/{token}.ics"

    def leave(self, user_id: int) -> None:
        """End that person's memberships."""
        with self.app.app_context():
            for membership in db.session.scalars(select(Membership).where(Membership.user_id == user_id)):
                db.session.delete(membership)
            db.session.commit()

    def signed_in(self, user_id: int) -> CarefulClient:
        """A browser in which that person is signed in."""
        with self.app.app_context():
            identity = db.session.get_one(User, user_id).get_id()
        client: Any = self.app.test_client()
        return client.sign_in(identity)


@pytest.fixture
def region(app: Flask) -> Region:
    """The region, written to the test's database."""
    built = Region(app)
    built.build()
    return built


def events_in(body: bytes) -> list[icalendar.Event]:
    """The events of a calendar, in its order."""
    return list(icalendar.Calendar.from_ical(body).events)


def titles(body: bytes) -> list[str]:
    """What the events are called."""
    return [str(event["SUMMARY"]) for event in events_in(body)]


def csrf_token(page: str) -> str:
    """The token of the page's first form."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]
