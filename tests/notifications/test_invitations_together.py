"""Many appointments at one moment: one mail with a file, one invitation for each, or none, as the reader wishes."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import time_machine

from app.core.time import now
from app.people.actors import VISITOR, by_user
from app.people.links import mint_link
from app.visits import lifecycle
from tests import cast, factories
from tests.cast import BRITA, OLA, ULRIK
from tests.harness.web import CarefulClient
from tests.notifications.many_stops import add_many
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, brings, calendar_of, events, user

DEFAULT = "each"
MINUTES = timedelta(minutes=10)


def test_eight_stops_at_one_moment_are_one_mail_with_a_file(town: Town, store: Store) -> None:
    with store():
        add_many(town, 8, ULRIK)
    town.tick()
    mails = town.new_to(ULRIK)
    assert [(brings(mail), len(events(mail))) for mail in mails] == [("PUBLISH", 8)]
    with store():
        town.confirm()
    town.tick()
    assert [(brings(mail), len(events(mail))) for mail in town.new_to(VISITOR_ADDRESS)] == [("PUBLISH", 8)]
    assert [(brings(mail), len(events(mail))) for mail in town.new_to(ULRIK)] == [("PUBLISH", 8)]
    with store():
        lifecycle.cancel(town.visit, reason="Storm.", by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    for person in (VISITOR_ADDRESS, ULRIK):
        (mail,) = town.new_to(person)
        assert {event[1] for event in events(mail)} == {"CANCELLED"}


def test_who_wants_each_gets_one_for_each_and_each_cancelled(town: Town, store: Store) -> None:
    with store():
        town.visit.invitations = "each"
        add_many(town, 3, OLA)
        town.confirm()
    town.tick()
    assert [brings(mail) for mail in town.new_to(VISITOR_ADDRESS)] == ["", *["REQUEST"] * 3]
    with store():
        lifecycle.withdraw(town.visit, by=VISITOR, at=now())
    town.tick()
    mails = town.new_to(VISITOR_ADDRESS)
    assert [brings(mail) for mail in mails] == ["CANCEL"] * 3
    assert sorted(events(mail)[0][0] for mail in mails) == ["Stop 10", "Stop 8", "Stop 9"]


def test_who_wants_none_is_told_without_a_calendar(town: Town, store: Store) -> None:
    with store():
        user(BRITA).invitations = town.visit.invitations = "none"
        town.add(BRITA)
    town.tick()
    assert [brings(mail) for mail in town.new_to(BRITA)] == [""]
    with store():
        lifecycle.accept_part(town.stop(), by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())
        town.confirm()
    town.tick()
    assert [brings(mail) for mail in town.new_to(VISITOR_ADDRESS)] == [""]
    assert {brings(mail) for mail in town.new_to(BRITA)} == {""}


def test_visitor_who_chooses_each_gets_them_for_what_is_confirmed_already(
    town: Town, store: Store, client: CarefulClient
) -> None:
    with store():
        add_many(town, 2, OLA)
        town.confirm()
        token = mint_link("visit", town.visit_id, at=now())
    town.tick()
    assert [brings(mail) for mail in town.new_to(VISITOR_ADDRESS)] == ["PUBLISH"]
    assert client.post(f"/v/{token}/invitations", data={"invitations": "loud"}).status_code == 422
    assert client.post(f"/v/{token}/invitations", data={"invitations": "each"}).status_code == 303
    town.tick()
    mails = town.new_to(VISITOR_ADDRESS)
    assert [(brings(mail), events(mail)[0][0]) for mail in mails] == [("REQUEST", "Stop 8"), ("REQUEST", "Stop 9")]
    client.post(f"/v/{token}/invitations", data={"invitations": "each"})
    town.tick()
    assert town.new_to(VISITOR_ADDRESS) == []


def uids(mail: EmailMessage) -> list[str]:
    return [str(event["UID"]) for event in calendar_of(mail).walk("VEVENT")]


def assert_one_by_one(town: Town, address: str, method: str, numbers: dict[str, int]) -> None:
    """One mail for each stop by iMIP, no file, each under a higher number than before."""
    mails = [mail for mail in town.new_to(address) if brings(mail)]
    assert {brings(mail) for mail in mails} == {method}
    found = {uids(mail)[0]: events(mail)[0][2] for mail in mails}
    assert (len(found), found.keys()) == (len(mails), numbers.keys() or found.keys())
    assert all(found[uid] > number for uid, number in numbers.items())
    numbers |= found


def test_who_chooses_nothing_is_invited_to_each_stop_and_hears_of_each_change(
    town: Town, store: Store, clock: time_machine.Traveller
) -> None:
    """The visitor's contact and a host's contact person: REQUEST, update, CANCEL for each of three stops."""
    with store():
        user(ULRIK).invitations = town.visit.invitations = DEFAULT
        add_many(town, 3, ULRIK)
    town.tick()
    numbers: dict[str, dict[str, int]] = {VISITOR_ADDRESS: {}, ULRIK.email: {}}
    assert_one_by_one(town, ULRIK.email, "REQUEST", numbers[ULRIK.email])
    with store():
        town.confirm()
    town.tick()
    confirmed = [mail for mail in town.mailbox.to(VISITOR_ADDRESS) if not brings(mail)]
    assert [mail["Subject"] for mail in confirmed] == ["Your visit to Bergen is confirmed"]
    for address in numbers:
        assert_one_by_one(town, address, "REQUEST", numbers[address])
    assert len(numbers[VISITOR_ADDRESS]) == 3
    with store():
        for stop in town.visit.appointments:
            town.move(stop, starts_at=stop.starts_at + MINUTES, ends_at=stop.ends_at + MINUTES)
    town.tick()
    for address in numbers:
        assert_one_by_one(town, address, "REQUEST", numbers[address])
    with store():
        lifecycle.cancel(town.visit, reason="Storm.", by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    for address in numbers:
        assert_one_by_one(town, address, "CANCEL", numbers[address])
    clock.shift(3600)
    town.tick()
    assert [town.new_to(address) for address in numbers] == [[], []]


def test_new_visits_and_people_are_invited_to_each(town: Town, store: Store) -> None:
    with store():
        (kari,) = cast.bring(cast.KARI)
        assert (kari.invitations, factories.make_visit("received", user=user(OLA)).invitations) == (DEFAULT, DEFAULT)


def test_what_was_invited_once_never_comes_as_a_file_again(town: Town, store: Store) -> None:
    """Two stops that came one by one, to people who want few mails: what becomes of both comes by iMIP."""
    with store():
        town.add(ULRIK, title="One")
    town.tick()
    with store():
        town.add(ULRIK, start="12:00", end="13:00", title="Two")
    town.tick()
    mails = town.new_to(ULRIK)
    assert [brings(mail) for mail in mails] == ["REQUEST", "REQUEST"]
    numbers = {uids(mail)[0]: events(mail)[0][2] for mail in mails}
    with store():
        town.confirm()
    town.tick()
    assert_one_by_one(town, ULRIK.email, "REQUEST", numbers)
    assert [brings(mail) for mail in town.new_to(VISITOR_ADDRESS)] == ["PUBLISH"]
    with store():
        lifecycle.cancel(town.visit, reason="Storm.", by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    assert_one_by_one(town, ULRIK.email, "CANCEL", numbers)


def test_one_stop_that_the_visitor_accepts_again_brings_no_file(town: Town, store: Store) -> None:
    with store():
        town.add(OLA)
        town.confirm()
    town.tick()
    assert [brings(mail) for mail in town.new_to(VISITOR_ADDRESS)] == ["REQUEST"]
    with store():
        town.add(OLA, start="12:00", end="13:00", title="Lunch")
        town.confirm()
    town.tick()
    mails = [mail for mail in town.new_to(VISITOR_ADDRESS) if brings(mail)]
    assert [(brings(mail), events(mail)[0][0]) for mail in mails] == [("REQUEST", "Lunch")]
