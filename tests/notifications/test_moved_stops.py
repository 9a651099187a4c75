"""A moved stop is told against what its reader knows: once, with what was before, and not where it is so again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.time import now
from app.notifications.models import Notification
from app.people.actors import by_user
from app.visits import lifecycle
from tests import cast
from tests.cast import BRITA, KARI, OLA, ULRIK
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, brings, calendar_of, plan_of, user

NIGHT = datetime(2027, 4, 21, 21, 0, tzinfo=UTC)  # 23:00 in Bergen
MORNING = datetime(2027, 4, 22, 6, 0, tzinfo=UTC)


@pytest.fixture
def confirmed(town: Town, store: Store, clock: time_machine.Traveller) -> Town:
    """Ola's stop at nine, accepted, told, in the visitor's calendar; then it is night."""
    with store():
        town.add(OLA)
        town.confirm()
    town.tick()
    clock.move_to(NIGHT)
    town.mailbox.mails.clear()
    return town


def move(town: Town, store: Store, minutes: int) -> None:
    with store():
        stop, later = town.stop(), timedelta(minutes=minutes)
        town.move(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)


def told(town: Town) -> list[str]:
    """The words of what the visitor got of moves."""
    mails = town.new_to(VISITOR_ADDRESS)
    return [mail.get_body(("plain",)).get_content() for mail in mails if "A change in your" in mail["Subject"]]


@pytest.mark.parametrize("ticks_between", [True, False])
def test_two_moves_at_night_are_one_mail_against_what_the_visitor_knew(
    confirmed: Town, store: Store, clock: time_machine.Traveller, ticks_between: bool
) -> None:
    for minutes in (30, 15):
        move(confirmed, store, minutes)
        clock.shift(timedelta(minutes=1))
        if ticks_between:
            confirmed.tick()
    confirmed.tick()
    clock.move_to(MORNING)
    confirmed.tick()
    (text,) = told(confirmed)
    assert "09:45–11:45, Bergen: Pipe renewal on site" in text
    place = "Department of Urban Development, Øvre Dreggsallmenningen"
    assert f"Before: Monday 10 May, 09:00–11:00, Bergen ({place})" in text
    assert "09:30" not in text


def test_what_was_moved_and_moved_back_is_not_told(
    confirmed: Town, store: Store, clock: time_machine.Traveller
) -> None:
    for minutes in (30, -30):
        move(confirmed, store, minutes)
        confirmed.tick()
        clock.shift(timedelta(minutes=1))
    clock.move_to(MORNING)
    confirmed.tick()
    assert told(confirmed) == []


def test_what_was_told_and_is_moved_back_is_told_again(
    confirmed: Town, store: Store, clock: time_machine.Traveller
) -> None:
    clock.move_to(MORNING)
    for minutes in (30, -30):
        move(confirmed, store, minutes)
        confirmed.tick()
        clock.shift(timedelta(minutes=1))
    first, second = told(confirmed)
    assert ("Before: Monday 10 May, 09:00" in first, "Before: Monday 10 May, 09:30" in second) == (True, True)


def test_a_move_whose_mail_a_sender_has_in_hand_is_told_to_be_taken_back(
    confirmed: Town, store: Store, clock: time_machine.Traveller
) -> None:
    clock.move_to(MORNING)
    move(confirmed, store, 30)
    confirmed.mailbox.refuse = True
    confirmed.tick()  # tried, and perhaps taken
    confirmed.mailbox.refuse = False
    move(confirmed, store, -30)
    clock.shift(timedelta(minutes=3))
    confirmed.tick()
    (text,) = told(confirmed)
    assert "- Monday 10 May, 09:00–11:00, Bergen: Pipe renewal on site" in text


def kinds_of(store: Store, address: str) -> list[str]:
    with store() as session:
        mails = select(Notification.kind).where(Notification.address == address).order_by(Notification.id)
        return list(session.scalars(mails))[-1:]


@pytest.mark.parametrize("wish", ["together", "none"])
def test_whoever_is_named_as_contact_person_is_told_with_or_without_calendar_mails(
    confirmed: Town, store: Store, clock: time_machine.Traveller, wish: str
) -> None:
    clock.move_to(MORNING)
    with store():
        user(ULRIK).invitations = wish
        confirmed.move(confirmed.stop(), contact=user(ULRIK))
    confirmed.tick()
    (mail,) = confirmed.new_to(ULRIK)
    assert mail["Subject"] == "Du er kontaktperson: avtale med Gemeente Utrecht, Stadsingenieurs"
    assert brings(mail) == ("REQUEST" if wish == "together" else "")
    assert kinds_of(store, ULRIK.email) == ["contact-named"]


def test_a_host_that_has_an_appointment_no_more_is_told(
    confirmed: Town, store: Store, clock: time_machine.Traveller
) -> None:
    clock.move_to(MORNING)
    with store():
        stop, brita = confirmed.stop(), user(BRITA)
        confirmed.move(stop, host=brita.hosts[0], contact=brita)
    confirmed.tick()
    assert [mail["Subject"][:20] for mail in confirmed.new_to(BRITA)] == ["Kan de ta denne dele"]
    with store():
        stop = confirmed.stop()
        confirmed.move(stop, host=user(OLA).hosts[0], contact=user(OLA))
    clock.shift(timedelta(minutes=1))
    confirmed.tick()
    (mail,) = confirmed.new_to(BRITA)
    assert mail["Subject"].startswith("Ikkje dykkar lenger: avtale med Gemeente Utrecht")
    assert "9–11" in mail.get_body(("plain",)).get_content()
    assert kinds_of(store, BRITA.email) == ["host-replaced"]


def test_a_host_that_moves_the_part_it_is_asked_for_has_taken_it_and_is_asked_no_more(town: Town, store: Store) -> None:
    with store():
        town.add(BRITA)
    town.tick()
    town.mailbox.mails.clear()
    with store():
        stop, later = town.stop(), timedelta(minutes=30)
        town.move(stop, by=BRITA, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
    town.tick()
    (mail,) = town.new_to(BRITA)  # their calendar learns of it, without a question
    (event,) = calendar_of(mail).walk("VEVENT")
    assert (event["ATTENDEE"].params["PARTSTAT"], event["ATTENDEE"].params["RSVP"]) == ("ACCEPTED", "FALSE")
    (mail,) = town.new_to(OLA)
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "Before: Monday 10 May, 09:00–11:00" in words
    assert "Bergen Fire Department made this change and accepts the appointment as it is now." in words


def test_the_lead_hears_that_a_move_is_no_yes_where_somebody_else_made_it(town: Town, store: Store) -> None:
    with store():
        town.add(BRITA)
    town.tick()
    town.mailbox.mails.clear()
    with store():
        stop, later = town.stop(), timedelta(minutes=30)
        plan = plan_of(stop, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
        lifecycle.move_appointment(stop, plan, by=by_user(cast.bring(KARI)[0]), at=now())
    town.tick()
    (mail,) = town.new_to(OLA)
    assert "accepts the appointment" not in mail.get_body(("plain",)).get_content()


def test_a_host_that_answers_by_naming_another_person_has_said_yes_to_the_lead(town: Town, store: Store) -> None:
    with store():
        town.add(BRITA)
    town.tick()
    town.mailbox.mails.clear()
    with store():
        town.move(town.stop(), by=BRITA, contact=None)
    town.tick()
    (mail,) = town.new_to(OLA)
    assert "A part is accepted by Bergen Fire Department" in mail["Subject"]


def test_a_host_that_moves_its_part_greatly_has_said_yes_and_the_lead_is_to_ask_the_visitor(
    town: Town, store: Store, clock: time_machine.Traveller
) -> None:
    with store():
        town.add(BRITA)
        town.confirm()
    town.tick()
    clock.move_to(MORNING)
    town.mailbox.mails.clear()
    with store():
        stop, later = town.stop(), timedelta(hours=4)
        town.move(stop, by=BRITA, starts_at=stop.starts_at + later, ends_at=stop.ends_at + later)
        assert (stop.status, stop.answer) == ("tentative", "accepted")
    town.tick()
    (mail,) = town.new_to(OLA)
    words = " ".join(mail.get_body(("plain",)).get_content().split())
    assert "Bergen Fire Department made this change and accepts the appointment as it is now." in words
    assert "propose the programme again: the visitor has not said yes to this yet." in words
