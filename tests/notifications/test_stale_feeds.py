"""Whoever relies on a feed hears by mail of a change shortly before the start, unless it was fetched meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.feeds.actions import create_feed
from app.feeds.models import Feed, Level, ScopeKind
from app.people.actors import by_user
from app.people.models import Place
from app.visits import lifecycle
from tests import cast, factories
from tests.cast import BRITA, OLA, ULRIK
from tests.notifications.town import Store, Town, user

SOON, LATER = date(2027, 3, 3), date(2027, 3, 9)  # the clock stands at 9 on 2 March
SUBJECT = "Changed shortly before: Gemeente Utrecht, Stadsingenieurs"


@dataclass
class Subscriber:
    """Ulrik, whose program fetches the feed of his host; he leads nothing and is the contact of nothing."""

    town: Town
    store: Store
    clock: time_machine.Traveller
    path: str = ""

    def subscribe(self, person: cast.Person = ULRIK) -> None:
        with self.store():
            one = user(person)
            _, token = create_feed(
                by=one, name="x", kind=ScopeKind.HOST, scope_id=one.hosts[0].id, level=Level.TEAM, language="en"
            )
            self.path = f"/feeds/{token}.ics"

    def fetch(self) -> None:
        assert self.town.app.test_client().get(self.path).status_code == 200

    def subjects(self, *, after: timedelta = timedelta(0), person: cast.Person = ULRIK) -> list[str]:
        """What was mailed to the person, so much later."""
        self.clock.shift(after)
        self.town.tick()
        return [str(mail["Subject"]) for mail in self.town.new_to(person)]


@pytest.fixture
def ulrik(town: Town, store: Store, clock: time_machine.Traveller) -> Subscriber:
    found = Subscriber(town, store, clock)
    with store():
        user(ULRIK).language = "en"
        factories.make_appointment(town.visit, user=user(OLA), day=SOON, start="14:00", end="15:00", at=now())
    found.subscribe()
    found.fetch()
    found.subjects(after=timedelta(minutes=20))
    return found


def move_by(ulrik: Subscriber, **span: int) -> None:
    with ulrik.store():
        stop = ulrik.town.stop()
        ulrik.town.move(stop, starts_at=stop.starts_at + timedelta(**span), ends_at=stop.ends_at + timedelta(**span))


HOUR = timedelta(hours=1)


def test_subscriber_is_mailed_an_hour_after_a_change_that_was_not_fetched_and_only_once(ulrik: Subscriber) -> None:
    move_by(ulrik, minutes=30)
    early = ulrik.subjects(after=timedelta(minutes=59))
    ulrik.clock.shift(timedelta(minutes=1))
    ulrik.town.tick()
    mails = ulrik.town.new_to(ULRIK)
    assert (early, [mail["Subject"] for mail in mails]) == ([], [SUBJECT])
    text = mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert ("14:30" in text.split(" – before: ")[0], "14:00" in text.split(" – before: ")[1]) == (True, True)
    assert [ulrik.subjects(after=HOUR) for _ in range(3)] == [[], [], []]


def test_subscriber_whose_program_fetched_meanwhile_is_not_mailed(ulrik: Subscriber) -> None:
    move_by(ulrik, minutes=30)
    ulrik.subjects(after=timedelta(minutes=30))
    ulrik.fetch()
    assert ulrik.subjects(after=HOUR) == []


def test_change_of_what_starts_in_three_days_is_left_to_the_feed(ulrik: Subscriber) -> None:
    with ulrik.store():
        far = factories.make_appointment(
            ulrik.town.visit, user=user(OLA), day=LATER, start="10:00", end="11:00", title="Far", at=now()
        )
        ulrik.town.move(far, starts_at=far.starts_at + HOUR, ends_at=far.ends_at + HOUR)
    assert ulrik.subjects(after=2 * HOUR) == []


def test_what_moves_away_to_next_week_is_told_all_the_same(ulrik: Subscriber) -> None:
    move_by(ulrik, days=7)
    assert ulrik.subjects(after=HOUR) == [SUBJECT]


def test_another_place_is_told(ulrik: Subscriber) -> None:
    with ulrik.store():
        ulrik.town.move(ulrik.town.stop(), place=db.session.get(Place, 1), place_text="")
    assert ulrik.subjects(after=HOUR) == [SUBJECT]


def test_another_title_is_left_to_the_feed(ulrik: Subscriber) -> None:
    with ulrik.store():
        ulrik.town.move(ulrik.town.stop(), title="Another title")
    assert ulrik.subjects(after=2 * HOUR) == []


def test_cancelling_is_told_as_cancelled(ulrik: Subscriber) -> None:
    with ulrik.store():
        lifecycle.remove_appointment(ulrik.town.stop(), by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    ulrik.clock.shift(HOUR)
    ulrik.town.tick()
    mails = ulrik.town.new_to(ULRIK)
    assert [mail["Subject"] for mail in mails] == [SUBJECT]
    assert "Cancelled: " in mails[0].get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_change_two_hours_before_the_start_is_mailed_at_once(ulrik: Subscriber) -> None:
    ulrik.clock.move_to(factories._wall(SOON, "11:30"))
    ulrik.fetch()
    ulrik.clock.shift(timedelta(minutes=20))
    move_by(ulrik, minutes=30)
    assert ulrik.subjects() == [SUBJECT]


def test_changed_again_before_the_mail_leaves_one_mail_about_the_last_change(ulrik: Subscriber) -> None:
    move_by(ulrik, minutes=30)
    ulrik.subjects(after=timedelta(minutes=30))
    move_by(ulrik, minutes=30)
    assert [ulrik.subjects(after=timedelta(minutes=30)), ulrik.subjects(after=timedelta(minutes=30))] == [[], [SUBJECT]]


def test_whoever_is_told_by_another_mail_gets_no_second_one(ulrik: Subscriber) -> None:
    ulrik.subscribe(BRITA)
    with ulrik.store():
        stop = ulrik.town.stop()
        ulrik.town.move(stop, host=user(BRITA).hosts[0], contact=user(BRITA))
    ulrik.subjects(person=BRITA)
    ulrik.fetch()
    ulrik.subjects(after=timedelta(minutes=20), person=BRITA)
    move_by(ulrik, minutes=30)
    told = ulrik.subjects(person=BRITA) + ulrik.subjects(after=2 * HOUR, person=BRITA)
    assert (len(told), SUBJECT in told) == (1, False)


def test_feed_that_nothing_ever_fetched_or_that_is_revoked_is_not_relied_on(
    town: Town, store: Store, clock: time_machine.Traveller
) -> None:
    ulrik = Subscriber(town, store, clock)
    ulrik.subscribe()
    with store():
        factories.make_appointment(town.visit, user=user(OLA), day=SOON, start="14:00", end="15:00", at=now())
    move_by(ulrik, minutes=30)
    assert [SUBJECT in ulrik.subjects(after=HOUR), SUBJECT in ulrik.subjects(after=HOUR)] == [False, False]


def test_contact_person_who_gets_the_change_as_an_invitation_gets_no_second_mail(ulrik: Subscriber) -> None:
    with ulrik.store():
        ulrik.town.move(ulrik.town.stop(), contact=user(ULRIK))
    invited = ulrik.subjects()
    ulrik.fetch()
    ulrik.subjects(after=timedelta(minutes=20))
    move_by(ulrik, minutes=30)
    at_once, afterwards = ulrik.subjects(), ulrik.subjects(after=2 * HOUR)
    assert (len(invited), len(at_once), SUBJECT in at_once, afterwards) == (1, 1, False, [])


def texts(ulrik: Subscriber, *, after: timedelta = HOUR, person: cast.Person = ULRIK) -> list[str]:
    """The mails to the person so much later, as text in one line each."""
    ulrik.clock.shift(after)
    ulrik.town.tick()
    mails = ulrik.town.new_to(person)
    return [" ".join(mail.get_body(("plain",)).get_content().split()) for mail in mails]  # type: ignore[union-attr]


def add_to(ulrik: Subscriber, *titles: str, day: date = SOON) -> None:
    """Stops of Ola's own, added in one go."""
    with ulrik.store():
        for number, title in enumerate(titles):
            times = {"start": f"{16 + number}:00", "end": f"{16 + number}:30"}
            factories.make_appointment(ulrik.town.visit, user=user(OLA), day=day, title=title, at=now(), **times)


