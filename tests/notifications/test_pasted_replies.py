"""Answers that coordinators paste from somebody's own mailbox: whatever stands before the headers, or without any."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from markupsafe import escape
from sqlalchemy import select

from app.calendars import read_answer
from app.extensions import db
from app.notifications.reply_models import Reply
from app.notifications.reply_pasted import read_pasted
from app.visits.invitation_models import Invitation
from tests import cast
from tests.cast import KARI, ULRIK
from tests.harness.web import CarefulClient
from tests.notifications.answering import answer_of, reply_to
from tests.notifications.town import Store, Town, invitation_at_the_desk, user

CALENDAR = """BEGIN:VCALENDAR
METHOD:REPLY
BEGIN:VEVENT
UID:one@vertskap
ATTENDEE;PARTSTAT=DECLINED:mailto:ulrik@example.org
COMMENT:På kurs
END:VEVENT
END:VCALENDAR
"""
Spoil = Callable[[str], str]
PASTED: list[tuple[str, Spoil, str]] = [
    ("whole", lambda text: text, "ulrik@example.org"),
    ("after empty lines", lambda text: "\n \n" + text, "ulrik@example.org"),
    ("after a byte order mark and spaces", lambda text: "\ufeff  " + text, "ulrik@example.org"),
    ("after an empty line and a mark", lambda text: "\r\n\ufeff" + text, "ulrik@example.org"),
    ("after a word", lambda text: "Forwarded:\n\n" + text, "ulrik@example.org"),
    ("after a few lines", lambda text: "See this: he cannot come\n-----\n" + text, "ulrik@example.org"),
    ("from a mailbox file", lambda text: "From ulrik Mon Mar  1 09:00:00 2027\n" + text, "ulrik@example.org"),
    ("moved in", lambda text: "".join(f"    {line}\r\n" for line in text.splitlines()), "ulrik@example.org"),
    ("without its sender", lambda text: _from(text, "MIME-Version:"), ""),
    ("from the calendar part on", lambda text: _from(text, "Content-Type: text/calendar"), ""),
    ("no answer but a quoted sender", lambda text: "x\n" * 40 + text, ""),
]


def _from(text: str, start: str) -> str:
    return text[text.index(start) :]


def whole_mail(encoding: str) -> str:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Declined: Tour", "Ulrik <ulrik@example.org>"
    mail["To"] = "office@example.org"
    mail.set_content("From: somebody@example.org wrote that he cannot come.")
    mail.add_alternative(CALENDAR.encode(), maintype="text", subtype="calendar", cte=encoding)
    return mail.as_bytes().decode()


@pytest.mark.one_engine
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
@pytest.mark.parametrize(("spoil", "sender"), [one[1:] for one in PASTED], ids=[one[0] for one in PASTED])
def test_answer_is_found_in_what_people_paste(spoil: Spoil, sender: str, encoding: str) -> None:
    found = read_pasted(spoil(whole_mail(encoding)))
    answer = read_answer(found.calendar)
    assert (found.sender, answer.uid, answer.answer) == (sender, "one@vertskap", "DECLINED")
    assert (answer.attendees, answer.comment) == (("ulrik@example.org",), "På kurs")


@pytest.mark.one_engine
@pytest.mark.parametrize("before", ["", "\n\n  ", "\ufeff", "Hello\n\n"])
def test_answer_is_found_in_a_pasted_calendar_file(before: str) -> None:
    found = read_pasted(before + CALENDAR)
    assert (found.sender, read_answer(found.calendar).answer) == ("", "DECLINED")


def test_answer_after_empty_lines_counts_and_one_without_a_sender_is_matched_and_waits(
    town: Town, store: Store, client: CarefulClient
) -> None:
    mail = invitation_at_the_desk(town, store, client)
    text = reply_to(mail, "DECLINED").decode()
    client.post("/replies", data={"mail": _from(text, "MIME-Version:")})
    assert answer_of(town.app, ULRIK)[0] == "NEEDS-ACTION"
    client.post("/replies", data={"mail": "\r\n" + text})
    assert answer_of(town.app, ULRIK)[0] == "DECLINED"
    with store():
        one = db.session.scalars(select(Invitation).where(Invitation.user_id == user(ULRIK).id)).one()
        found = db.session.scalars(select(Reply).order_by(Reply.id)).all()
        assert [(each.state, each.invitation_id) for each in found] == [("waiting", one.id), ("taken", one.id)]


def test_what_is_no_mail_stays_in_the_form_and_the_way_to_the_source_is_told(
    town: Town, store: Store, client: CarefulClient
) -> None:
    with store():
        (kari,) = cast.bring(KARI)
        session_id = kari.get_id()
    client.sign_in(session_id)
    for text in ("Ulrik cannot come <b>", "Subject: hello", "BEGIN:VCALENDAR\nEND:VCALENDAR"):
        answer = client.post("/replies", data={"mail": text})
        assert (answer.status_code, escape(text) in answer.text) == (422, True)
        assert answer.text.count("Neither a sender nor an answer can be read in this.") == 2  # above, and at the field
        assert [name for name in ("Outlook", "Thunderbird", "Gmail") if name not in answer.text] == []
    with store():
        assert db.session.scalars(select(Reply)).all() == []
