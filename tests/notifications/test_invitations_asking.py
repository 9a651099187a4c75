"""Whom an invitation asks: not whoever took the part already, made the change or has said yes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import time_machine
from sqlalchemy import select

from app.core.time import from_venue, now
from app.extensions import db
from app.people.actors import by_user
from app.visits import lifecycle
from app.visits.invitation_models import Invitation
from tests.cast import BRITA, OLA
from tests.notifications.town import VISITOR_ADDRESS, Store, Town, brings, calendar_of, user


def _asks(mail: EmailMessage) -> tuple[str, str]:
    """PARTSTAT and RSVP of the invitation's one attendee."""
    params = calendar_of(mail).walk("VEVENT")[0]["ATTENDEE"].params
    return params["PARTSTAT"], params["RSVP"]


def _partstat(town: Town, attendee: str) -> str:
    rows = db.session.scalars(select(Invitation).where(Invitation.attendee == attendee))
    return next(one.partstat for one in rows if one.appointment.visit_id == town.visit_id)


def test_whoever_took_the_part_is_not_asked_about_it_once_more(town: Town, store: Store) -> None:
    with store():
        town.add(BRITA)
    town.tick()
    (asked,) = town.new_to(BRITA)
    with store():
        lifecycle.accept_part(town.stop(), by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())
    town.tick()
    with store():
        assert _partstat(town, f"u{user(BRITA).id}") == "ACCEPTED"
        town.confirm()
    town.tick()
    confirmed = town.new_to(BRITA)[-1]
    assert (_asks(asked), _asks(confirmed)) == (("NEEDS-ACTION", "TRUE"), ("ACCEPTED", "FALSE"))
    with store():  # another changes it: that is a new question
        later = from_venue(datetime(2027, 5, 10, 9, 30))
        town.move(town.stop(), starts_at=later, ends_at=later + timedelta(hours=2))
    town.tick()
    assert _asks(town.new_to(BRITA)[-1]) == ("NEEDS-ACTION", "TRUE")


def test_small_change_of_ones_own_appointment_asks_nobody(town: Town, store: Store) -> None:
    with store():
        town.add(OLA)
        town.confirm()
    town.tick()
    town.new_to(OLA), town.new_to(VISITOR_ADDRESS)
    for minutes in (10, 20):
        with store():
            later = from_venue(datetime(2027, 5, 10, 9, minutes))
            town.move(town.stop(), starts_at=later, ends_at=later + timedelta(hours=2))
        town.tick()
    mails = [mail for mail in (*town.new_to(OLA), *town.new_to(VISITOR_ADDRESS)) if brings(mail) == "REQUEST"]
    assert {_asks(mail) for mail in mails} == {("ACCEPTED", "FALSE")}
    with store():
        assert (_partstat(town, f"u{user(OLA).id}"), _partstat(town, "visitor")) == ("ACCEPTED", "ACCEPTED")
    own = [mail for mail in mails if mail["To"] == OLA.email]
    assert [mail.get_body(("plain",)).get_content().count("tentative") for mail in own] == [0] * len(own)
    assert own


def test_running_late_asks_nobody_who_has_said_yes(town: Town, store: Store) -> None:
    with store():
        town.add(BRITA)
    town.tick()
    with store():
        lifecycle.accept_part(town.stop(), by=by_user(user(BRITA), user(BRITA).hosts[0]), at=now())
    town.tick()
    with store():
        town.confirm()
    town.tick()
    town.new_to(BRITA)
    with time_machine.travel(datetime(2027, 5, 10, 6, 30, tzinfo=UTC), tick=False):
        with store():
            lifecycle.run_late(town.stop(), 20, by=by_user(user(OLA), user(OLA).hosts[0]), at=now())
        town.tick()
        mails = [mail for mail in town.new_to(BRITA) if brings(mail) == "REQUEST"]
        assert [_asks(mail) for mail in mails] == [("ACCEPTED", "FALSE")]
        with store():
            assert _partstat(town, f"u{user(BRITA).id}") == "ACCEPTED"
