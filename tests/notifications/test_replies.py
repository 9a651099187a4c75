"""Answers to invitations from a real IMAP mailbox: a known attendee's counts, everybody else's waits for a person."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.core.time import from_venue
from app.extensions import db
from app.notifications import replies
from app.visits.invitation_models import Invitation
from tests import cast
from tests.cast import BRITA, KARI, OLA, ULRIK
from tests.harness.imap import ImapServer
from tests.harness.web import CarefulClient
from tests.notifications.answering import STRANGER, answer_of, read, reply_to
from tests.notifications.town import Store, Town, calendar_of, user


@pytest.fixture
def invited(town: Town, store: Store, imap_server: ImapServer) -> EmailMessage:
    """The invitation that Ulrik got; the mailbox is read from now on."""
    town.app.config["IMAP_URL"] = imap_server.url
    with store():
        town.add(ULRIK)
    town.tick()
    (mail,) = town.new_to(ULRIK)
    town.mailbox.mails.clear()
    return mail


def test_known_attendees_answer_counts_and_is_taken_once(
    town: Town, invited: EmailMessage, imap_server: ImapServer, store: Store
) -> None:
    imap_server.deliver(reply_to(invited, "DECLINED", extra="COMMENT:På kurs"))
    assert [reply.state for reply in read(town.app)] == ["taken"]
    assert answer_of(town.app, ULRIK) == ("DECLINED", "På kurs")
    assert imap_server.unseen() == 0
    imap_server.deliver(reply_to(invited, "DECLINED", extra="COMMENT:På kurs"))
    assert len(read(town.app)) == 1
    town.tick()
    (told,) = town.new_to(OLA)
    assert told["Subject"] == "Cannot come: appointment with Gemeente Utrecht, Stadsingenieurs"
    with store():
        assert (town.stop().status, town.stop().sequence) == ("hold", 0)


def test_a_contact_persons_no_is_something_to_do_until_somebody_decides(
    town: Town, invited: EmailMessage, imap_server: ImapServer, store: Store, client: CarefulClient
) -> None:
    imap_server.deliver(reply_to(invited, "DECLINED", extra="COMMENT:På kurs"))
    read(town.app)
    with store():
        ref, stop, ola = town.visit.ref, town.stop().id, user(OLA).get_id()
    page, base = f"/visits/{ref}", f"/visits/{ref}/appointments/{stop}"
    client.sign_in(ola)
    told = "A contact person cannot come"
    assert told in client.get("/inbox").text
    card = next_card(client.get(page).text)
    assert (f"{base}#contact" in card, "På kurs" in card, f"{base}/declined/keep" in card) == (True, True, True)
    assert client.post(f"{base}/declined/keep").status_code == 303
    assert client.post(f"{base}/declined/keep").status_code == 404  # decided already
    assert told not in client.get("/inbox").text
    card = next_card(client.get(page).text)
    assert ("had said no" in card, f"{base}/declined/look-again" in card) == (True, True)
    client.post(f"{base}/declined/look-again")
    assert told in client.get("/inbox").text
    with store():
        town.move(town.stop(), contact=user(OLA))
        verbs = [one.verb for one in town.visit.activities][-3:]
        assert verbs == ["keep-contact", "look-at-contact-again", "move-appointment"]
    assert told not in client.get("/inbox").text
    assert "cannot come" not in next_card(client.get(page).text)


def next_card(page: str) -> str:
    card = page[page.index('aria-labelledby="next"') :]
    return card[: card.index("</section>")]


def test_answer_without_organizer_in_another_charset_is_understood(
    town: Town, invited: EmailMessage, imap_server: ImapServer
) -> None:
    raw = reply_to(invited, "TENTATIVE", organizer=False, charset="cp1252", extra="COMMENT:Møte først")
    imap_server.deliver(raw)
    assert [reply.state for reply in read(town.app)] == ["taken"]
    assert answer_of(town.app, ULRIK) == ("TENTATIVE", "Møte først")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"sender": STRANGER}, "unknown-sender"),
        ({"attendee": STRANGER}, "other-person"),
        ({"organizer": False, "to": "vertskap@example.org"}, "no-match"),
        ({"organizer": False, "to": "vertskap+1.aaaaaaaaaaaaaaaaaaaaaaaaaa@example.org"}, "no-match"),
    ],
)
def test_what_is_in_doubt_waits_for_a_person(
    town: Town, invited: EmailMessage, imap_server: ImapServer, changes: dict[str, str], why: str
) -> None:
    imap_server.deliver(reply_to(invited, "ACCEPTED", **changes))  # type: ignore[arg-type]
    assert [(reply.state, reply.why) for reply in read(town.app)] == [("waiting", why)]
    assert answer_of(town.app, ULRIK) == ("NEEDS-ACTION", "")


def test_answer_to_an_earlier_time_does_not_count(
    town: Town, invited: EmailMessage, imap_server: ImapServer, store: Store
) -> None:
    with store():
        town.move(town.stop(), starts_at=from_venue(datetime(2027, 5, 10, 10)))
    town.tick()
    imap_server.deliver(reply_to(invited, "ACCEPTED"))
    assert [reply.state for reply in read(town.app)] == ["outdated"]
    assert answer_of(town.app, ULRIK) == ("NEEDS-ACTION", "")


def test_hostile_mails_are_taken_without_harm(town: Town, invited: EmailMessage, imap_server: ImapServer) -> None:
    nested = b"Content-Type: multipart/mixed; boundary=a\r\n\r\n"
    zone = ("BEGIN:VTIMEZONE", "TZID:x", "BEGIN:STANDARD", "DTSTART:19700101T000000", "RRULE:FREQ=SECONDLY")
    mails = [
        b"\xff\xfe\x00",
        b"From: \x00\r\nSubject: =?utf-8?b?////?=\r\n\r\n",
        b"From: (((((\r\nTo: <<>>,,\r\n\r\n" + b"x" * 2_000_000,
        nested + (b"--a\r\n" + nested) * 3000,
        reply_to(invited, "ACCEPTED", sender=STRANGER, extra="\n".join((*zone, "END:STANDARD", "END:VTIMEZONE"))),
        reply_to(invited, "ACCEPTED", method="COUNTER", extra="DTSTART:20279999T999999Z"),
    ]
    for raw in mails:
        imap_server.deliver(raw)
    found = read(town.app)
    assert ({reply.state for reply in found}, len(found), imap_server.unseen()) == ({"waiting"}, len(mails), 0)


def test_mailbox_that_is_away_stops_nothing(town: Town) -> None:
    town.app.config["IMAP_URL"] = "imap://nobody:nothing@127.0.0.1:9/INBOX"
    assert read(town.app) == []


def test_proposed_time_is_shown_and_fills_the_form_and_nothing_moves_by_itself(
    town: Town, invited: EmailMessage, imap_server: ImapServer, store: Store, client: CarefulClient
) -> None:
    new = "DTSTART;TZID=Europe/Oslo:20270510T130000\nDTEND;TZID=W. Europe Standard Time:20270510T143000"
    imap_server.deliver(reply_to(invited, "TENTATIVE", method="COUNTER", extra=new))
    assert [reply.state for reply in read(town.app)] == ["taken"]
    with store():
        visit, session_id = town.visit, user(OLA).get_id()
        one = db.session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
        stop, ref, link = town.stop(), visit.ref, f"?proposed={one.id}"
        assert (stop.sequence, stop.starts_at) == (0, from_venue(datetime(2027, 5, 10, 9)))
        path = f"/visits/{ref}/appointments/{stop.id}"
    client.sign_in(session_id)
    page = client.get(f"/visits/{ref}").text
    assert ("Use this time" in page, path + link in page) == (True, True)
    form = client.get(path + link).text
    assert ('value="13:00"' in form, 'value="14:30"' in form) == (True, True)
    town.tick()
    (told,) = town.new_to(OLA)
    assert "13:00–14:30" in told.get_content()


def test_coordinator_says_whose_answer_it_is_or_puts_it_aside(
    town: Town, invited: EmailMessage, imap_server: ImapServer, store: Store, client: CarefulClient
) -> None:
    imap_server.deliver(reply_to(invited, "ACCEPTED", sender="ulrik.u@private.example"))
    imap_server.deliver(b"From: office@example.org\r\nSubject: Hello <b>\r\nMessage-ID: <1@x>\r\n\r\nJust words")
    first, second = read(town.app)
    with store():
        (kari,) = cast.bring(KARI)
        session_id, host_id = kari.get_id(), user(BRITA).get_id()
        one = db.session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one().id
    client.sign_in(host_id)
    assert client.get("/replies").status_code == 403
    client.sign_in(session_id)
    page = client.get("/replies").text
    assert ("It does not come from the address that we wrote to." in page, "Hello &lt;b&gt;" in page) == (True, True)
    client.post(f"/replies/{first.id}/assign", data={"invitation": one + 1000})
    assert answer_of(town.app, ULRIK)[0] == "NEEDS-ACTION"
    client.post(f"/replies/{first.id}/assign", data={"invitation": one})
    client.post(f"/replies/{second.id}/dismiss")
    assert answer_of(town.app, ULRIK)[0] == "ACCEPTED"
    with store():
        assert replies.count_waiting() == 0
    pasted = calendar_of(invited).to_ical().decode().replace("METHOD:REQUEST", "METHOD:REPLY")
    assert client.post("/replies", data={"mail": pasted}).status_code == 303
    page = client.get("/replies").text
    assert ("Nothing waits." in page, "The mail is in the list." in page) == (False, True)
