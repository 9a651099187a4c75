"""Many appointments at one moment: one mail with a file, one invitation for each, or none, as the reader wishes."""

from __future__ import annotations

from app.core.time import now
from app.people.actors import VISITOR, by_user
from app.people.links import mint_link
from app.visits import lifecycle
from tests.cast import BRITA, OLA, ULRIK
from tests.harness.web import CarefulClient
from tests.notifications.many_stops import add_many
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, brings, events, user


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
    assert [brings(mail) for mail in town.new_to(VISITOR_ADDRESS)] == ["REQUEST"] * 3
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
