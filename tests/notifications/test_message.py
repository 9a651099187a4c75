"""Mails as bytes: subjects that fold cleanly, the programme as an attached file."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.time import now
from app.notifications.derive import announce, unannounced_ids
from app.notifications.message import Letter, as_bytes
from app.notifications.models import Notification
from app.notifications.outbox import take
from app.people.actors import by_user
from app.visits import lifecycle
from tests import cast, factories
from tests.cast import MONDAY

SUBJECTS = [
    "Confirmed: visit from Landesarbeitsgemeinschaft Wasserwirtschaft, Bremen",
    "Ministry, Tromsø 7: besøk fra Ministry, Tromsø 7 og Environment/Klima, Environment/Klima »",
    "京都市水道局国際協力課 blir med på besøket fra 京都市水道局国際協力課",
    "A" * 149,
    "Offer: =?utf-8?q?x?=",
]


def letter_about(subject: str) -> Letter:
    sender, to, reply_to = "Vertskap <from@example.org>", "to@example.org", "reply@example.org"
    return Letter(1, "message", sender, to, reply_to, "en", subject, "Text", "<1@example.org>", now())


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subject_starts_on_its_own_line_and_comes_back_letter_for_letter(subject: str) -> None:
    data = as_bytes(letter_about(subject))
    line = data.partition(b"\r\nSubject:")[2].partition(b"\r\n")[0]
    assert (line.strip() != b"", max(map(len, data.split(b"\r\n"))) <= 78) == (True, True)
    assert read(data)["Subject"] == subject


def test_visitor_of_few_mails_who_accepts_gets_the_programme_as_a_file_for_the_calendar(session: Session) -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = factories.make_visit("planned", user=ola)
    visit.invitations = "together"
    factories.make_appointment(visit, user=ola, start="12:00", end="13:00", title="Lunch")
    lifecycle.propose(visit, by=by_user(ola, ola.hosts[0]), at=MONDAY + timedelta(hours=5))
    lifecycle.accept(visit, at=MONDAY + timedelta(hours=6))
    for activity_id in unannounced_ids():
        announce(activity_id, at=MONDAY)
    mail_id = session.scalars(select(Notification.id).where(Notification.kind == "confirmed")).one()
    letter = take(mail_id, at=MONDAY)
    assert letter is not None
    data = as_bytes(letter)
    assert data == as_bytes(letter)
    mail = read(data)
    assert (mail["To"], mail["Subject"]) == (visit.contact_email, "Your visit to Bergen is confirmed")
    (file,) = mail.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "programme.ics")
    found = Calendar.from_ical(file.get_payload(decode=True)).walk("VEVENT")
    assert [(str(event["SUMMARY"]), str(event["STATUS"])) for event in found] == [
        ("Pipe renewal on site", "CONFIRMED"),
        ("Lunch", "CONFIRMED"),
    ]
