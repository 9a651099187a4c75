"""A small town of hosts with a claimed visit, and what its mail server got: for tests of invitations and answers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage

from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import scheduler
from app.core.time import now
from app.extensions import db
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from tests import cast, factories
from tests.cast import KARI, OLA, ULRIK
from tests.harness.web import CarefulClient, Mailbox

Store = Callable[[], AbstractContextManager[Session]]
VISITOR_ADDRESS = factories.WATER.contact_email
DAY = date(2027, 5, 10)


def user(person: cast.Person) -> User:
    return db.session.scalars(select(User).where(User.email == person.email)).one()


def plan_of(stop: Appointment, **changes: object) -> lifecycle.Plan:
    """The stop as it is, with these changes."""
    facts = {
        "title": stop.title, "host": stop.host, "starts_at": stop.starts_at, "ends_at": stop.ends_at,
        "contact": stop.contact, "place": stop.place, "place_text": stop.place_text, "note": stop.note,
    }  # fmt: skip
    return lifecycle.Plan(**(facts | changes))  # type: ignore[arg-type]


@dataclass
class Town:
    """The cast, a claimed visit, and what the mail server got since the last look."""

    app: Flask
    mailbox: Mailbox
    visit_id: int = 0

    @property
    def visit(self) -> Visit:
        return db.session.get_one(Visit, self.visit_id)

    def stop(self, title: str = "Pipe renewal on site") -> Appointment:
        return next(stop for stop in self.visit.appointments if stop.title == title)

    def add(
        self, contact: cast.Person, *, start: str = "09:00", end: str = "11:00", title: str = "Pipe renewal on site"
    ):
        return factories.make_appointment(
            self.visit, user=user(OLA), contact=user(contact), day=DAY, start=start, end=end, title=title,
            host=user(contact).hosts[0], at=now(),
        )  # fmt: skip

    def move(self, stop: Appointment, *, by: cast.Person = OLA, **changes: object) -> None:
        actor = by_user(user(by), user(by).hosts[0])
        lifecycle.move_appointment(stop, plan_of(stop, **changes), by=actor, at=now())

    def confirm(self) -> None:
        lifecycle.propose(self.visit, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
        lifecycle.accept(self.visit, at=now())

    def tick(self) -> None:
        with self.app.app_context():
            scheduler.tell()

    def new_to(self, person: cast.Person | str) -> list[EmailMessage]:
        """The mails to this person since the last call."""
        address = person if isinstance(person, str) else person.email
        found = self.mailbox.to(address)
        self.mailbox.mails = [mail for mail in self.mailbox.mails if mail not in found]
        return found


def calendar_of(mail: EmailMessage) -> Calendar:
    """The calendar part or file of a mail."""
    part = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_payload(decode=True))


def events(mail: EmailMessage) -> list[tuple[str, str, int]]:
    return [(str(e["SUMMARY"]), str(e["STATUS"]), int(e["SEQUENCE"])) for e in calendar_of(mail).walk("VEVENT")]


def brings(mail: EmailMessage) -> str:
    """METHOD of what a mail brings to the calendar; empty where it brings nothing."""
    has = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return str(calendar_of(mail)["METHOD"]) if has else ""


def invitation_at_the_desk(town: Town, store: Store, client: CarefulClient) -> EmailMessage:
    """Ulrik is invited to a stop, and gets this mail; the client is signed in as the coordinator who pastes answers."""
    with store():
        town.add(ULRIK)
        (kari,) = cast.bring(KARI)
        session_id = kari.get_id()
    town.tick()
    (mail,) = town.new_to(ULRIK)
    client.sign_in(session_id)
    return mail