def test_stop_added_shortly_before_is_told_and_several_of_one_moment_in_one_mail(ulrik: Subscriber) -> None:
    add_to(ulrik, "Tea", "Farewell")
    add_to(ulrik, "Next week", day=LATER)
    (text,) = texts(ulrik)
    assert ["New: " in text, "Tea" in text, "Farewell" in text, "Next week" in text] == [True, True, True, False]
    assert texts(ulrik) == []


def test_added_stop_that_was_fetched_or_told_by_another_mail_is_not_told_again(ulrik: Subscriber) -> None:
    add_to(ulrik, "Tea")
    ulrik.clock.shift(timedelta(minutes=20))
    ulrik.fetch()
    assert texts(ulrik) == []
    with ulrik.store():
        factories.make_appointment(
            ulrik.town.visit, user=user(OLA), contact=user(ULRIK), day=SOON, start="17:00", end="17:30", title="Coffee",
            at=now(),
        )  # fmt: skip
    assert len(texts(ulrik, after=timedelta(0))) == 1  # the invitation
    assert texts(ulrik, after=2 * HOUR) == []


@pytest.mark.parametrize(("level", "told"), [(Level.FULL, 1), (Level.TEAM, 0), (Level.BUSY, 0)])
def test_another_contact_person_is_told_to_whoever_reads_contact_persons(
    ulrik: Subscriber, level: Level, told: int
) -> None:
    with ulrik.store():
        for feed in db.session.scalars(select(Feed)):
            feed.level = level
        ulrik.town.move(ulrik.town.stop(), contact=None)
    found = texts(ulrik)
    assert ["contact person: nobody, before: Ola Overvann" in text for text in found] == [True] * told
    assert texts(ulrik) == []


