"""Handing mails over: to an SMTP server, or without one into a folder; the only importer of smtplib.

An SMTP_URL is smtp://, smtps:// (TLS from the start) or smtp+starttls://, with user:password@host:port.
"""

from __future__ import annotations

import os
import smtplib
import ssl
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from socket import SHUT_RDWR
from time import monotonic
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from app.notifications.deadlines import Watch
from app.notifications.message import Letter, as_bytes, wire_address

STEP_SECONDS = 15.0  # for one answer of the server
WHOLE_SECONDS = 28.0  # for one mail, connecting included, however slowly the server drips (acceptance row RM-7: 30)
LEAST_SECONDS = 1.0  # for reading an answer that may have come already
GOODBYE_SECONDS = 2.0
LONGEST_SECONDS = WHOLE_SECONDS + LEAST_SECONDS + GOODBYE_SECONDS  # from the first word to the good-bye
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


MayGo = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Result:
    """How handing over went: sent, later (this mail, 4xx), away (the server, any mail), refused (5xx), lost.

    `lost`: somebody else has the mail now, nothing was handed over. `reached` is False where nobody even answered.
    """

    outcome: str
    error: str = ""
    reached: bool = True


SENT = Result("sent")


def at_any_time() -> bool:
    """Nobody else can have taken the mail."""
    return True


class Folder:
    """Mails as .eml files that only the owner may read; a mail sent again replaces its file."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def __enter__(self) -> Self:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def __exit__(self, *_error: object) -> None:
        return None

    def pack(self, letter: Letter) -> bytes:
        """The mail as it will lie there, readable to people."""
        return as_bytes(letter, encoding="8bit")

    def begin(self, letter: Letter, data: bytes, *, may_go: MayGo = at_any_time) -> Result:
        """Write the whole mail beside its place, then move it there."""
        if not may_go():
            return Result("lost")
        name = f"{letter.id:06d}-{letter.kind}.eml"
        unfinished = self.path / f".{name}.{os.getpid()}-{threading.get_ident()}"
        try:
            unfinished.unlink(missing_ok=True)
            with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path / name)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            return Result("away", str(error.strerror), reached=False)
        return SENT

    def finish(self) -> Result:
        """A folder answers at once."""
        return SENT


class Server:
    """One connection to the SMTP server, opened for the first mail and kept for the following ones."""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)
        if self.url.scheme not in PORTS or not self.url.hostname:
            raise ValueError("SMTP_URL must be smtp://, smtps:// or smtp+starttls:// and name a host")
        self.connection: smtplib.SMTP | None = None
        self.watch: Watch | None = None
        self.has_spoken = False  # whether any of the words of the mail in hand may have left
        self.until = 0.0  # when the mail in hand must be done, on the clock that nobody sets

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.connection is not None:
            self.until = monotonic() + GOODBYE_SECONDS
            with suppress(OSError, smtplib.SMTPException), self._deadline():
                self.connection.quit()
        self._close()

    def send(self, letter: Letter) -> Result:
        """Hand one mail over and wait for the answer; never raises for anything the server or the network does."""
        return self.begin(letter, self.pack(letter)) or self.finish()

    def pack(self, letter: Letter) -> bytes:
        """The mail as it goes over the wire; raises ValueError for one that cannot."""
        return as_bytes(letter)

    def begin(self, letter: Letter, data: bytes, *, may_go: MayGo = at_any_time) -> Result | None:
        """Hand one mail over; None where the server has all of it and its answer is to be fetched with `finish`.

        `may_go` is asked when the server waits for the words: after a no they are not said, and the mail is `lost`.
        """
        self.until, self.has_spoken = monotonic() + WHOLE_SECONDS, False
        was_kept = self.connection is not None
        result = self._begun(letter, data, may_go)
        if was_kept and result is not None and result.outcome == "away" and not self.has_spoken:
            result = self._begun(letter, data, may_go)  # the server had hung up on the kept connection: a new one
        return result

    def _begun(self, letter: Letter, data: bytes, may_go: MayGo) -> Result | None:
        try:
            connection = self.connection or self._connect()
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Result("away", _words(error), reached=False)
        try:
            with self._deadline():
                return self._say(connection, letter, data, may_go)
        except (OSError, smtplib.SMTPException) as error:
            return self._failed(error)

    def finish(self) -> Result:
        """The server's answer to the mail it has."""
        connection = self.connection
        assert connection is not None
        self.until = max(self.until, monotonic() + LEAST_SECONDS)  # what has come meanwhile is still read
        try:
            with self._deadline():
                code, words = connection.getreply()
                if code != 250:
                    raise smtplib.SMTPDataError(code, words)
        except (OSError, smtplib.SMTPException) as error:
            return self._failed(error)
        return SENT

    def _say(self, connection: smtplib.SMTP, letter: Letter, data: bytes, may_go: MayGo) -> Result | None:
        connection.ehlo_or_helo_if_needed()
        size = [f"size={len(data)}"] if connection.does_esmtp and connection.has_extn("size") else []
        code, words = connection.mail(letter.envelope_sender, size)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, words, letter.envelope_sender)
        _expect(connection.rcpt(wire_address(letter.address)), 250, 251)
        _expect(connection.docmd("DATA"), 354)
        goes = False
        try:
            goes = may_go()
        finally:
            if not goes:
                self._close()  # without the last dot the server takes nothing
        if not goes:
            return Result("lost")
        self.has_spoken = True
        connection.send(_dotted(data))
        return None

    def _failed(self, error: Exception) -> Result:
        """What the error means; a connection that still makes sense is kept for the next mail."""
        result = _result(error)
        if self.connection is not None and result.outcome in ("later", "refused"):
            try:
                with self._deadline():
                    _expect(self.connection.rset(), 250)
                return result
            except (OSError, smtplib.SMTPException):
                pass
        self._close()
        return result

    def _connect(self) -> smtplib.SMTP:
        host, port = str(self.url.hostname), self.url.port or PORTS[self.url.scheme]
        if self.url.scheme == "smtps":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(timeout=STEP_SECONDS, context=ssl.create_default_context())
        else:
            connection = smtplib.SMTP(timeout=STEP_SECONDS)
        self.connection, self.watch = connection, Watch(partial(_cut, connection))
        connection._host = host  # type: ignore[attr-defined]  # the name that TLS checks; connect() leaves it empty
        with self._deadline():
            code, words = connection.connect(host, port)
            if code != 220:
                raise smtplib.SMTPConnectError(code, words)
            if self.url.scheme == "smtp+starttls":
                connection.starttls(context=ssl.create_default_context())
            if self.url.username:
                connection.login(unquote(self.url.username), unquote(self.url.password or ""))
        return connection

    def _deadline(self) -> AbstractContextManager[None]:
        """For the mail in hand, or the good-bye."""
        assert self.watch is not None
        return self.watch.limit(self.until)

    def _close(self) -> None:
        connection, self.connection = self.connection, None
        watch, self.watch = self.watch, None
        if watch is not None:
            watch.end()
        if connection is not None:
            connection.close()


