"""Why writing transactions begin with BEGIN IMMEDIATE on SQLite: both ways in one run, as counts.

    .venv/bin/python bench/sqlite_writers.py

Eight threads each read and then write twenty times. Deferred transactions fail at once when another writer was
faster, whatever the busy timeout; immediate ones wait their turn.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from threading import Barrier, Thread

WRITERS, ROUNDS, BUSY_MS = 8, 20, 5000


def run(begin: str, path: Path) -> tuple[int, int]:
    """How many of all transactions were committed, and how many failed."""
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE counter (n INTEGER)")
        made.execute("INSERT INTO counter VALUES (0)")
    barrier, failed = Barrier(WRITERS), [0] * WRITERS
    threads = [Thread(target=_write, args=(begin, path, barrier, failed, number)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    committed = sqlite3.connect(path).execute("SELECT n FROM counter").fetchone()[0]
    return committed, sum(failed)


def _write(begin: str, path: Path, barrier: Barrier, failed: list[int], number: int) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    barrier.wait()
    for _ in range(ROUNDS):
        connection.execute(begin)
        try:
            (value,) = connection.execute("SELECT n FROM counter").fetchone()
            connection.execute("UPDATE counter SET n = ?", (value + 1,))
            connection.execute("COMMIT")
        except sqlite3.OperationalError:
            failed[number] += 1
            connection.execute("ROLLBACK")


def main() -> None:
    """Print a line for each way."""
    for begin in ("BEGIN", "BEGIN IMMEDIATE"):
        with tempfile.TemporaryDirectory() as folder:
            committed, failed = run(begin, Path(folder) / "bench.sqlite")
        print(f"{begin:16} committed {committed:4} of {WRITERS * ROUNDS}, failed {failed}")


if __name__ == "__main__":
    main()
