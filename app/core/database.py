"""How transactions begin: writing ones take SQLite's write lock at once; reading ones take none.

A deferred BEGIN fails at once when a reader becomes a writer under contention, whatever the busy timeout;
BEGIN IMMEDIATE waits (bench/sqlite_writers.py shows both). PostgreSQL needs no such choice.

Nobody waits for ever: for a lock, a statement, a connection of the pool or the server there is a limit, and whoever
reaches it is told to come back (is_passing).
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_writing: ContextVar[bool] = ContextVar("writing", default=True)
BUSY_TIMEOUT_MS = 9_000  # the page that gives up is there within 10 seconds (acceptance row DB-9)
POOL = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 7, "pool_timeout": 8}  # seconds
HIDDEN = {"hide_parameters": True}  # values are somebody's: no error tells them
CONNECT_SECONDS = 5
IDLE_MS = 600_000  # a transaction in which nothing happens any more: its process hangs
# SQLSTATE classes that another try may get past: connection, conflict, resources, object in use, operator's stop
PASSING = ("08", "40", "53", "55", "57")
READ_ONLY = "25006"  # a standby that is about to take over
FULL = (errno.ENOSPC, errno.EDQUOT)
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


def engine_options(url: str, *, statement_seconds: float, lock_seconds: float) -> dict[str, Any]:
    """What the engine is made with: a small pool that notices dead connections and, on PostgreSQL, limits."""
    if make_url(url).get_backend_name() != "postgresql":
        return POOL | HIDDEN
    limits = {
        "statement_timeout": int(1000 * statement_seconds),
        "lock_timeout": int(1000 * lock_seconds),
        "idle_in_transaction_session_timeout": IDLE_MS,
    }
    words = " ".join(f"-c {name}={value}" for name, value in limits.items())
    # A server that is gone without a word is noticed, not only one that says goodbye.
    network = {"keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}
    return POOL | HIDDEN | {"connect_args": {"options": words, "connect_timeout": CONNECT_SECONDS, **network}}


def is_passing(error: BaseException) -> bool:
    """Whether the database or the disk is lost, locked, full or out of connections: another try may well succeed."""
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout | PendingRollbackError):
        return True
    if isinstance(error, DBAPIError):
        code = str(getattr(error.orig, "sqlstate", None) or "")
        return error.connection_invalidated or code[:2] in PASSING or code == READ_ONLY
    return isinstance(error, OSError) and error.errno in FULL
