"""What is not somebody's any more is taken out of their calendar, exactly once, whatever the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from sqlalchemy import select, update

from app import scheduler
from app.core.time import now
from app.notifications import outbox
from app.notifications.models import Notification
from app.people.actors import VISITOR, Actor, by_user
from app.people.users import deactivate, set_rights
from app.visits import lifecycle
from app.visits.invitation_models import Invitation
from app.visits.models import Activity
from app.visits.programme_models import Appointment
from app.visits.rules import was_asked
from tests import cast, factories
from tests.cast import BRITA, KARI, OLA, SIRI, ULRIK
from tests.notifications.town import Store, Town, brings, calendar_of, user

Way = Callable[[Town], None]
TITLES = ("Pipe renewal on site", "Fish hall")


def kari() -> Actor:
    return by_user(user(KARI))


def ola() -> Actor:
    return by_user(user(OLA), user(OLA).hosts[0])


def live(town: Town) -> list[Appointment]:
    return [stop for stop in town.visit.appointments if not stop.is_cancelled]


def removed(town: Town) -> None:
    for stop in live(town):
        lifecycle.remove_appointment(stop, by=kari(), at=now())


def with_another_host(town: Town) -> None:
    for stop in live(town):
        town.move(stop, host=user(ULRIK).hosts[0], contact=user(ULRIK))


def with_another_person(town: Town) -> None:
    for stop in live(town):
        town.move(stop, contact=user(SIRI))


def with_nobody(town: Town) -> None:
    for stop in live(town):
        town.move(stop, contact=None)


def declined_by_a_colleague(town: Town) -> None:
    for stop in live(town):
        lifecycle.decline_part(stop, text="No time.", by=by_user(user(SIRI), user(BRITA).hosts[0]), at=now())


def declined_by_oneself(town: Town) -> None:
    for stop in live(town):
        lifecycle.decline_part(stop, text="No time.", by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())


def visit_cancelled(town: Town) -> None:
    lifecycle.cancel(town.visit, reason="Storm.", by=ola(), at=now())


def visit_withdrawn(town: Town) -> None:
    lifecycle.withdraw(town.visit, by=VISITOR, at=now())


def visit_given_back_and_declined(town: Town) -> None:
    lifecycle.release(town.visit, reason="No time.", by=ola(), at=now())
    lifecycle.decline(town.visit, reason="no-capacity", by=kari(), at=now())


def visit_merged(town: Town) -> None:
    kept = factories.make_visit("claimed", user=user(OLA), organisation="Utrecht")
    lifecycle.merge(town.visit, kept, by=kari(), at=now())


def visit_marked_as_no_show(town: Town) -> None:
    town.confirm()
    lifecycle.mark_no_show(town.visit, by=ola(), at=now())


def handed_to_others_and_removed(town: Town) -> None:
    lifecycle.reassign(town.visit, user(SIRI).hosts[0], reason="Better placed", by=kari(), at=now())
    removed(town)


def membership_ended(town: Town) -> None:
    set_rights(user(BRITA), hosts=[], coordinator=False, admin=False)


def moved_to_another_host(town: Town) -> None:
    set_rights(user(BRITA), hosts=["naeringsklyngene"], coordinator=False, admin=False)


def host_retired(town: Town) -> None:
    user(BRITA).hosts[0].retired_at = now()


def person_deactivated(town: Town) -> None:
    deactivate(user(BRITA), at=now())


ENDS: tuple[Way, ...] = (
    removed, with_another_host, with_another_person, with_nobody, declined_by_a_colleague, declined_by_oneself,
    visit_cancelled, visit_withdrawn, visit_given_back_and_declined, visit_merged, visit_marked_as_no_show,
    handed_to_others_and_removed, membership_ended, moved_to_another_host, host_retired, person_deactivated,
)  # fmt: skip


@pytest.fixture
def asked(town: Town, store: Store, request: pytest.FixtureRequest) -> Town:
    """Brita's host has no offer in the visit: a coordinator put so many of its stops into the programme."""
    wish, number = request.param
    with store():
        cast.bring(KARI, SIRI)
        set_rights(user(SIRI), hosts=["naeringsklyngene", "brannvesen"], coordinator=False, admin=False)
        user(BRITA).invitations = wish
        for title, start, end in zip(TITLES[:number], ("09:00", "12:00"), ("11:00", "13:00"), strict=False):
            factories.make_appointment(
                town.visit, user=user(KARI), contact=user(BRITA), host=user(BRITA).hosts[0], title=title, start=start,
                end=end, at=now(),
            )  # fmt: skip
        assert not was_asked(user(BRITA), town.visit)
    town.tick()
    return town


def taken_out(mails: list[EmailMessage]) -> dict[str, int]:
    """What mails take out of a calendar, with its number; the same one twice fails."""
    found: dict[str, int] = {}
    for mail in mails:
        assert brings(mail) in ("", "CANCEL", "PUBLISH")
        for event in calendar_of(mail).walk("VEVENT") if brings(mail) else ():
            assert (str(event["STATUS"]), str(event["UID"]) in found) == ("CANCELLED", False)
            found[str(event["UID"])] = int(event["SEQUENCE"])
    return found


