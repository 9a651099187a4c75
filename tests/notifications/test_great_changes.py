"""A great change that nobody asks the visitor about: they hear of it by mail, no later than the coordinators do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.core.time import now
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.waiting import UNASKED, changed_unasked
from tests import factories
from tests.cast import BRITA, OLA
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, user

MORNING = datetime(2027, 4, 22, 6, 0, tzinfo=UTC)
SUBJECT = "Your programme in Bergen is being changed"
Clock = time_machine.Traveller


@pytest.fixture
def confirmed(town: Town, store: Store, clock: Clock) -> Town:
    """Ola's stop at nine on 10 May, accepted and told; it is a morning in April."""
    with store():
        town.add(OLA)
        town.confirm()
    town.tick()
    clock.move_to(MORNING)
    town.mailbox.mails.clear()
    return town


def move(town: Town, store: Store, later: timedelta) -> None:
    with store():
        stop = town.stop()
        town.move(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
    town.tick()


def told(town: Town) -> list[str]:
    town.tick()
    return [str(mail["Subject"]) for mail in town.new_to(VISITOR_ADDRESS)]


def test_visitor_hears_after_an_hour_with_the_coordinators_what_was_before_and_is_now(
    confirmed: Town, store: Store, clock: Clock
) -> None:
    move(confirmed, store, timedelta(hours=5))
    clock.shift(UNASKED - timedelta(minutes=1))
    with store():
        assert changed_unasked(at=now()) == []
    assert told(confirmed) == []
    clock.shift(timedelta(minutes=1))
    confirmed.tick()
    with store():
        assert len(changed_unasked(at=now())) == 1
    (mail,) = confirmed.new_to(VISITOR_ADDRESS)
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert mail["Subject"] == SUBJECT
    assert "- Monday 10 May, 14:00–16:00, Bergen: Pipe renewal on site" in words
    assert "Before: Monday 10 May, 09:00–11:00, Bergen" in words
    with store():
        lifecycle.propose(confirmed.visit, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    assert told(confirmed) == ["A programme for your visit to Bergen"]


@pytest.mark.parametrize("after", ["propose", "back", "remove"])
def test_what_is_settled_within_the_hour_is_not_told(confirmed: Town, store: Store, clock: Clock, after: str) -> None:
    move(confirmed, store, timedelta(hours=5))
    clock.shift(timedelta(minutes=10))
    with store():
        stop, by = confirmed.stop(), by_user(user(OLA), user(OLA).hosts[0])
        if after == "propose":
            lifecycle.propose(confirmed.visit, by=by, at=now())
        elif after == "back":
            back = timedelta(hours=-5)
            confirmed.move(stop, starts_at=stop.starts_at + back, ends_at=stop.ends_at + back)
        else:
            lifecycle.remove_appointment(stop, by=by, at=now())
    subjects = told(confirmed)
    clock.shift(UNASKED)
    assert SUBJECT not in subjects + told(confirmed)


def test_what_goes_back_after_it_was_told_is_not_called_small(confirmed: Town, store: Store, clock: Clock) -> None:
    """By five hours against what the visitor was told last."""
    move(confirmed, store, timedelta(hours=5))
    clock.shift(UNASKED)
    assert told(confirmed) == [SUBJECT]
    move(confirmed, store, timedelta(hours=-5))
    (mail,) = confirmed.new_to(VISITOR_ADDRESS)
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert mail["Subject"] == "A change in your programme in Bergen"
    assert "Before: Monday 10 May, 14:00–16:00, Bergen" in words


def test_two_great_changes_are_one_mail_about_the_last(confirmed: Town, store: Store, clock: Clock) -> None:
    move(confirmed, store, timedelta(hours=5))
    clock.shift(timedelta(minutes=30))
    move(confirmed, store, timedelta(days=1))
    clock.shift(UNASKED)
    confirmed.tick()
    (mail,) = confirmed.new_to(VISITOR_ADDRESS)
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "Tuesday 11 May, 14:00" in words
    assert "Before: Monday 10 May, 09:00" in words


def test_shortly_before_the_start_it_is_told_at_once(town: Town, store: Store, clock: Clock) -> None:
    with store():
        factories.make_appointment(
            town.visit, user=user(OLA), contact=user(OLA), day=date(2027, 3, 3), start="09:00", end="11:00",
            title="Pipe renewal on site", host=user(OLA).hosts[0], at=now(),
        )  # fmt: skip
        town.confirm()
    town.tick()
    town.mailbox.mails.clear()
    move(town, store, timedelta(days=5))
    assert [str(mail["Subject"]) for mail in town.new_to(VISITOR_ADDRESS)] == [SUBJECT]


def test_great_change_while_the_visitor_is_asked_asks_them_to_look_once_more(
    confirmed: Town, store: Store, clock: Clock
) -> None:
    move(confirmed, store, timedelta(hours=5))
    with store():
        lifecycle.propose(confirmed.visit, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    assert told(confirmed) == ["A programme for your visit to Bergen"]
    clock.shift(timedelta(minutes=10))
    move(confirmed, store, timedelta(days=1))
    assert told(confirmed) == ["A programme for your visit to Bergen"]


def test_a_part_moved_greatly_that_its_host_accepts_is_still_told_and_the_lead_hears_that_the_visitor_is_to_be_asked(
    town: Town, store: Store, clock: Clock
) -> None:
    with store():
        town.add(BRITA)
        town.confirm()
    town.tick()
    clock.move_to(MORNING)
    move(town, store, timedelta(hours=5))
    town.mailbox.mails.clear()
    with store():
        lifecycle.accept_part(town.stop(), by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())
    town.tick()
    (mail,) = town.new_to(OLA)
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "The visitor has not said yes to this" in words
    assert "need not do anything" not in words
    clock.shift(UNASKED)
    with store():
        assert len(changed_unasked(at=now())) == 1
    assert told(town) == [SUBJECT]