@dataclass
class Owner:
    """Brita, whose host owns a room and is no part of the visit: there she sees the stop as busy."""

    ulrik: Subscriber
    room: int


@pytest.fixture
def owner(ulrik: Subscriber) -> Owner:
    with ulrik.store() as session:
        brita = user(BRITA)
        brita.language = "en"
        room = Place(slug="hall", name_en="Fire hall", host_id=brita.hosts[0].id)
        session.add(room)
        session.flush()
        ulrik.town.move(ulrik.town.stop(), place=room, place_text="")
        for offer in ulrik.town.visit.offers:
            if offer.host_id == brita.hosts[0].id:
                session.delete(offer)
        feed = {"kind": ScopeKind.PLACE, "scope_id": room.id, "level": Level.TEAM, "language": "en"}
        _, token = create_feed(by=brita, name="x", **feed)
        ulrik.path, number = f"/feeds/{token}.ics", room.id
    ulrik.fetch()
    texts(ulrik, person=BRITA)
    ulrik.town.mailbox.mails.clear()
    return Owner(ulrik, number)


SECRETS = ("Utrecht", "Pipe renewal", "Ola", "visits/", "Department of Urban")


def test_owner_of_a_room_who_sees_it_only_as_busy_reads_old_and_new_time_and_nothing_else(owner: Owner) -> None:
    move_by(owner.ulrik, minutes=30)
    owner.ulrik.clock.shift(HOUR)
    owner.ulrik.town.tick()
    (mail,) = owner.ulrik.town.new_to(BRITA)
    text = " ".join(mail.get_body(("plain",)).get_content().split())  # type: ignore[union-attr]
    assert mail["Subject"] == "Changed shortly before: Fire hall"
    assert "Fire hall is busy: Wednesday 3 March, 14:30–15:30, Bergen" in text.split(" – before: ")[0]
    assert "Wednesday 3 March, 14:00–15:00, Bergen" in text.split(" – before: ")[1]
    with owner.ulrik.store():
        ref = owner.ulrik.town.visit.ref
    assert [word for word in (*SECRETS, ref, ref.lower()) if word in text + mail.as_string()] == []
    assert texts(owner.ulrik, person=BRITA) == []


def test_room_that_is_left_or_cancelled_is_told_as_not_busy_any_more(owner: Owner) -> None:
    with owner.ulrik.store():
        owner.ulrik.town.move(owner.ulrik.town.stop(), place=None, place_text="Elsewhere")
    (text,) = texts(owner.ulrik, person=BRITA)
    assert "Fire hall is not busy any more: Wednesday 3 March, 14:00–15:00, Bergen" in text
    assert [word for word in (*SECRETS, "Elsewhere") if word in text] == []


def test_busy_room_is_not_told_to_whoever_fetched_it_owns_it_no_more_or_sees_no_change(owner: Owner) -> None:
    move_by(owner.ulrik, minutes=30)
    owner.ulrik.clock.shift(timedelta(minutes=20))
    owner.ulrik.fetch()
    assert texts(owner.ulrik, person=BRITA) == []
    with owner.ulrik.store():
        owner.ulrik.town.move(owner.ulrik.town.stop(), note="Bring boots", contact=None)
    assert texts(owner.ulrik, person=BRITA) == []
    move_by(owner.ulrik, minutes=30)
    owner.ulrik.town.tick()
    with owner.ulrik.store() as session:
        session.get_one(Place, owner.room).host_id = None
    assert texts(owner.ulrik, person=BRITA) == []
