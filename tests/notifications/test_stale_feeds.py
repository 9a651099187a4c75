"""Whoever relies on a feed hears by mail of a change shortly before the start, unless it was fetched meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
import time_machine

from app.core.time import now
from app.extensions import db
from app.feeds.actions import create_feed
from app.feeds.models import Level, ScopeKind
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
