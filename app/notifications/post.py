"""Handing mails over: to an SMTP server, or without one into a folder; the only importer of smtplib.

An SMTP_URL is smtp://, smtps:// (TLS from the start) or smtp+starttls://, with user:password@host:port.
"""

from __future__ import annotations

import os
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from socket import SHUT_RDWR
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from app.notifications.message import Letter, as_bytes, wire_address

STEP_SECONDS = 15.0  # for one answer of the server
WHOLE_SECONDS = 30.0  # for connecting, and again for one mail, however slowly the server drips
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


@dataclass(frozen=True, slots=True)
class Result:
    """How handing over went: sent, later (this mail, 4xx), away (the server, any mail), refused (5xx)."""

    outcome: str
    error: str = ""


SENT = Result("sent")


class Folder:
    """Mails as .eml files that only the owner may read; a mail sent again replaces its file."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def __enter__(self) -> Self:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def send(self, letter: Letter) -> Result:
        """Write the whole mail beside its place, then move it there."""
        name = f"{letter.id:06d}-{letter.kind}.eml"
        unfinished = self.path / f".{name}.{os.getpid()}-{threading.get_ident()}"
        data = as_bytes(letter, encoding="8bit")
        try:
            unfinished.unlink(missing_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path / name)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            return Result("away", str(error.strerror))
        return SENT


class Server:
    """One connection to the SMTP server, opened for the first mail and kept for the following ones."""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)
        if self.url.scheme not in PORTS or not self.url.hostname:
            raise ValueError("SMTP_URL must be smtp://, smtps:// or smtp+starttls:// and name a host")
        self.connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.connection is not None:
            with suppress(OSError, smtplib.SMTPException), _deadline(self.connection):
                self.connection.quit()
        self._close()

    def send(self, letter: Letter) -> Result:
        """Hand one mail over; never raises for anything the server or the network does."""
        data = as_bytes(letter)
        try:
            connection = self.connection or self._connect()
        except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
            self._close()
            return Result("away", _words(error))
        try:
            with _deadline(connection):
                connection.sendmail(letter.envelope_sender, [wire_address(letter.address)], data)
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return _result(error)
        return SENT

    def _connect(self) -> smtplib.SMTP:
        host, port = str(self.url.hostname), self.url.port or PORTS[self.url.scheme]
        if self.url.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(timeout=STEP_SECONDS, context=ssl.create_default_context())
        else:
            connection = smtplib.SMTP(timeout=STEP_SECONDS)
        self.connection = connection
        connection._host = host  # type: ignore[attr-defined]  # the name that TLS checks; connect() leaves it empty
        with _deadline(connection):
            code, words = connection.connect(host, port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            if self.url.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if self.url.username:
                connection.login(unquote(self.url.username), unquote(self.url.password or ""))
        return connection

    def _close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            connection.close()


def transport(smtp_url: str, folder: str) -> Server | Folder:
    """The server that is set, otherwise the folder."""
    return Server(smtp_url) if smtp_url else Folder(folder)


@contextmanager
def _deadline(connection: smtplib.SMTP) -> Iterator[None]:
    """Cut the connection when the whole takes too long: a timeout for each answer lets a slow drip go on for ever."""
    timer = threading.Timer(WHOLE_SECONDS, _cut, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _cut(connection: smtplib.SMTP) -> None:
    sock = connection.sock
    try:
        if sock is not None:
            sock.shutdown(SHUT_RDWR)
    except OSError:
        return


def _result(error: Exception) -> Result:
    """4xx: this mail later; 5xx: never; no answer at all or 421: the server is away."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
        text = f"{code} {_decoded(words)}"
    elif isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, _words(error)
    else:
        return Result("away", _words(error))
    if code >= 500:
        return Result("refused", text)
    return Result("away" if code == 421 else "later", text)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _decoded(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
