"""A mail from outside taken apart, as far as it concerns us; hostile ones come out as plain text or as nothing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses
from itertools import islice

from app.core.text import clean_line, clean_text

LARGEST_MAIL = 1_000_000  # bytes; what is longer is cut off
MOST_PARTS = 40
LONGEST_TEXT = 5_000
TO_HEADERS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")


@dataclass(frozen=True, slots=True)
class Arrived:
    """What a mail says: from whom, to which addresses, the first calendar part, the first text."""

    key: str
    sender: str = ""
    addresses: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    calendar: bytes = b""
    is_automatic: bool = False


def read_mail(raw: bytes) -> Arrived:
    """Never raises: of a mail that cannot be read only the key is known."""
    raw = raw[:LARGEST_MAIL]
    try:
        return _read(message_from_bytes(raw, policy=policy.compat32), raw)
    except Exception:  # the parser's own faults are many; whatever it was, a person will see that mail
        return Arrived(key=hashlib.sha256(raw).hexdigest())


def read_pasted(raw: bytes) -> Arrived:
    """A whole mail, or only its calendar file."""
    if raw.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        return Arrived(key=hashlib.sha256(raw).hexdigest(), calendar=raw)
    return read_mail(raw)


def _read(mail: Message, raw: bytes) -> Arrived:
    message_id = clean_line(str(mail.get("Message-ID", "")))
    text, calendar = b"", b""
    for part in islice(mail.walk(), MOST_PARTS):
        kind = part.get_content_type()
        if kind == "text/calendar" and not calendar:
            calendar = _payload(part)
        elif kind == "text/plain" and not text:
            text = _payload(part)
    return Arrived(
        key=hashlib.sha256(message_id.encode() or raw).hexdigest(),
        sender=_addresses(mail, "From")[0] if _addresses(mail, "From") else "",
        addresses=tuple(address for name in TO_HEADERS for address in _addresses(mail, name)),
        subject=_subject(raw)[:200],
        text=clean_text(text[: 4 * LONGEST_TEXT].decode("utf-8", "replace"))[:LONGEST_TEXT],
        calendar=calendar,
        is_automatic=str(mail.get("Auto-Submitted", "no")).strip().lower() != "no",
    )


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _addresses(mail: Message, name: str) -> list[str]:
    values = [str(value)[:2000] for value in mail.get_all(name, [])[:5]]
    return [clean_line(address).lower() for _name, address in getaddresses(values)][:50]


def _subject(raw: bytes) -> str:
    head = raw.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0][:50_000]
    mail = message_from_bytes(head + b"\n\n", policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return clean_line(str(mail.get("Subject", "")))
