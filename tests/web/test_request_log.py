"""Row IN-10: each request has a line with its number and route; nothing sent can forge one or put a secret in it."""

from __future__ import annotations

import http.client
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core import logs
from app.core.time import now
from app.people.links import mint_link
from tests import factories
from tests.cast import KARI, OLA, bring
from tests.harness.web import CarefulClient, start_server

Store = Callable[[], AbstractContextManager[Session]]
Lines = list[dict[str, Any]]


@pytest.fixture
def lines(app: Flask) -> Iterator[Lines]:
    """What is logged during the test, as the objects that would be written."""
    found: Lines = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(logs.JsonLines().format(record)))

    handler, logger = Keep(), logging.getLogger("app")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield found
    logger.removeHandler(handler)
    logger.setLevel(level)


def test_request_is_told_by_its_route_visit_and_reader(client: CarefulClient, store: Store, lines: Lines) -> None:
    with store():
        kari = bring(KARI)[0]
        kari_id, session_id = kari.id, kari.get_id()
        ref = factories.make_visit("claimed", user=bring(OLA)[0]).ref
    answer = client.sign_in(session_id).get(f"/visits/{ref.lower()}")
    line = lines[-1]
    assert (line["route"], line["visit"], line["user_id"]) == ("/visits/<string:ref>", ref, kari_id)
    assert (line["method"], line["status"], line["message"]) == ("GET", 200, "request")
    assert line["milliseconds"] > 0
    assert answer.headers["X-Request-ID"] == line["request_id"]


def test_secret_link_is_never_written_but_its_visit_is(client: CarefulClient, store: Store, lines: Lines) -> None:
    with store():
        visit = factories.make_visit("claimed", user=bring(OLA)[0])
        ref, token = visit.ref, mint_link("visit", visit.id, at=now())
    assert client.get(f"/v/{token}").status_code == 200
    assert client.get(f"/v/{token}x").status_code == 404
    assert [line.get("visit") for line in lines if line["message"] == "request"] == [ref, None]
    assert token not in json.dumps(lines)


@pytest.mark.parametrize(
    ("hops", "sent", "is_kept"),
    [
        (1, "4f5c0a6e9b1d4c7f", True),
        (0, "4f5c0a6e9b1d4c7f", False),
        (1, "short", False),
        (1, 'x"}{"level":"critical', False),
        (1, "a" * 65, False),
    ],
)
def test_number_is_taken_from_the_proxy_only_in_a_safe_form(
    app: Flask, client: CarefulClient, hops: int, sent: str, is_kept: bool
) -> None:
    app.config["TRUSTED_PROXY_HOPS"] = hops
    number = client.get("/sign-in", headers={"X-Request-ID": sent}).headers["X-Request-ID"]
    assert (number == sent) is is_kept
    assert re.fullmatch(r"[A-Za-z0-9-]{8,64}", number)


def test_error_page_shows_how_the_number_in_the_log_begins(
    app: Flask, client: CarefulClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise ZeroDivisionError("secret detail")

    fail.access_rule = "everyone"  # type: ignore[attr-defined]
    app.config["TESTING"] = app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "account.sign_in", fail)
    answer = client.get("/sign-in?then=secret")
    (failure,) = [line for line in lines if "error" in line]
    assert failure["request_id"] == answer.headers["X-Request-ID"]
    assert failure["request_id"][:8] in answer.text
    assert failure["error"] == "ZeroDivisionError"
    assert "secret" not in json.dumps(lines)


def test_lines_of_one_request_do_not_speak_of_the_one_before(client: CarefulClient, store: Store, lines: Lines) -> None:
    with store():
        session_id = bring(KARI)[0].get_id()
    client.sign_in(session_id).get("/triage")
    client.application.test_client().get("/sign-in")
    assert [("user_id" in line, line["route"]) for line in lines if line["message"] == "request"] == [
        (True, "/triage"),
        (False, "/sign-in"),
    ]


HOSTILE = ['\n{"level":"critical"}', "\r\n", "\x1b[31mred", "\u2028", "\u202e", "x" * 10_000, "\x00", '"}']


def test_server_writes_one_object_a_line_whatever_is_sent(settings: dict[str, str], app: Flask, tmp_path: Path) -> None:
    log = tmp_path / "log"
    url, process = start_server(settings | {"LOG_LEVEL": "DEBUG"}, log)
    try:
        for hostile in HOSTILE:
            send(url, f"/canary-{quote(hostile)}", {"User-Agent": quote(hostile), "X-Request-ID": quote(hostile)})
            send(url, "/sign-in?then=" + quote(hostile), {"Cookie": f"vertskap={quote(hostile)}"})
        send_raw(url, b"GET /canary-raw HTTP/1.1\r\nHost: x\r\nBad Header\x1b[31m: canary-header\r\n\r\n")
        send_raw(url, b"\x1b[31mcanary-line\n\n")
    finally:
        process.terminate()
        process.wait(15)
    raw = log.read_text(encoding="utf-8")
    found = [json.loads(line) for line in raw.splitlines()]
    assert [line for line in found if set(line) - {"time", "level", "logger", "message", "error", "places", "code"}
            - set(logs.FIELDS)] == []  # fmt: skip
    assert len([line for line in found if line["message"] == "request"]) >= 12
    assert {line["level"] for line in found} <= {"debug", "info", "warning"}
    assert [word for word in ("canary", "critical", "\x1b") if word in raw] == []


def send(url: str, path: str, headers: dict[str, str]) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request("GET", path, headers=headers)
    connection.getresponse().read()
    connection.close()


def send_raw(url: str, data: bytes) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.connect()
    connection.sock.sendall(data)
    connection.sock.recv(1000)
    connection.close()
