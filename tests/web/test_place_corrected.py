"""A place gets another address or name: whoever is invited there, or follows it in a calendar, hears of it by mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.feeds.actions import create_feed
from app.feeds.models import Level, ScopeKind
from app.people.actors import by_user
from app.people.models import Place
from app.visits import lifecycle
from app.visits.invitation_models import Invitation
from app.visits.models import Activity
from tests import cast, factories
from tests.cast import KARI, OLA, ULRIK
from tests.harness.web import CarefulClient, Mailbox
from tests.notifications.town import VISITOR_ADDRESS, Town, brings, calendar_of, user
from tests.web.office import Store, open_office, words_of

SOON, LATER = date(2027, 3, 3), date(2027, 3, 9)  # the clock stands at 9 on 2 March
OLD, NEW = "Town Hall, Rådhusgaten 10", "Town Hall, Nygata 99"
FORM = {
    "name_en": "Town Hall", "name_nb": "Rådhuset", "name_nn": "", "address": "Rådhusgaten 10", "host": "",
    "capacity": "", "latitude": "", "longitude": "", "note": "",
}  # fmt: skip


@dataclass
class Hall:
    """Ola's confirmed visit with two stops in the town hall, his own and Ulrik's, a week away, and one elsewhere."""

    town: Town
    store: Store
    clock: time_machine.Traveller
    browser: CarefulClient
    place: int

    def save(self, **changes: str) -> str:
        """What the coordinator saves on the place's page."""
        assert self.browser.post(f"/places/{self.place}", data=FORM | changes).status_code == 303
        self.town.tick()
        return self.browser.get("/places").text

    def to(self, person: cast.Person | str) -> list[EmailMessage]:
        return self.town.new_to(person)


@pytest.fixture
def hall(app: Flask, store: Store, mailbox: Mailbox, clock: time_machine.Traveller) -> Hall:
    office, town = open_office(app, store), Town(app, mailbox)
    with store() as session:
        user(ULRIK).language = user(OLA).language = "en"
        place = Place(slug="hall", name_en="Town Hall", name_nb="Rådhuset", address="Rådhusgaten 10")
        session.add(place)
        session.flush()
        town.visit_id = factories.make_visit("claimed", user=user(OLA)).id
        for contact, start, end, title in ((OLA, "09:00", "10:00", "Welcome"), (ULRIK, "10:00", "11:00", "Tour")):
            factories.make_appointment(
                town.visit, user=user(OLA), contact=user(contact), day=LATER, start=start, end=end, title=title,
                place=place, at=now(),
            )  # fmt: skip
        town.visit.invitations = user(OLA).invitations = user(ULRIK).invitations = "together"  # few mails
        town.confirm()
        number = place.id
    town.tick()
    mailbox.mails.clear()
    return Hall(town, store, clock, office.browser(KARI), number)


def text_of(mail: EmailMessage) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]


def locations(mail: EmailMessage) -> list[str]:
    return [str(event["LOCATION"]) for event in calendar_of(mail).walk("VEVENT")]


def test_everybody_invited_there_gets_one_mail_with_the_old_and_the_new_address(hall: Hall) -> None:
    hall.save(address="Nygata 99")
    (visitor,), (ulrik,) = hall.to(VISITOR_ADDRESS), hall.to(ULRIK)
    assert [locations(visitor), locations(ulrik)] == [[NEW, NEW], [NEW]]
    assert (brings(ulrik), ulrik["X-Envelope-To"]) == ("REQUEST", ULRIK.email)
    for mail in (visitor, ulrik):
        assert (NEW in text_of(mail), OLD in text_of(mail).replace(NEW, "")) == (True, True)
    hall.town.tick()
    hall.save(address="Nygata 99")
    assert [hall.to(VISITOR_ADDRESS), hall.to(ULRIK)] == [[], []]


