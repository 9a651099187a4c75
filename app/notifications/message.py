"""A mail as bytes: text and page, headers that only we choose, the same bytes for the same row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from functools import cache, lru_cache
from typing import Any
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
    html: str = ""  # the same as a page
    thread: tuple[str, ...] = ()  # Message-IDs it belongs to, the nearest last
    list_id: str = ""
    claim: int = field(default=0, compare=False)  # the number under which it was taken

    @property
    def envelope_sender(self) -> str:
        """The bare address that bounces go to."""
        return wire_address(parseaddr(self.sender)[1])


@lru_cache(maxsize=256)  # our own are in every mail, and a reader's is asked for several times
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


class _Header(BaseHeader):
    """A header that is folded once, however many mails have it."""

    _folded = ""

    def fold(self, *, policy: Policy) -> str:
        """The header with its line ends."""
        self._folded = self._folded or super().fold(policy=policy)
        return self._folded


class _Headers(HeaderRegistry):
    """Reading and folding headers is most of what a mail costs, and mails have most of theirs in common."""

    def __init__(self) -> None:
        super().__init__(base_class=_Header)
        self._class = cache(super().__getitem__)
        self._made = lru_cache(maxsize=256)(super().__call__)

    def __getitem__(self, name: str) -> type[BaseHeader]:
        return self._class(name)

    def __call__(self, name: str, value: Any) -> BaseHeader:
        return self._made(name, value)


POLICY = SMTP.clone(header_factory=_Headers())


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
    message = EmailMessage(policy=POLICY)
    message["From"] = _sender(letter.sender)
    message["To"] = _mailbox(letter.address)
    message["Reply-To"] = _mailbox(letter.reply_to)
    message["Subject"] = _Subject(one_line(letter.subject))
    message["Date"] = format_datetime(letter.dated)
    message["Message-ID"] = letter.message_id
    for name, value in _thread(letter):
        message[name] = value
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(clean_text(letter.text) + "\n", charset="utf-8", cte=encoding)
    expected = HEADERS | {name for name, _value in _thread(letter)}
    if letter.html:
        _add_other_ways(message, letter)
        expected = expected - {"Content-Transfer-Encoding"}  # each part has its own
    message["Content-Language"] = letter.language  # set_content clears every Content- header before it
    return _checked(bytes(message), expected)


def _thread(letter: Letter) -> list[tuple[str, str]]:
    """What lets a mail program put the mails about one visit together, and a filter find them."""
    found = [("List-Id", letter.list_id)] if letter.list_id else []
    if letter.thread:
        found += [("In-Reply-To", letter.thread[-1]), ("References", " ".join(letter.thread))]
    return found


def _add_other_ways(message: EmailMessage, letter: Letter) -> None:
    """The same as a page; an invitation comes last, so that programs show buttons to answer; a file is attached."""
    message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="quoted-printable")
    if letter.calendar and letter.method != "PUBLISH":
        params = {"method": letter.method, "charset": "UTF-8"}
        message.add_alternative(letter.calendar, maintype="text", subtype="calendar", params=params)
    for part in message.iter_parts():
        del part["Content-Disposition"]  # said to be attached, it would be a file only
    message.set_boundary(f"=_ways-{letter.id}")
    if letter.calendar and letter.method == "PUBLISH":
        name, params = "programme.ics", {"charset": "utf-8"}
        message.add_attachment(letter.calendar, maintype="text", subtype="calendar", filename=name, params=params)
        message.set_boundary(f"=_programme-{letter.id}")


@lru_cache(maxsize=256)
def _sender(whole: str) -> str:
    name, address = parseaddr(whole)
    return str(Address(display_name=clean_line(name), addr_spec=wire_address(address)))


@lru_cache(maxsize=256)
def _mailbox(address: str) -> str:
    return str(Address(addr_spec=wire_address(address)))


def _checked(data: bytes, expected: set[str]) -> bytes:
    """Read it back: a header more or less than we wrote would mean that text broke out of its place."""
    names = BytesHeaderParser().parsebytes(data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n").keys()
    if sorted(names) != sorted(expected):
        raise ValueError(f"unexpected headers: {sorted(set(names) ^ expected)}")
    return data
