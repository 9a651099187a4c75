"""What a calendar says below an appointment is kept right too: whom the visitor meets, what to bring, the notes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.extensions import db
from app.visits.invitation_models import Invitation
from tests import cast
from tests.cast import OLA, ULRIK
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, brings, calendar_of, user

NINA = replace(ULRIK, email="nina.nyhus@example.org", name="Nina Nyhus")


def description(mail: object) -> str:
    return str(calendar_of(mail).walk("VEVENT")[0]["DESCRIPTION"])  # type: ignore[arg-type]


@pytest.fixture
def confirmed(town: Town, store: Store) -> Town:
    """Everybody has the invitation to the confirmed appointment."""
    with store():
        town.add(ULRIK)
        cast.bring(NINA)
        town.confirm()
    town.tick()
    town.mailbox.mails.clear()
    return town


def test_another_contact_person_reaches_the_visitors_calendar(confirmed: Town, store: Store) -> None:
    with store():
        confirmed.move(confirmed.stop(), contact=user(NINA))
    confirmed.tick()
    (mail,) = confirmed.new_to(VISITOR_ADDRESS)
    assert (brings(mail), "Nina Nyhus" in description(mail), "Ulrik" in description(mail)) == ("REQUEST", True, False)
    confirmed.tick()
    assert confirmed.new_to(VISITOR_ADDRESS) == []


def test_what_to_bring_reaches_both_calendars_and_nobodys_answer_is_lost(confirmed: Town, store: Store) -> None:
    with store():
        one = db.session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
        one.partstat = "ACCEPTED"
        confirmed.move(confirmed.stop(), visitor_note="Bring rubber boots.")
    confirmed.tick()
    for address in (VISITOR_ADDRESS, ULRIK.email):
        (mail,) = confirmed.new_to(address)
        assert (brings(mail), "rubber boots" in description(mail)) == ("REQUEST", True)
        attendee = calendar_of(mail).walk("VEVENT")[0]["ATTENDEE"]
        assert (attendee.params["PARTSTAT"], attendee.params["RSVP"]) == ("ACCEPTED", "FALSE")


def test_the_hosts_own_note_is_not_mailed_to_the_visitor(confirmed: Town, store: Store) -> None:
    with store():
        confirmed.move(confirmed.stop(), note="Ask for the key.")
    confirmed.tick()
    assert confirmed.new_to(VISITOR_ADDRESS) == []
    (mail,) = confirmed.new_to(ULRIK)
    assert "Ask for the key." in description(mail)


def test_what_was_told_before_texts_were_written_down_is_not_told_once_more(confirmed: Town, store: Store) -> None:
    with store():
        for one in db.session.scalars(select(Invitation)):
            one.told = one.told[:5]
        confirmed.move(confirmed.stop(), by=OLA)
    confirmed.tick()
    assert (confirmed.new_to(VISITOR_ADDRESS), confirmed.new_to(ULRIK)) == ([], [])
