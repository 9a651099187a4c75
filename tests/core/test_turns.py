"""Who writes to SQLite next: in the order in which they came, and whatever becomes of the one before."""

from __future__ import annotations

import gc
import multiprocessing
import sqlite3
import time
from collections.abc import Iterator
from itertools import pairwise
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from app.core import database
from app.core.database import prepare_engine, reading

pytestmark = pytest.mark.one_engine
PEOPLE = 12
HOLD_SECONDS, SECONDS = 0.02, 2.0


def engine_on(path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{path}", pool_size=PEOPLE + 1)
    prepare_engine(engine)
    return engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = engine_on(tmp_path / "turns.sqlite")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE written (who INTEGER, which TEXT)"))
    yield made
    made.dispose()


def write(engine: Engine, who: int, which: str = "") -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO written VALUES (:who, :which)"), {"who": who, "which": which})
        time.sleep(HOLD_SECONDS)


def written(engine: Engine) -> list[int]:
    with reading(), engine.begin() as connection:
        return list(connection.scalars(text("SELECT who FROM written ORDER BY rowid")))


def test_who_came_first_writes_first(engine: Engine) -> None:
    threads = [Thread(target=write, args=(engine, who)) for who in range(PEOPLE)]
    with engine.begin():
        for thread in threads:
            thread.start()
            time.sleep(0.03)
    for thread in threads:
        thread.join()
    assert written(engine) == list(range(PEOPLE))


def test_turn_is_given_on_by_who_fails_or_loses_the_connection(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin():
        raise ZeroDivisionError
    lost = engine.connect()
    lost.begin()
    lost.invalidate()
    lost.close()
    engine.connect().begin()
    gc.collect()  # nobody ended it, and nobody held it any more
    began = time.monotonic()
    write(engine, 1)
    assert time.monotonic() - began < 1
    assert written(engine) == [1]


def test_who_cannot_get_a_turn_in_time_is_told_so_and_leaves_the_queue(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    refused: list[float] = []

    def try_to_write() -> None:
        began = time.monotonic()
        with pytest.raises(OperationalError, match="database is locked"):
            write(engine, 0)
        refused.append(time.monotonic() - began)

    with engine.begin():
        threads = [Thread(target=try_to_write) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [0.15 < waited < 1 for waited in refused] == [True] * 3
    write(engine, 1)
    assert written(engine) == [1]


def test_lock_of_a_program_that_stands_in_no_queue_is_waited_for(engine: Engine, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "turns.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = Thread(target=write, args=(engine, 1))
    waiting.start()
    time.sleep(0.2)
    assert written(engine) == []
    other.execute("ROLLBACK")
    other.close()
    waiting.join()
    assert written(engine) == [1]


def _crowd(path: Path, which: str, ready: Barrier) -> None:
    """Three people of one process who write as fast as they can."""
    engine = engine_on(path)
    ready.wait()
    until = time.monotonic() + SECONDS

    def keep_writing() -> None:
        while time.monotonic() < until:
            write(engine, 0, which)

    threads = [Thread(target=keep_writing) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_processes_have_the_same_chance(engine: Engine, tmp_path: Path) -> None:
    """Whoever writes in one has the next writer beside it, and could keep the other process out for ever."""
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Barrier(2)
    crowds = [spawn.Process(target=_crowd, args=(tmp_path / "turns.sqlite", which, ready)) for which in "ab"]
    for crowd in crowds:
        crowd.start()
    for crowd in crowds:
        crowd.join()
    with reading(), engine.begin() as connection:
        rows = list(connection.scalars(text("SELECT which FROM written ORDER BY rowid")))
    changes = [one != following for one, following in pairwise(rows[3:-3])]
    assert len(changes) >= 20
    assert sum(changes) / len(changes) > 0.7