def transport(smtp_url: str, folder: str) -> Server | Folder:
    """The server that is set, otherwise the folder."""
    return Server(smtp_url) if smtp_url else Folder(folder)


def _cut(connection: smtplib.SMTP) -> None:
    sock = connection.sock
    try:
        if sock is not None:
            sock.shutdown(SHUT_RDWR)
    except OSError:
        return


def _expect(answer: tuple[int, bytes], *codes: int) -> None:
    if answer[0] not in codes:
        raise smtplib.SMTPResponseException(*answer)


def _dotted(data: bytes) -> bytes:
    """The mail as DATA wants it: a line that begins with a dot gets another, and a dot alone ends it (RFC 5321)."""
    doubled = (b"\r\n" + data).replace(b"\r\n.", b"\r\n..")[2:]
    return doubled + (b".\r\n" if doubled.endswith(b"\r\n") else b"\r\n.\r\n")


def _result(error: Exception) -> Result:
    """4xx: this mail later; 5xx: never; no answer, 421, or not now before a recipient is named: the server is away."""
    if isinstance(error, smtplib.SMTPHeloError):  # it was asked before any mail was named
        return Result("away", _words(error), reached=False)
    if isinstance(error, smtplib.SMTPResponseException):
        code, text = error.smtp_code, _words(error)
    else:
        return Result("away", _words(error))
    if code >= 500:
        return Result("refused", text)
    is_away = code == 421 or isinstance(error, smtplib.SMTPSenderRefused)
    return Result("away" if is_away else "later", text)


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _decoded(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words