def test_answer_to_the_invitation_stands(hall: Hall) -> None:
    with hall.store() as session:
        mine = session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
        mine.partstat, mine.answered_at = "ACCEPTED", now()
    hall.save(address="Nygata 99")
    (mail,) = hall.to(ULRIK)
    assert calendar_of(mail).walk("VEVENT")[0]["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    with hall.store() as session:
        mine = session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
        assert mine.partstat == "ACCEPTED"


def test_coordinates_notes_and_names_in_languages_that_a_reader_does_not_read_tell_nobody(hall: Hall) -> None:
    hall.save(latitude="60.39", longitude="5.33", note="Ring the bell", capacity="40")
    hall.save(name_nn="Rådhuset på hjørnet", latitude="60.39", longitude="5.33")
    assert hall.town.mailbox.mails == []


def test_address_that_is_put_back_before_anybody_heard_of_it_tells_nobody(hall: Hall) -> None:
    for address in ("Nygata 99", "Rådhusgaten 10"):
        hall.browser.post(f"/places/{hall.place}", data=FORM | {"address": address})
    with hall.store() as session:
        assert len(session.scalars(select(Activity).where(Activity.verb == "correct-place")).all()) == 2
    hall.town.tick()
    assert hall.town.mailbox.mails == []


def test_mail_that_waits_tells_the_address_of_the_moment_in_which_it_leaves(hall: Hall) -> None:
    hall.save(address="Nygata 98")
    (first,) = hall.to(ULRIK)
    hall.save(address="Nygata 99")
    (second,) = hall.to(ULRIK)
    assert [locations(first), locations(second)] == [["Town Hall, Nygata 98"], [NEW]]
    assert ("Nygata 98" in text_of(second), "Rådhusgaten" in text_of(second)) == (True, False)


def test_what_is_over_or_cancelled_tells_nobody(hall: Hall) -> None:
    with hall.store():
        lifecycle.cancel(hall.town.visit, reason="Strike", by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    hall.town.tick()
    hall.town.mailbox.mails.clear()
    hall.save(address="Nygata 99")
    assert hall.town.mailbox.mails == []


def test_page_says_before_saving_how_many_are_told(hall: Hall) -> None:
    page = words_of(hall.browser.get(f"/places/{hall.place}").text)
    assert "3 people who are invited to coming appointments here get a mail if you change" in page
    assert "who is invited" not in words_of(hall.browser.get("/places/new").text)
    hall.save(address="Nygata 99")
    assert sorted(mail["X-Envelope-To"] for mail in hall.town.mailbox.mails) == sorted(
        [VISITOR_ADDRESS, OLA.email, ULRIK.email]
    )


def test_follower_whose_calendar_has_not_fetched_the_new_address_hears_of_it(hall: Hall) -> None:
    with hall.store():
        ulrik, ola = user(ULRIK), user(OLA)
        feed = {"kind": ScopeKind.HOST, "scope_id": ulrik.hosts[0].id, "level": Level.TEAM, "language": "en"}
        _, token = create_feed(by=ulrik, name="x", **feed)
        visit = factories.make_visit("claimed", user=ola, organisation="Tartu", themes=[], purpose="Fish.")
        for start, end, place in (("14:00", "15:00", db.session.get(Place, hall.place)), ("16:00", "17:00", None)):
            factories.make_appointment(
                visit, user=ola, contact=ola, day=SOON, start=start, end=end, title=start, place=place, at=now()
            )
    hall.town.tick()
    assert hall.town.app.test_client().get(f"/feeds/{token}.ics").status_code == 200
    hall.clock.shift(timedelta(minutes=20))
    hall.town.mailbox.mails.clear()
    hall.save(address="Nygata 99")
    (invited,) = hall.to(ULRIK)
    hall.clock.shift(timedelta(hours=1))
    hall.town.tick()
    (mail,) = hall.to(ULRIK)
    assert (invited["Subject"], mail["Subject"]) == (
        "For your calendar: visit from Gemeente Utrecht, Stadsingenieurs", "Changed shortly before: Tartu",
    )  # fmt: skip
    text = text_of(mail)
    assert NEW in text.split(" – before: ")[0]
    assert OLD in text.split(" – before: ")[1]
    assert "16:00" not in text
