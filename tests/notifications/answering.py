"""What tests of answers to invitations share: a mail that answers one, reading the mailbox, what is known then."""

from __future__ import annotations

from email.message import EmailMessage

from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.extensions import db
from app.notifications.reply_models import Reply
from app.visits.invitation_models import Invitation
from tests import cast
from tests.cast import ULRIK
from tests.notifications.town import calendar_of, user

STRANGER = "mallory@evil.example"


def reply_to(
    mail: EmailMessage,
    answer: str,
    *,
    sender: str = ULRIK.email,
    attendee: str = "",
    method: str = "REPLY",
    organizer: bool = True,
    to: str = "",
    charset: str = "utf-8",
    extra: str = "",
    sequence: int | None = None,
    stamp: str = "20270302T090000Z",
) -> bytes:
    """What a calendar program sends back."""
    event = calendar_of(mail).walk("VEVENT")[0]
    address = str(event["ORGANIZER"]).removeprefix("mailto:")
    number = int(event["SEQUENCE"]) if sequence is None else sequence
    lines = [
        "BEGIN:VCALENDAR", f"METHOD:{method}", "VERSION:2.0", "PRODID:-//x//y//EN", "BEGIN:VEVENT",
        f"UID:{event['UID']}", f"SEQUENCE:{number}", f"DTSTAMP:{stamp}",
        f"ATTENDEE;CN=x;PARTSTAT={answer}:MAILTO:{attendee or sender}",
        *([f"ORGANIZER:mailto:{address}"] if organizer else []), *extra.split("\n"), "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    found = EmailMessage()
    found["From"], found["To"], found["Subject"] = f"Somebody <{sender}>", to or address, f"{answer}: Pipe renewal"
    found["Message-ID"] = f"<{answer}.{sender}.{method}.{number}@example.org>"
    found.set_content("See the calendar part.")
    body = "\r\n".join(line for line in lines if line).encode(charset)
    found.add_alternative(body, maintype="text", subtype="calendar", params={"method": method, "charset": "us-ascii"})
    return found.as_bytes()


def read(app: Flask) -> list[Reply]:
    """Read the mailbox once; everything that ever came back."""
    with app.app_context():
        scheduler.read_replies()
        found = list(db.session.scalars(select(Reply).order_by(Reply.id)))
        for row in found:
            db.session.expunge(row)
        return found


def answer_of(app: Flask, person: cast.Person) -> tuple[str, str]:
    with app.app_context():
        one = db.session.scalars(select(Invitation).where(Invitation.user_id == user(person).id)).one()
        return one.partstat, one.comment
