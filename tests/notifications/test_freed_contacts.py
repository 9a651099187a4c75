"""Whoever was to receive and need not any more hears it, by mail and under Notices, with or without calendar mails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.time import now
from app.notifications.models import Notification
from app.notifications.notices import notices_of
from app.people.actors import by_user
from app.visits import lifecycle
from tests import cast
from tests.cast import BRITA, OLA, ULRIK
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, brings, user

MORNING = datetime(2027, 4, 22, 6, 0, tzinfo=UTC)
FREE = "Du er ledig: avtale med Gemeente Utrecht, Stadsingenieurs"


@pytest.fixture
def confirmed(town: Town, store: Store, clock: time_machine.Traveller, request: pytest.FixtureRequest) -> Town:
    """A stop at nine with Ulrik, a colleague of Ola who leads; accepted and told. He wants no calendar mails."""
    with store():
        user(ULRIK).invitations = getattr(request, "param", "none")
        town.add(ULRIK)
        town.confirm()
    town.tick()
    clock.move_to(MORNING)
    town.mailbox.mails.clear()
    return town


def kinds_to(store: Store, person: cast.Person) -> list[str]:
    """What the person was told since that morning."""
    with store() as session:
        mails = select(Notification.kind).where(Notification.created_at >= MORNING)
        return list(session.scalars(mails.where(Notification.address == person.email).order_by(Notification.id)))


@pytest.mark.parametrize(("confirmed", "brought"), [("together", "CANCEL"), ("none", "")], indirect=["confirmed"])
def test_whoever_is_the_contact_person_no_more_is_told_once(confirmed: Town, store: Store, brought: str) -> None:
    with store():
        confirmed.move(confirmed.stop(), contact=user(OLA))
    confirmed.tick()
    (mail,) = confirmed.new_to(ULRIK)
    assert mail["Subject"] == FREE
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "mandag 10. mai kl. 9–11, Bergen: Pipe renewal on site" in words
    assert brings(mail) == brought
    assert kinds_to(store, ULRIK) == ["contact-replaced"]


def test_who_wants_no_mail_finds_it_under_notices(confirmed: Town, store: Store) -> None:
    with store():
        user(ULRIK).mail_ways = {"programme": "app"}
        confirmed.move(confirmed.stop(), contact=None)
    confirmed.tick()
    assert confirmed.new_to(ULRIK) == []
    with store():
        (notice, *_others), _page, _pages = notices_of(user(ULRIK), unread=True, page=1, at=now())
        assert (notice.kind, notice.status) == ("contact-replaced", "noted")


def test_what_moved_at_the_same_time_is_told_as_it_was(confirmed: Town, store: Store) -> None:
    with store():
        stop, later = confirmed.stop(), timedelta(minutes=30)
        confirmed.move(stop, contact=user(OLA), starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
    confirmed.tick()
    (mail,) = confirmed.new_to(ULRIK)
    words = mail.get_body(("plain",)).get_content()
    assert ("kl. 9–11" in words, "9.30" in words) == (True, False)


@pytest.mark.parametrize("first", [BRITA, OLA])
def test_of_two_changes_in_a_row_everybody_hears_who_knew(confirmed: Town, store: Store, first: cast.Person) -> None:
    """Ulrik was it; whoever was it for a moment in between never heard of it; who was it again hears nothing."""
    with store():
        confirmed.move(confirmed.stop(), contact=user(first), host=user(first).hosts[0])
    with store():
        confirmed.move(confirmed.stop(), contact=user(OLA) if first is BRITA else user(ULRIK), host=user(OLA).hosts[0])
    confirmed.tick()
    assert "contact-replaced" not in kinds_to(store, first)
    assert ("contact-replaced" in kinds_to(store, ULRIK)) == (first is BRITA)


def test_who_takes_the_stop_over_oneself_is_told_nothing(confirmed: Town, store: Store) -> None:
    with store():
        confirmed.move(confirmed.stop(), by=ULRIK, contact=user(OLA))
    confirmed.tick()
    assert kinds_to(store, ULRIK) == []


@pytest.mark.parametrize("verb", ["move", "remove"])
def test_contact_person_hears_what_a_colleague_did_to_the_stop(confirmed: Town, store: Store, verb: str) -> None:
    with store():
        stop, later = confirmed.stop(), timedelta(minutes=30)
        if verb == "move":
            confirmed.move(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
        else:
            lifecycle.remove_appointment(stop, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    confirmed.tick()
    assert kinds_to(store, ULRIK) == ["host-moved" if verb == "move" else "host-removed"]


@pytest.mark.parametrize(("language", "rest", "nothing"), [
    ("en", "The rest of the programme stands", "there is nothing in your programme now"),
    ("nb", "Resten av programmet står", "nå står det ingenting i programmet deres"),
    ("nn", "Resten av programmet står", "no står det ingenting i programmet dykkar"),
])  # fmt: skip
def test_last_stop_that_is_taken_out_leaves_no_rest(
    confirmed: Town, store: Store, clock: time_machine.Traveller, language: str, rest: str, nothing: str
) -> None:
    with store():
        confirmed.visit.language = language
        confirmed.add(OLA, start="12:00", end="13:00", title="Lunch")
        confirmed.confirm()
    confirmed.tick()
    told = []
    for title in ("Lunch", "Pipe renewal on site"):
        clock.shift(timedelta(minutes=1))
        confirmed.mailbox.mails.clear()
        with store():
            lifecycle.remove_appointment(confirmed.stop(title), by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
        confirmed.tick()
        (mail,) = confirmed.new_to(VISITOR_ADDRESS)
        told.append(mail.get_body(("plain",)).get_content())
    assert [(rest in words, nothing in words) for words in told] == [(True, False), (False, True)]
