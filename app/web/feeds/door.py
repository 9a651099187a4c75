"""Before the application: the usual fetch of a feed, which is most of all requests, at a fraction of a page's cost.

Whatever is not the usual fetch (an unknown address, lost rights, a whole body to be made, HEAD, ranges) goes on to the
application and is answered there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from werkzeug.http import parse_etags
from werkzeug.sansio.utils import host_is_trusted

from app.core.time import now
from app.extensions import db
from app.feeds.body import Asked, Served
from app.feeds.programs import program_of
from app.feeds.quick import Quick
from app.feeds.stored import GZIP, IDENTITY
from app.web.feeds.calendar import CALENDAR_TYPE, finish_after
from app.web.headers import FIXED, NOT_INDEXED, VARY

FEED = re.compile(r"/feeds/([\w-]{20,100})\.ics")
ELSEWHERE = frozenset(("HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH"))
HEADERS = [
    *FIXED.items(),
    ("Content-Type", CALENDAR_TYPE),
    ("Cache-Control", "private, no-cache"),
    ("Vary", ", ".join(("Accept-Encoding", *VARY))),
    ("X-Robots-Tag", NOT_INDEXED),
]
NONE_KNOWN: frozenset[str] = frozenset()
Environ = dict[str, Any]


class Sent:
    """An answer's body; what is to be done afterwards is done when the server closes it, after the last byte."""

    def __init__(self, content: bytes | None, afterwards: Callable[[], None]) -> None:
        self.pieces = [] if content is None else [content]
        self.close = afterwards

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.pieces)


class FeedDoor:
    """WSGI around the application."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app = app
        self.inner = app.wsgi_app
        self.config = app.config
        self.quick = Quick(engine, most_bytes=app.config["FEED_CACHE_MB"] * 1024 * 1024)

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer the usual fetch; pass on everything else."""
        served = self._usual(environ)
        if served is None:
            return self.inner(environ, start_response)
        content = served.content
        headers = [*HEADERS, ("ETag", f'"{served.etag}"')]
        if served.etag.endswith(GZIP):
            headers.append(("Content-Encoding", GZIP))
        if content is None:
            start_response("304 NOT MODIFIED", headers)
        else:
            start_response("200 OK", [*headers, ("Accept-Ranges", "bytes"), ("Content-Length", str(len(content)))])
        if served.has_news:
            return Sent(content, partial(finish_after, served, self.app))
        return [] if content is None else [content]

    def _usual(self, environ: Environ) -> Served | None:
        fits = FEED.fullmatch(environ["PATH_INFO"])
        if fits is None or environ["REQUEST_METHOD"] != "GET":
            return None
        if environ.get("QUERY_STRING") or not ELSEWHERE.isdisjoint(environ):
            return None
        codings, trusted = environ.get("HTTP_ACCEPT_ENCODING", ""), self.config["TRUSTED_HOSTS"]
        if "q=" in codings or "*" in codings:
            return None
        if trusted and not host_is_trusted(environ.get("HTTP_HOST", ""), trusted):
            return None
        known = environ.get("HTTP_IF_NONE_MATCH")
        etags = parse_etags(known).as_set(include_weak=True) if known else NONE_KNOWN
        asked = Asked(program_of(environ.get("HTTP_USER_AGENT")), GZIP if GZIP in codings else IDENTITY, etags)
        try:
            return self.quick.find(fits[1], asked, at=now())
        except self.quick.errors as error:
            self.app.logger.warning("a feed is left to the application: %s", type(error).__name__)
            return None


def init_app(app: Flask) -> None:
    """Stand before the application; the database must be bound."""
    with app.app_context():
        app.wsgi_app = FeedDoor(app, db.engine)  # type: ignore[method-assign]
