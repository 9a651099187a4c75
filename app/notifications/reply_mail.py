"""A mail from outside taken apart, as far as it concerns us; hostile ones come out as plain text or as nothing."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import getaddresses
from itertools import islice

from app.core.text import clean_line, clean_text, without_secrets
from app.notifications.reply_quotes import words_of_page

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
    is_listed: bool = False  # it has passed a mailing list
    is_bounce: bool = False  # a mail server says that it could not deliver
    answers_to: tuple[str, ...] = ()  # Message-IDs, the nearest first
    attachments: tuple[str, ...] = ()  # their names; what is in them is not looked at


def read_mail(raw: bytes) -> Arrived:
    """Never raises: of a mail that cannot be read only the key is known."""
    raw = raw[:LARGEST_MAIL]
    try:
        return _read(message_from_bytes(raw, policy=policy.compat32), raw)
    except Exception:  # the parser's own faults are many; whatever it was, a person will see that mail
        return Arrived(key=hashlib.sha256(raw).hexdigest())


def _read(mail: Message, raw: bytes) -> Arrived:
    message_id = clean_line(str(mail.get("Message-ID", "")))
    text, page, calendar = "", "", b""
    for part in islice(mail.walk(), MOST_PARTS):
        kind = part.get_content_type()
        if kind == "text/calendar" and not calendar:
            calendar = _payload(part)
        elif kind == "text/plain" and not text:
            text = _words(part)
        elif kind == "text/html" and not page:
            page = _words(part)
    return Arrived(
        key=hashlib.sha256(message_id.encode() or raw).hexdigest(),
        sender=_addresses(mail, "From")[0] if _addresses(mail, "From") else "",
        addresses=tuple(address for name in TO_HEADERS for address in _addresses(mail, name)),
        subject=_subject(raw)[:200],
        text=without_secrets(clean_text(text[: 4 * LONGEST_TEXT] or words_of_page(page[: 20 * LONGEST_TEXT])))[
            :LONGEST_TEXT
        ],
        calendar=calendar,
        is_automatic=_is_automatic(mail),
        is_listed=_is_listed(mail),
        is_bounce=_is_bounce(mail),
        answers_to=_answers_to(mail),
        attachments=_attachments(mail),
    )


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _words(part: Message) -> str:
    """A part as text in the alphabet that it names, where that is known."""
    try:
        return _payload(part).decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return _payload(part).decode("utf-8", "replace")


def _is_bounce(mail: Message) -> bool:
    returned = str(mail.get("Return-Path", "")).strip() == "<>"
    return mail.get_content_type() == "multipart/report" or (returned and not mail.get("Auto-Submitted"))


def _is_automatic(mail: Message) -> bool:
    """Written by a program (RFC 3834, and what programs did before it): nobody is told of it, nothing answers it."""
    submitted = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(mail.get("Precedence", "")).strip().lower()
    marked = any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Reply"))
    return submitted != "no" or precedence in ("bulk", "junk", "auto_reply") or marked


def _is_listed(mail: Message) -> bool:
    """Sent on by a mailing list: perhaps somebody's answer, perhaps what everybody got."""
    precedence = str(mail.get("Precedence", "")).strip().lower()
    return precedence == "list" or bool(mail.get("List-Id") or mail.get("List-Unsubscribe"))


def _answers_to(mail: Message) -> tuple[str, ...]:
    named = f"{mail.get('References', '')} {mail.get('In-Reply-To', '')}"[-4000:]
    return tuple(dict.fromkeys(reversed(re.findall(r"<[^<>\s]{3,250}>", named))))[:20]


def _attachments(mail: Message) -> tuple[str, ...]:
    names = [
        clean_line(part.get_filename() or part.get_content_type())[:100]
        for part in islice(mail.walk(), MOST_PARTS)
        if not part.is_multipart()
        and (part.get_filename() or part.get_content_disposition() == "attachment")
        and part.get_content_type() != "text/calendar"
    ]
    return tuple(names[:20])


def _addresses(mail: Message, name: str) -> list[str]:
    values = [str(value)[:2000] for value in mail.get_all(name, [])[:5]]
    return [clean_line(address).lower() for _name, address in getaddresses(values)][:50]


def _subject(raw: bytes) -> str:
    head = raw.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0][:50_000]
    mail = message_from_bytes(head + b"\n\n", policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return clean_line(str(mail.get("Subject", "")))
