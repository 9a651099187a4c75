"""A mail as bytes: plain text, headers that only we choose, the same bytes for the same row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from html import escape
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from app.core.text import clean_line, clean_text

LONGEST_SUBJECT = 150
LONGEST_WORD = 60  # of a subject in plain ASCII
HEADERS = {
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
    "Content-Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """Everything needed to send one mail without asking the database again."""

    id: int
    kind: str
    sender: str
    address: str
    reply_to: str
    language: str
    subject: str
    text: str
    message_id: str
    dated: datetime
    calendar: bytes = b""  # an iCalendar object
    method: str = ""  # REQUEST or CANCEL: an invitation, beside the text; PUBLISH: a file, attached
    claim: int = field(default=0, compare=False)  # the number under which it was taken

    @property
    def envelope_sender(self) -> str:
        """The bare address that bounces go to."""
        return wire_address(parseaddr(self.sender)[1])


def wire_address(address: str) -> str:
    """The address as SMTP without extensions carries it; raises ValueError where that cannot be."""
    try:
        found = validate_email(address.strip(), check_deliverability=False).ascii_email
    except EmailNotValidError as error:
        raise ValueError("not an address") from error
    if found is None:
        raise ValueError("letters before the @ that mail servers may not take")
    return found


def one_line(text: str) -> str:
    """A subject: one line, no control characters, at most 150 characters."""
    line = clean_line(text)
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1].rstrip() + "…"


def new_message_id(unique: str, base_url: str) -> str:
    """An identifier that stays the same however often the mail is sent."""
    return f"<{unique}@{urlsplit(base_url).hostname or 'vertskap.invalid'}>"


class _Subject(str):
    """A subject that folds itself: the policy's own folding leaves the first line empty or loses a space."""

    name = "subject"

    def fold(self, *, policy: Policy) -> str:
        """The header with its line ends, in encoded words unless it is plain and its words are short (RFC 2047)."""
        is_plain = self.isascii() and "=?" not in self and max(map(len, self.split()), default=0) < LONGEST_WORD
        folded = Header(str(self), "us-ascii" if is_plain else "utf-8", header_name="Subject")
        return f"Subject: {folded.encode(linesep=policy.linesep)}{policy.linesep}"


def as_bytes(letter: Letter, *, encoding: str = "quoted-printable") -> bytes:
    """The mail as it goes over the wire; raises ValueError for an address or header that is not safe."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(letter.sender)
    message["To"] = Address(addr_spec=wire_address(letter.address))
    message["Reply-To"] = Address(addr_spec=wire_address(letter.reply_to))
    message["Subject"] = _Subject(one_line(letter.subject))
    message["Date"] = format_datetime(letter.dated)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(clean_text(letter.text) + "\n", charset="utf-8", cte=encoding)
    expected = HEADERS
    if letter.calendar:
        (_attach if letter.method == "PUBLISH" else _invite)(message, letter)
        expected = HEADERS - {"Content-Transfer-Encoding"}  # each part has its own
    message["Content-Language"] = letter.language  # set_content clears every Content- header before it
    return _checked(bytes(message), expected)


def _attach(message: EmailMessage, letter: Letter) -> None:
    params = {"charset": "utf-8"}
    message.add_attachment(
        letter.calendar, maintype="text", subtype="calendar", filename="programme.ics", params=params
    )
    message.set_boundary(f"=_programme-{letter.id}")


def _invite(message: EmailMessage, letter: Letter) -> None:
    """The same in three ways, the calendar last: a program that understands it shows buttons to answer."""
    message.add_alternative(as_html(letter.text, letter.language), subtype="html", charset="utf-8")
    params = {"method": letter.method, "charset": "UTF-8"}
    message.add_alternative(letter.calendar, maintype="text", subtype="calendar", params=params)
    for part in message.iter_parts():
        del part["Content-Disposition"]  # said to be attached, it would be a file only
    message.set_boundary(f"=_invitation-{letter.id}")


def as_html(text: str, language: str) -> str:
    """The text as a page: paragraphs and line ends, nothing else; whatever people typed is text."""
    paragraphs = [escape(part).replace("\n", "<br>\n") for part in clean_text(text).split("\n\n")]
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = f'<!DOCTYPE html>\n<html lang="{escape(language)}"><head><meta charset="utf-8"></head>'
    return f"{head}<body>\n{body}\n</body></html>\n"


def _address(sender: str) -> Address:
    name, address = parseaddr(sender)
    return Address(display_name=clean_line(name), addr_spec=wire_address(address))


def _checked(data: bytes, expected: set[str]) -> bytes:
    """Read it back: a header more or less than we wrote would mean that text broke out of its place."""
    names = message_from_bytes(data).keys()
    if sorted(names) != sorted(expected):
        raise ValueError(f"unexpected headers: {sorted(set(names) ^ expected)}")
    return data
