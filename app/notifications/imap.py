"""Reading the mailbox that answers come to: IMAP_URL is imaps:// or imap://, with user:password@host:port/folder."""

from __future__ import annotations

import imaplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from app.notifications.reply_mail import LARGEST_MAIL

STEP_SECONDS = 15.0
MOST_AT_ONCE = 50  # mails in one run
PORTS = {"imap": 143, "imaps": 993}
FAULTS = (OSError, imaplib.IMAP4.error, ssl.SSLError)


class Inbox:
    """An opened folder; a mail stays unseen until `done` is called for it."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self.connection = connection

    def unseen(self) -> list[str]:
        """The UIDs of mails that were not taken yet, the oldest first."""
        _kind, data = self.connection.uid("SEARCH", "UNSEEN")
        return [number.decode() for number in (data[0] or b"").split()][:MOST_AT_ONCE]

    def fetch(self, uid: str) -> tuple[bytes, datetime | None]:
        """The mail as it lies there, at most LARGEST_MAIL bytes, and when it arrived; looking does not mark it."""
        _kind, data = self.connection.uid("FETCH", uid, f"(INTERNALDATE BODY.PEEK[]<0.{LARGEST_MAIL}>)")
        parts = [item for item in data if item is not None]
        words = b" ".join(item[0] if isinstance(item, tuple) else item for item in parts)
        return next((item[1] for item in parts if isinstance(item, tuple)), b""), _arrived_at(words)

    def look_again_since(self, moment: datetime) -> int:
        """Mails that arrived on that day or later count as not taken again; how many that are."""
        day = imaplib.Time2Internaldate(moment.timestamp())[1:12].strip()
        _kind, data = self.connection.uid("SEARCH", "SEEN", "SINCE", day)
        uids = (data[0] or b"").decode().split()
        if uids:
            self.connection.uid("STORE", ",".join(uids), "-FLAGS", r"(\Seen)")
        return len(uids)

    def done(self, uid: str) -> None:
        """Taken: it is not looked at again."""
        self.connection.uid("STORE", uid, "+FLAGS", r"(\Seen)")


def _arrived_at(words: bytes) -> datetime | None:
    found = imaplib.Internaldate2tuple(words)
    return datetime.fromtimestamp(time.mktime(found), UTC) if found else None


@contextmanager
def open_inbox(imap_url: str) -> Iterator[Inbox]:
    """The folder of that URL, INBOX where it names none; raises ValueError for another URL, FAULTS when away."""
    url = urlsplit(imap_url)
    if url.scheme not in PORTS or not url.hostname:
        raise ValueError("IMAP_URL must be imaps:// or imap:// and name a host")
    port = url.port or PORTS[url.scheme]
    if url.scheme == "imaps":
        context = ssl.create_default_context()
        connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(url.hostname, port, ssl_context=context, timeout=STEP_SECONDS)
    else:
        connection = imaplib.IMAP4(url.hostname, port, timeout=STEP_SECONDS)
    try:
        connection.login(unquote(url.username or ""), unquote(url.password or ""))
        folder = unquote(url.path.strip("/")).replace("\\", "").replace('"', "") or "INBOX"
        kind, _data = connection.select(f'"{folder}"')
        if kind != "OK":
            raise imaplib.IMAP4.error("no such folder")
        yield Inbox(connection)
    finally:
        with suppress(*FAULTS):
            connection.logout()
