"""People who read pages and register visits at a steady rate while something breaks; every answer is kept.

An answer is a failure when the connection broke or when it is 5xx, except 503 with Retry-After, which tells to return.
What a coordinator was answered 303 for is acknowledged: it must be in the database ever after.
"""

from __future__ import annotations

import http.client
import secrets
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import TimestampSigner, URLSafeTimedSerializer

from tests.web.visitor_form import DELEGATION, VISIT, WHEN, WHO

# What visitors open without signing in, and now and then a coordinator's list.
LIGHT = ("/", "/sign-in", "/request", "/privacy")
PAGES = (*LIGHT, *LIGHT, *LIGHT, "/", "/sign-in", "/privacy", "/visits?q=Utrecht")
FORM = {**WHO, **DELEGATION, **VISIT, **WHEN, "language": "en", "host_1": "", "host_3": ""}
BROKEN = 0


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer: when it came (monotonic seconds), how long it took; status 0 when the connection broke."""

    at: float
    seconds: float
    method: str
    path: str
    status: int
    may_retry: bool
    words: str = ""

    @property
    def is_failure(self) -> bool:
        return self.status == BROKEN or (self.status >= 500 and not (self.status == 503 and self.may_retry))


def session_cookie(secret_key: str, session_id: str, *, at: datetime | None = None) -> tuple[str, str]:
    """The cookie of somebody who is signed in, and the token their forms must carry; good for hours from then on."""

    class Stamped(TimestampSigner):
        def get_timestamp(self) -> int:
            return int(at.timestamp()) if at else super().get_timestamp()

    signer = Flask("signer")
    signer.secret_key = secret_key
    serializer = SecureCookieSessionInterface().get_signing_serializer(signer)
    assert serializer is not None
    serializer.signer = Stamped
    raw = secrets.token_hex(20)
    cookie = serializer.dumps({"_user_id": session_id, "_fresh": True, "csrf_token": raw})
    token = URLSafeTimedSerializer(secret_key, salt="wtf-csrf-token", signer=Stamped).dumps(raw)
    return f"vertskap={cookie}", str(token)


@dataclass
class Traffic:
    """`with Traffic(url, secret, kari, per_second=50):` requests while the block runs; every 25th registers a visit.

    Whoever waits for a node that is just starting asks nothing else meanwhile: so that the rate is kept, there must be
    as many people as come in the longest such wait.
    """

    url: str
    secret_key: str
    session_id: str
    per_second: float = 20
    people: int = 16
    write_every: int = 25
    timeout: float = 45
    clock: Callable[[], datetime] | None = None  # the servers' own, where it is not this one
    seen: list[Seen] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    def __enter__(self) -> Traffic:
        self._stop, self._lock = Event(), Lock()
        self._papers = session_cookie(self.secret_key, self.session_id)
        self._number = 0
        self._began = time.monotonic()
        self._threads = [Thread(target=self._be_somebody, daemon=True) for _ in range(self.people)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(self.timeout + 5)
        self.lasted = time.monotonic() - self._began

    def _signed_in(self) -> tuple[str, str]:
        """Cookie and token; where the servers' clock is moved, made anew for each request."""
        return session_cookie(self.secret_key, self.session_id, at=self.clock()) if self.clock else self._papers

    def _be_somebody(self) -> None:
        """Each request at its moment; who comes late goes on at once."""
        while not self._stop.is_set():
            with self._lock:
                number, self._number = self._number, self._number + 1
            due = self._began + number / self.per_second
            if self._stop.wait(max(0.0, due - time.monotonic())):
                return
            if number % self.write_every == self.write_every - 1:
                self._register(f"Delegation {secrets.token_hex(8)}")
            else:
                path = PAGES[number % len(PAGES)]
                self._send("GET", path, cookie="" if path in LIGHT else self._signed_in()[0])

    def _register(self, name: str) -> None:
        fields: dict[str, object] = {**FORM, "organisation": name, "key": secrets.token_urlsafe(24)}
        cookie, token = self._signed_in()
        body = urlencode(fields | {"csrf_token": token}, doseq=True)
        if self._send("POST", "/visits/new", body, cookie=cookie) == 303:
            self.acknowledged.append(name)

    def _send(self, method: str, path: str, body: str | None = None, *, cookie: str) -> int:
        began, words = time.monotonic(), ""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=self.timeout)
        headers = {"Host": "127.0.0.1"} | ({"Cookie": cookie} if cookie else {})
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            status, may_retry = answer.status, answer.getheader("Retry-After") is not None
            words = text.decode()[:2000] if status >= 400 else ""
        except (OSError, http.client.HTTPException) as error:
            status, may_retry, words = BROKEN, False, repr(error)
        finally:
            with suppress(OSError):
                connection.close()
        ended = time.monotonic()
        self.seen.append(Seen(ended, ended - began, method, path, status, may_retry, words))
        return status

    def failures(self, *, after: float = 0.0, before: float = float("inf")) -> list[Seen]:
        """Failures that were answered in that time."""
        return [one for one in self.seen if one.is_failure and after <= one.at <= before]

    def told_to_return(self) -> int:
        """How often the answer was 503 with Retry-After."""
        return sum(one.status == 503 and one.may_retry for one in self.seen)

    def statuses(self) -> dict[str, int]:
        """How many answers of each kind."""
        counted = Counter(f"{one.method} {one.status or 'broken'}" for one in self.seen)
        return dict(sorted(counted.items()))

    def slowest(self, share: float = 1.0) -> float:
        """Seconds within which that share of all answers came."""
        taken = sorted(one.seconds for one in self.seen)
        return round(taken[min(len(taken) - 1, int(share * len(taken)))], 2) if taken else 0.0

    def rate(self) -> float:
        """Requests a second that were really made."""
        return round(len(self.seen) / self.lasted, 1)
