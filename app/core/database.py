"""How transactions begin: writing ones take SQLite's write lock at once; reading ones take none.

A deferred BEGIN fails at once when a reader becomes a writer under contention, whatever the busy timeout;
BEGIN IMMEDIATE waits (bench/sqlite_writers.py shows both). PostgreSQL needs no such choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event

_writing: ContextVar[bool] = ContextVar("writing", default=True)
BUSY_TIMEOUT_MS = 15_000
MAPPED_BYTES = 256 * 1024 * 1024


def begin_writing(writing: bool) -> None:
    """Choose for this context (a request, a job) whether new transactions may write."""
    _writing.set(writing)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside take no write lock."""
    token = _writing.set(False)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Transactions begun inside take the write lock: for the short technical write of a page that only reads."""
    token = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(token)


def _on_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")  # large values (feeds) are read without copying page by page
    cursor.close()


def _on_begin(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def prepare_engine(engine: Engine) -> None:
    """Bind the rules above to an SQLite engine; other engines are left as they are."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", _on_begin)
