"""The references as WSGI applications: the same bytes from the smallest app there is, and a Flask 304."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask, Response

HEADERS = [("Content-Type", "text/calendar; charset=utf-8")]
# Those of the application's answer, which a server writes and a client reads one by one.
OURS = [(name, value) for name, value in json.loads(os.environ.get("BENCH_HEADERS", "[]"))]
_body = Path(os.environ["BENCH_BODY"]).read_bytes() if "BENCH_BODY" in os.environ else b""


def bare(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The bytes, and nothing else."""
    start_response("200 OK", [*HEADERS, ("Content-Length", str(len(_body)))])
    return [_body]


def headed(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same bytes under the headers that the application's answer has."""
    start_response("200 OK", [*OURS, ("Content-Length", str(len(_body)))])
    return [_body]


_connections = threading.local()


def asking(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The same bytes after the smallest question to a database server: what any check there costs at the least."""
    if not hasattr(_connections, "one"):
        _connections.one = psycopg.connect(os.environ["BENCH_SERVER"], autocommit=True, prepare_threshold=0)
    _connections.one.execute("SELECT 1", binary=True).fetchone()
    return bare(environ, start_response)


flask_304 = Flask(__name__)


@flask_304.get("/<path:_any>")
def not_modified(_any: str) -> Response:
    """Nothing new."""
    response = Response(status=304)
    response.set_etag("0123456789abcdef0123456789abcdef")
    return response