def put_in(mails: list[EmailMessage]) -> dict[str, int]:
    parts = [event for mail in mails if brings(mail) for event in calendar_of(mail).walk("VEVENT")]
    return {str(event["UID"]): int(event["SEQUENCE"]) for event in parts}


def ways_told(store: Store) -> set[str]:
    with store() as session:
        mine = select(Invitation.way).where(Invitation.user_id == user(BRITA).id)
        return set(session.scalars(mine))


def pass_time(town: Town) -> None:
    with town.app.app_context():
        scheduler.advance()
    town.tick()


WISHES = pytest.mark.parametrize("asked", [("each", 2), ("together", 2)], indirect=True, ids=str)


@WISHES
@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_what_is_not_theirs_any_more_leaves_their_calendar_once(asked: Town, store: Store, end: Way) -> None:
    shown = put_in(asked.new_to(BRITA))
    with store():
        end(asked)
    asked.tick()
    pass_time(asked)
    gone = taken_out(asked.new_to(BRITA))
    assert gone.keys() == shown.keys()
    assert all(gone[uid] > shown[uid] for uid in shown)
    assert ways_told(store) == {"cancel"}
    pass_time(asked)
    assert taken_out(asked.new_to(BRITA)) == {}


@WISHES
@pytest.mark.parametrize("way", ["now", "app"])
def test_a_lapsed_hold_leaves_the_calendar_of_whoever_was_only_asked(
    asked: Town, store: Store, clock: time_machine.Traveller, way: str
) -> None:
    shown = put_in(asked.new_to(BRITA))
    with store():
        user(BRITA).mail_ways = {"programme": way}
    clock.shift(timedelta(days=15))
    for _day in range(2):
        pass_time(asked)
        clock.shift(timedelta(days=1))
    mails = asked.new_to(BRITA)
    gone = taken_out(mails)
    assert gone.keys() == shown.keys()
    assert all(gone[uid] > shown[uid] for uid in shown)
    assert all("Utrecht" in mail["Subject"] for mail in mails)
    assert not any("/visits/" in mail.get_body(("plain",)).get_content() for mail in mails)
    assert ways_told(store) == {"cancel"}


ALONE = pytest.mark.parametrize("asked", [("each", 1)], indirect=True, ids=str)


@ALONE
def test_a_cancellation_shows_what_its_reader_was_told_and_nothing_since(asked: Town, store: Store) -> None:
    shown = put_in(asked.new_to(BRITA))
    with store():
        set_rights(user(BRITA), hosts=[], coordinator=False, admin=False)
        (stop,) = live(asked)
        later = {"starts_at": stop.starts_at + timedelta(hours=6), "ends_at": stop.ends_at + timedelta(hours=6)}
        asked.move(stop, **later, title="Secret talks", place_text="Bunker")
    pass_time(asked)
    (mail,) = asked.new_to(BRITA)
    assert taken_out([mail]).keys() == shown.keys()
    event = calendar_of(mail).walk("VEVENT")[0]
    assert (event["DTSTART"].dt.hour, str(event["LOCATION"])) == (9, "Øvre Dreggsallmenningen")
    whole = mail.as_string() + mail.get_body(("plain",)).get_content() + str(calendar_of(mail).to_ical())
    assert ("Pipe renewal" in whole, "Secret" in whole, "Bunker" in whole) == (True, False, False)
    assert "kl. 9–11" in mail.get_body(("plain",)).get_content()


@ALONE
def test_who_comes_back_gets_the_stop_back_under_a_higher_number(asked: Town, store: Store) -> None:
    numbers = list(put_in(asked.new_to(BRITA)).values())
    for hosts, method in (([], "CANCEL"), (["brannvesen"], "REQUEST")):
        with store():
            set_rights(user(BRITA), hosts=hosts, coordinator=False, admin=False)
        pass_time(asked)
        pass_time(asked)
        (mail,) = asked.new_to(BRITA)
        assert brings(mail) == method
        numbers += put_in([mail]).values()
    assert numbers == sorted(set(numbers))


@ALONE
def test_what_a_mail_was_to_bring_and_did_not_comes_by_itself(
    asked: Town, store: Store, clock: time_machine.Traveller
) -> None:
    """The mail that tells of a removal waits for the server until it is not true any more: the visit is given back."""
    shown = put_in(asked.new_to(BRITA))
    asked.mailbox.refuse = True
    with store():
        removed(asked)
    asked.tick()
    with store() as session:
        lifecycle.release(asked.visit, reason="No time.", by=ola(), at=now())
        session.execute(update(Activity).values(announced_at=now()))
    asked.mailbox.refuse = False
    for _minute in range(3):
        clock.shift(timedelta(minutes=30))
        pass_time(asked)
    assert taken_out(asked.new_to(BRITA)).keys() == shown.keys()


@ALONE
def test_a_cancellation_that_a_coordinator_dropped_is_not_made_again(asked: Town, store: Store) -> None:
    asked.new_to(BRITA)
    with store():
        set_rights(user(BRITA), hosts=[], coordinator=False, admin=False)
    with asked.app.app_context():
        scheduler.advance()
    with store() as session:
        (mail,) = session.scalars(select(Notification).where(Notification.status == "due"))
        assert outbox.cancel(mail, at=now())
    pass_time(asked)
    assert asked.new_to(BRITA) == []
