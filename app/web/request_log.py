"""One line in the log for every request: its number, its route (never its address, which may be secret), how it ended.

The number comes from the proxy (X-Request-ID) where one stands before us and its form is safe, else it is made here;
the answer carries it, an error page shows how it begins.
"""

from __future__ import annotations

import logging
import re
import secrets
from time import perf_counter

from flask import Flask, current_app, g, request
from flask.wrappers import Response
from sqlalchemy import inspect

from app.core import logs
from app.core.tokens import ALPHABET
from app.people.models import User

log = logging.getLogger(__name__)
HEADER = "X-Request-ID"
SAFE = re.compile(r"[A-Za-z0-9-]{8,64}")
REF = re.compile(f"[{ALPHABET}]{{3}}-[{ALPHABET}]{{3}}")
SHOWN = 8  # so many letters of the number are shown to people
QUIET = ("static", "health.healthz", "health.readyz", "metrics.metrics")  # asked all the time: a line only on failure
UNKNOWN = "-"


def request_id() -> str:
    """This request's number, for logs."""
    return str(logs.said_about("request_id") or "")


def shown_id() -> str:
    """The part of it that a reader is asked to quote."""
    return request_id()[:SHOWN]


def route() -> str:
    """The rule that answers, such as /v/<string:token>; never what stands in its places."""
    return request.url_rule.rule if request.url_rule else UNKNOWN


def _given() -> str:
    sent = request.headers.get(HEADER, "") if current_app.config["TRUSTED_PROXY_HOPS"] else ""
    return sent if SAFE.fullmatch(sent) else secrets.token_hex(8)


def _begin() -> None:
    g.began = perf_counter()
    logs.begin(request_id=_given(), method=request.method, route=route())
    ref = str((request.view_args or {}).get("ref", "")).upper()
    if REF.fullmatch(ref):
        logs.about(visit=ref)


def _end(response: Response) -> Response:
    if "began" not in g:  # refused before anything else was looked at
        _begin()
    user = g.get("_login_user")
    if isinstance(user, User):
        logs.about(user_id=inspect(user).identity[0])  # type: ignore[index] # known without asking the database
    response.headers[HEADER] = request_id()
    ended = {"status": response.status_code, "milliseconds": round(1000 * (perf_counter() - g.began), 1)}
    is_quiet = request.endpoint in QUIET and response.status_code < 400
    log.log(logging.DEBUG if is_quiet else logging.INFO, "request", extra=ended)
    return response


def _forget(_error: BaseException | None) -> None:
    logs.begin()


def init_app(app: Flask) -> None:
    """Register before anything that may answer: every request has a number from its beginning."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(_forget)
