"""How transactions begin: writing ones take SQLite's write lock at once; reading ones take none.

A deferred BEGIN fails at once when a reader becomes a writer under contention, whatever the busy timeout;
BEGIN IMMEDIATE waits (bench/sqlite_writers.py shows both), and who waits longest is next (turns). PostgreSQL needs no
such choice.

Nobody waits for ever: for a lock, a statement, a connection of the pool or the server there is a limit, and whoever
reaches it is told to come back (is_passing).
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.turns import Turns

_writing: ContextVar[bool] = ContextVar("writing", default=True)
BUSY_TIMEOUT_MS = 9_000  # the page that gives up is there within 10 seconds (acceptance row DB-9)
POOL = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 7, "pool_timeout": 8}  # seconds
HIDDEN = {"hide_parameters": True}  # values are somebody's: no error tells them
TURN = "turn"  # where a connection's record keeps whose turn it holds
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


def _begin(connection: Connection, turns: Turns) -> None:
    if not _writing.get():
        connection.exec_driver_sql("BEGIN")
        return
    until = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    with suppress(TimeoutError):
        turns.enter(until=until)
        connection.info[TURN] = turns
    driven: Any = connection.connection.driver_connection
    try:
        if not turns.begin(driven, until=until):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # says that the database is locked, as SQLAlchemy says it
    except BaseException:
        _leave(connection.info)
        raise
    finally:
        driven.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _leave(info: MutableMapping[Any, Any]) -> None:
    if turns := info.pop(TURN, None):
        turns.leave()


def _on_end(connection: Connection) -> None:
    if not connection.invalidated:
        _leave(connection.info)


def _on_return(_connection: object, record: Any, _error: object = None) -> None:
    _leave(record.info)


def prepare_engine(engine: Engine) -> None:
    """Bind the rules above to an SQLite engine; other engines are left as they are."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", partial(_begin, turns=Turns(engine.url.database)))
    for name in ("commit", "rollback"):
        event.listen(engine, name, _on_end)
    for name in ("checkin", "invalidate"):  # whoever ends in another way has no turn any more either
        event.listen(engine, name, _on_return)


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
