"""Turns at writing to SQLite: whoever came first writes first.

SQLite lets whoever looks at the right moment write next, and those who have waited long look less and less often: under
a crowd some never get there. Within a process people stand in a queue here. The heads of several processes hold a
place beside the database file while they look, so that a process whose turn has ended stands behind those that wait.
Nothing is guarded by this: SQLite's own lock does that, and whoever hangs here is passed after a while.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from threading import Lock

LOOK_SECONDS = 0.001
PASS_SECONDS = 2.0  # a process that was stopped while it was next keeps nobody longer


class Turns:
    """The queue of one engine. Who has the turn gives it back with `leave`, or nobody else of the process writes."""

    def __init__(self, path: str | None) -> None:
        self._place = f"{path}-next" if path else None
        self._guard = Lock()
        self._waiting: deque[Lock] = deque()
        self._taken = False

    def enter(self, *, until: float) -> None:
        """Wait for the turn, at most until that moment of time.monotonic(); then it raises TimeoutError."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=max(0.0, until - time.monotonic())):
            return
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise TimeoutError
        # the turn came at the last moment

    def leave(self) -> None:
        """The next in the queue has the turn."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False

    def begin(self, connection: sqlite3.Connection, *, until: float) -> bool:
        """BEGIN IMMEDIATE as soon as nobody else writes; False when somebody still does at that moment."""
        connection.execute("PRAGMA busy_timeout=0")
        place = self._open_place()
        try:
            if place is not None:
                _look(lambda: _is_next(place), until=min(until, time.monotonic() + PASS_SECONDS))
            return _look(lambda: _has_begun(connection), until=until)
        finally:
            if place is not None:
                os.close(place)  # and so the place is given up

    def _open_place(self) -> int | None:
        """Opened for each turn, for forked processes would share what was opened before; None on a full disk."""
        try:
            return os.open(self._place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600) if self._place else None
        except OSError:
            return None


def _look(is_so: Callable[[], bool], *, until: float) -> bool:
    """Again and again, until it is so or that moment has come."""
    while not (found := is_so()) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    return found


def _is_next(place: int) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _has_begun(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
