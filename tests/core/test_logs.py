"""Logs: one JSON object a line whatever is in it, listed fields only, and no value of an error's words."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core import logs
from app.extensions import db

HOSTILE = 'a\nb\r\x1b[31mc\x00\u202e\u2028"}\n{"level": "critical", "message": "forged"}' + "x" * 10_000


@pytest.fixture(autouse=True)
def _nothing_said() -> None:
    logs.begin()


def written(kind: str, log: Callable[[logging.Logger], object], *, name: str = "app.somewhere") -> str:
    """What one call to a logger writes in that form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(kind, stream))
    logger = logging.Logger(name)
    logger.addHandler(handler)
    log(logger)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["json", "plain", ""])
def test_whatever_is_in_it_a_line_stays_one_line(kind: str) -> None:
    line = written(kind, lambda log: log.warning("somebody sent %s", HOSTILE))
    assert line.count("\n") == 1
    assert line.endswith("\n")
    assert [letter for letter in "\r\x1b\x00\u202e\u2028" if letter in line] == []
    assert len(line) < 8_000


def test_line_is_one_json_object_with_time_level_and_what_it_is_about() -> None:
    logs.begin(request_id="0123456789abcdef", route="/visits/<string:ref>", method="GET")
    logs.about(visit="K7M-4QX", user_id=7)
    line = json.loads(written("json", lambda log: log.info("request", extra={"status": 200, "milliseconds": 3.5})))
    assert line.pop("time").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "app.somewhere",
        "message": "request",
        "request_id": "0123456789abcdef",
        "route": "/visits/<string:ref>",
        "method": "GET",
        "visit": "K7M-4QX",
        "user_id": 7,
        "status": 200,
        "milliseconds": 3.5,
    }


def test_fields_that_are_not_listed_are_left_out() -> None:
    logs.begin(request_id="0123456789abcdef", email="kari@example.org")
    logs.about(name="Kari")
    line = written("json", lambda log: log.info("request", extra={"phone": "55 56 55 56"}))
    assert [word for word in ("kari", "Kari", "55 56") if word in line] == []


def test_values_in_a_database_errors_words_are_not_written(app: Flask) -> None:
    secret = "@".join(("kari", "example.org"))
    insert = text("INSERT INTO job_run (name, started_at) VALUES (:name, NULL)")

    def log_it(log: logging.Logger) -> None:
        with app.app_context(), pytest.raises(IntegrityError) as failed:
            db.session.execute(insert, {"name": secret})
        failed.value.add_detail(secret)
        assert secret in str(failed.value)  # the words do hold it
        log.error("it failed", exc_info=failed.value)

    line = written("json", log_it)
    assert secret not in line
    found = json.loads(line)
    assert found["error"].startswith("IntegrityError < ")
    assert found["code"] in ("23502", "SQLITE_CONSTRAINT_NOTNULL")
    assert any("test_logs.py" in place for place in found["places"])


@pytest.mark.parametrize(
    ("message", "words"),
    [
        (("Error handling request %s", "/v/secret-token"), "Error handling request …"),
        (("Invalid request from ip=192.0.2.7: /v/secret-token",), "Invalid request from ip"),
        ((ValueError("secret-token"),), "ValueError"),
        (
            ("{} is not {:s}".format("secret", "token")[:0] + "Booting worker with pid: %s", 12),
            "Booting worker with pid",
        ),
    ],
)
def test_of_other_libraries_only_the_fixed_words_are_kept(message: tuple[object, ...], words: str) -> None:
    line = json.loads(written("json", lambda log: log.error(*message), name="gunicorn.error"))
    assert line["message"] == words


def test_uncaught_errors_are_lines_too(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    root, before = logging.getLogger(), list(logging.getLogger().handlers)
    stream = io.StringIO()
    hook, thread_hook = sys.excepthook, logs.threading.excepthook
    try:
        logs.start("json", stream=stream)
        error = ValueError("secret-token")
        sys.excepthook(ValueError, error, None)
        logs.warnings.warn("secret-token", UserWarning, stacklevel=1)
    finally:
        root.handlers[:] = before
        sys.excepthook, logs.threading.excepthook = hook, thread_hook
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert lines[0]["error"] == "ValueError"
    assert "secret-token" not in stream.getvalue()
