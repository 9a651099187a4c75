"""Logs: one JSON object a line, of listed fields only; a readable form on a terminal. No value of somebody's gets in.

An exception is told by its kind, the database's code and the places it passed, never by its words: those hold values.
Of other libraries' messages only the fixed words are kept, since what they fill in may be an address with a secret.
Whatever is in a text, a line stays one line: JSON is written in ASCII, and the readable form spells controls out.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
import unicodedata
import warnings
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, TextIO

# What a line may say besides time, level, logger, message and an error's kind and places: ids, names of ours, numbers.
FIELDS = ("request_id", "visit", "user_id", "method", "route", "status", "milliseconds", "job", "step", "row")
OURS = ("app", "alembic", "apscheduler")  # their messages hold only what our own code and settings say
FILLED_IN = re.compile(r"%[-#0 +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]|\{[^}]*\}")
LONGEST = 2000
PLACES, INNERMOST = 12, 4
_about: ContextVar[dict[str, object] | None] = ContextVar("logged_about", default=None)


def begin(**fields: object) -> None:
    """What every line from here on is about (a request, a job), in place of what was before."""
    _about.set({name: value for name, value in fields.items() if name in FIELDS})


def about(**fields: object) -> None:
    """Add to what the lines of this request or job are about; fields that are not listed are left out."""
    _about.set({**(_about.get() or {}), **{name: value for name, value in fields.items() if name in FIELDS}})


def said_about(name: str) -> object:
    """What is known of this request or job under that name, or None."""
    return (_about.get() or {}).get(name)


def fields_of(record: logging.LogRecord) -> dict[str, object]:
    """Everything a line says, in the order it says it."""
    error = record.exc_info[1] if record.exc_info else None
    own = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
    line: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": words_of(record),
        **{name: _plain(value) for name, value in {**(_about.get() or {}), **own}.items()},
    }
    return line | (error_of(error) if error is not None else {})


def words_of(record: logging.LogRecord) -> str:
    """The message; of other libraries only the words that are the same every time."""
    if record.name.split(".")[0] in OURS:
        return record.getMessage()[:LONGEST]
    if not isinstance(record.msg, str):
        return type(record.msg).__name__
    return FILLED_IN.sub("…", re.split(r"[:=\n]", record.msg, maxsplit=1)[0])[:120]


def error_of(error: BaseException) -> dict[str, object]:
    """An exception without its words: the kinds down to the first cause, the database's code, the places it passed."""
    chain = [error]
    while (cause := chain[-1].__cause__ or chain[-1].__context__) is not None and len(chain) < 5:
        chain.append(cause)
    codes = [getattr(one, "sqlstate", None) or getattr(one, "sqlite_errorname", None) for one in chain]
    code = next((str(code) for code in codes if code), "")
    found: dict[str, object] = {"error": " < ".join(type(one).__name__ for one in chain), "places": _places(error)}
    return found | ({"code": code} if code else {})


def _places(error: BaseException) -> list[str]:
    """Where it went: our own frames, and of the libraries' only the innermost."""
    frames = traceback.extract_tb(error.__traceback__)
    told = [frame for frame in frames[:-INNERMOST] if "site-packages" not in frame.filename] + frames[-INNERMOST:]
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in told[-PLACES:]]


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | bool) or value is None else str(value)[:200]


def _visible(text: str) -> str:
    """Controls, line breaks and direction overrides spelt out, so that nothing can forge a line or colour it."""
    hidden = ("Cc", "Cf", "Cs", "Zl", "Zp")
    return "".join(
        letter.encode("unicode_escape").decode() if unicodedata.category(letter) in hidden else letter
        for letter in text
    )


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields_of(record), ensure_ascii=True)


class Readable(logging.Formatter):
    """For a terminal: time, level, message, then what else is known."""

    def format(self, record: logging.LogRecord) -> str:
        line = fields_of(record)
        clock, level, message = str(line.pop("time"))[11:19], line.pop("level"), str(line.pop("message"))
        rest = " ".join(f"{name}={_visible(str(value))}" for name, value in line.items() if name != "logger")
        return f"{clock} {level} {_visible(message)}" + (f"  ({rest})" if rest else "")


def formatter(kind: str, stream: TextIO) -> logging.Formatter:
    """`json` or `plain`; left open, plain on a terminal."""
    is_plain = kind == "plain" or (kind != "json" and stream.isatty())
    return Readable() if is_plain else JsonLines()


def start(kind: str = "", level: str = "INFO", *, stream: TextIO = sys.stderr) -> None:
    """Send every log, warning and uncaught exception of this process to the stream; replaces what was set before."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(kind, stream))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("app", "gunicorn.error"):
        logging.getLogger(name).setLevel(level)
    for name in ("gunicorn.error", "gunicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    warnings.showwarning = _warned  # type: ignore[assignment]
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _warned(_message: object, category: type[Warning], filename: str, lineno: int, *_rest: Any) -> None:
    logging.getLogger("app.warnings").warning("%s at %s:%d", category.__name__, filename, lineno)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        logging.getLogger("app").critical("ended by an error", exc_info=(kind, error, trace))


def _uncaught_in_thread(found: threading.ExceptHookArgs) -> None:
    if found.exc_value is not None:
        _uncaught(found.exc_type, found.exc_value, found.exc_traceback)
