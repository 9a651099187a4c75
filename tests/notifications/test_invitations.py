"""Invitations: each step of an appointment's life reaches the calendars of those who attend it, in one mail each."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

import time_machine
from icalendar import Calendar
from sqlalchemy import select

from app.core.time import from_venue, now
from app.extensions import db
from app.jobs import rows
from app.notifications import claims, derive, outbox
from app.notifications.models import Notification
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.invitation_models import Invitation
from tests import cast
from tests.cast import BRITA, OLA, ULRIK
from tests.notifications.many_stops import add_many
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, brings, calendar_of, events, user


def assert_structure(mail: EmailMessage, method: str, address: str) -> None:
    """acceptance row FD-8: three alternatives, METHOD twice the same, one event, the zone, both people."""
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    part = list(mail.iter_parts())[2]
    assert (part.get_param("method"), part.get_param("charset")) == (method, "UTF-8")
    assert part["Content-Disposition"] is None
    data = part.get_payload(decode=True)
    assert (max(map(len, data.split(b"\r\n"))) <= 75, data.count(b"\n") == data.count(b"\r\n")) == (True, True)
    calendar = Calendar.from_ical(data)
    (event,) = calendar.walk("VEVENT")
    assert (str(calendar["METHOD"]), len(calendar.walk("VTIMEZONE"))) == (method, 1)
    assert (event["DTSTART"].params["TZID"], event["DTEND"].params["TZID"]) == ("Europe/Oslo", "Europe/Oslo")
    assert str(event["ATTENDEE"]) == f"mailto:{address}"
    assert str(event["ORGANIZER"]).startswith("mailto:")
    assert ("PARTSTAT" in event["ATTENDEE"].params, "RSVP" in event["ATTENDEE"].params) == ((method == "REQUEST",) * 2)


def test_contact_person_is_invited_changed_and_cancelled(town: Town, store: Store) -> None:
    with store():
        town.add(ULRIK)
    town.tick()
    (request,) = town.new_to(ULRIK)
    assert_structure(request, "REQUEST", ULRIK.email)
    assert events(request) == [("Reservert: Pipe renewal on site (Gemeente Utrecht, Stadsingenieurs)", "TENTATIVE", 0)]
    with store():
        town.move(
            town.stop(), starts_at=from_venue(datetime(2027, 5, 10, 12)), ends_at=from_venue(datetime(2027, 5, 10, 13))
        )
    town.tick()
    (update,) = town.new_to(ULRIK)
    assert_structure(update, "REQUEST", ULRIK.email)
    with store():
        lifecycle.remove_appointment(town.stop(), by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    (cancel,) = town.new_to(ULRIK)
    assert_structure(cancel, "CANCEL", ULRIK.email)
    assert [events(mail)[0][1:] for mail in (update, cancel)] == [("TENTATIVE", 1), ("CANCELLED", 2)]
    uids = {str(calendar_of(mail).walk("VEVENT")[0]["UID"]) for mail in (request, update, cancel)}
    organizers = {str(calendar_of(mail).walk("VEVENT")[0]["ORGANIZER"]) for mail in (request, update, cancel)}
    assert (len(uids), len(organizers)) == (1, 1)


def test_who_is_not_the_contact_person_any_more_gets_a_cancellation(town: Town, store: Store) -> None:
    with store():
        town.add(BRITA)
    town.tick()
    (asked,) = town.new_to(BRITA)
    assert_structure(asked, "REQUEST", BRITA.email)
    with store():
        town.move(town.stop(), contact=user(ULRIK), host=user(ULRIK).hosts[0])
    town.tick()
    assert [(brings(mail), events(mail)[0][1:]) for mail in town.new_to(BRITA)] == [("CANCEL", ("CANCELLED", 1))]
    (request,) = town.new_to(ULRIK)
    assert_structure(request, "REQUEST", ULRIK.email)
    assert events(request)[0][1:] == ("TENTATIVE", 1)


def test_change_of_lead_host_leaves_uid_and_organiser(town: Town, store: Store) -> None:
    with store():
        cast.bring(cast.KARI)
        town.add(ULRIK)
    town.tick()
    (request,) = town.new_to(ULRIK)
    with store():
        lifecycle.reassign(
            town.visit, user(BRITA).hosts[0], reason="Better placed", by=by_user(user(cast.KARI)), at=now()
        )
        town.move(town.stop(), by=BRITA, title="Another title")
    town.tick()
    update = next(mail for mail in town.new_to(ULRIK) if brings(mail))
    before, after = (calendar_of(mail).walk("VEVENT")[0] for mail in (request, update))
    assert (after["UID"], after["ORGANIZER"]) == (before["UID"], before["ORGANIZER"])
    assert (str(after["SUMMARY"]).split(" (")[0], int(after["SEQUENCE"])) == ("Reservert: Another title", 1)


def test_visitor_is_invited_when_it_is_confirmed_and_hears_of_changes_in_the_mail_that_tells_them(
    town: Town, store: Store
) -> None:
    with store():
        town.add(OLA)
        town.confirm()
    town.tick()
    mails = town.new_to(VISITOR_ADDRESS)
    assert [(mail["Subject"], brings(mail)) for mail in mails] == [("Your visit to Bergen is confirmed", "REQUEST")]
    assert_structure(mails[0], "REQUEST", VISITOR_ADDRESS)
    assert events(mails[0])[0][:2] == ("Pipe renewal on site", "CONFIRMED")
    with store():
        town.move(town.stop(), ends_at=town.stop().ends_at + timedelta(minutes=15))
    town.tick()
    (moved,) = town.new_to(VISITOR_ADDRESS)
    assert_structure(moved, "REQUEST", VISITOR_ADDRESS)
    assert "UTC+02:00" in moved.get_body(("plain",)).get_content()
    with store():
        lifecycle.cancel(town.visit, reason="The plant is closed.", by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    (cancelled,) = town.new_to(VISITOR_ADDRESS)
    assert_structure(cancelled, "CANCEL", VISITOR_ADDRESS)
    assert events(cancelled)[0][2] > events(moved)[0][2] > events(mails[0])[0][2]


def test_great_change_reaches_the_visitors_calendar_when_it_is_proposed(town: Town, store: Store) -> None:
    with store():
        town.add(OLA)
        town.confirm()
    town.tick()
    town.new_to(VISITOR_ADDRESS)
    with store():
        town.move(
            town.stop(), starts_at=from_venue(datetime(2027, 5, 10, 14)), ends_at=from_venue(datetime(2027, 5, 10, 15))
        )
    town.tick()
    assert town.new_to(VISITOR_ADDRESS) == []
    with store():
        lifecycle.propose(town.visit, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
    town.tick()
    assert [(brings(mail), events(mail)[0][1]) for mail in town.new_to(VISITOR_ADDRESS)] == [("REQUEST", "TENTATIVE")]
    with store():
        lifecycle.accept(town.visit, at=now())
    town.tick()
    assert [(brings(mail), events(mail)[0][1]) for mail in town.new_to(VISITOR_ADDRESS)] == [("REQUEST", "CONFIRMED")]


def test_own_plans_are_not_mailed_before_somebody_else_changes_them(town: Town, store: Store) -> None:
    with store():
        add_many(town, 2, OLA)
    town.tick()
    assert town.new_to(OLA) == []
    with store():
        town.confirm()
    town.tick()
    assert [(brings(mail), len(events(mail))) for mail in town.new_to(OLA)] == [("PUBLISH", 2)]


def test_a_change_while_the_server_is_away_leaves_one_invitation_with_the_last_facts(
    town: Town, store: Store, clock: time_machine.Traveller
) -> None:
    with store():
        town.add(ULRIK)
    town.mailbox.refuse = True
    town.tick()
    with store():
        town.move(town.stop(), title="Later title")
    town.tick()
    town.mailbox.refuse = False
    clock.shift(600)
    town.tick()
    assert [(brings(mail), events(mail)[0][2]) for mail in town.new_to(ULRIK)] == [("REQUEST", 1)]


def test_a_mail_sent_again_after_a_crash_is_the_same_to_the_byte(town: Town, store: Store) -> None:
    with store():
        town.add(ULRIK)
    with town.app.app_context():
        rows.each(derive.unannounced_ids, derive.announce)
        mail_id = db.session.scalars(select(Notification.id).where(Notification.kind == "host-invitation")).one()
        first = outbox.take(mail_id, at=now())
        db.session.commit()
        again = outbox.take(mail_id, at=now() + claims.CLAIM)
    assert first is not None
    assert (first, bool(first.calendar)) == (again, True)


def test_nothing_of_the_secret_address_is_left_once_the_mail_has_gone(town: Town, store: Store) -> None:
    town.app.config["IMAP_URL"] = "imap://nobody:nothing@127.0.0.1:1/INBOX"
    with store():
        town.add(ULRIK)
    town.tick()
    (mail,) = town.new_to(ULRIK)
    address = str(calendar_of(mail).walk("VEVENT")[0]["ORGANIZER"]).removeprefix("mailto:")
    with town.app.app_context():
        rows = db.session.scalars(select(Notification).where(Notification.calendar_method == "REQUEST")).all()
        invitation = db.session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
        assert [row.calendar for row in rows] == [""]
        assert address.startswith(f"vertskap+{invitation.id}.")
        assert (invitation.way, invitation.address) == ("request", ULRIK.email)


def test_whole_mail_is_in_the_readers_language(town: Town, store: Store) -> None:
    with store():
        town.add(ULRIK)
        town.add(BRITA, start="12:00", end="13:00", title="Fiskehallen")
    town.tick()
    texts = [town.new_to(person)[0].get_body(("plain",)).get_content() for person in (ULRIK, BRITA)]
    for text in texts:
        assert ("All times" in text, " people" in text) == (False, False)
        assert "UTC+02:00" in text
    assert any("Alle klokkeslett er lokal tid i Bergen" in text for text in texts)
