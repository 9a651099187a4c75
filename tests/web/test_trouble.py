"""A database or disk in trouble: told to come back, nothing half done, and well again as soon as the trouble is over.

Rows DB-3, DB-4, DB-5 and DB-9 in short; tests/acceptance has them at full length.
"""

from __future__ import annotations

import errno
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, PendingRollbackError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app import create_app
from app.core import database as core_database
from app.core.database import is_passing
from app.extensions import db
from app.visits import lifecycle
from app.visits.models import Visit
from tests.cast import KARI, bring
from tests.harness.engines import ScratchDatabase, plain_url
from tests.harness.web import CarefulClient
from tests.web.visitor_form import DELEGATION, VISIT, WHEN, WHO

Store = Callable[[], AbstractContextManager[Session]]
NEW = {**WHO, **DELEGATION, **VISIT, **WHEN, "language": "en", "key": "0123456789abcdef0123456789abcdef"}


@pytest.fixture
def kari(store: Store) -> str:
    with store():
        return bring(KARI)[0].get_id()


@pytest.fixture
def hasty(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application on the same database, with limits that a test can wait for and a pool of one connection."""
    monkeypatch.setattr(core_database, "BUSY_TIMEOUT_MS", 300)
    monkeypatch.setattr(
        core_database, "POOL", core_database.POOL | {"pool_size": 1, "max_overflow": 0, "pool_timeout": 1}
    )
    made = create_app({"WTF_CSRF_ENABLED": False, "DATABASE_LOCK_SECONDS": 0.3, "DATABASE_STATEMENT_SECONDS": 0.6})
    made.test_client_class = CarefulClient
    yield made
    with made.app_context():
        db.engine.dispose()


def browser(app: Flask, session_id: str) -> CarefulClient:
    client: CarefulClient = app.test_client()  # type: ignore[assignment]
    return client.sign_in(session_id)


def is_told_to_return(answer: object) -> bool:
    status, headers, text = answer.status_code, answer.headers, answer.text  # type: ignore[attr-defined]
    return status == 503 and int(headers["Retry-After"]) > 0 and "tell us this number" in text


@contextmanager
def locked(database: ScratchDatabase, engine: str) -> Iterator[None]:
    """Somebody else holds what a writer needs."""
    if engine == "sqlite":
        other = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()
        other.close()
        return
    with psycopg.connect(plain_url(database.url)) as connection:
        connection.execute("LOCK TABLE visit IN ACCESS EXCLUSIVE MODE")
        yield


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Visit)) or 0


def test_lock_that_is_not_given_back_is_told_in_time_and_leaves_nothing(
    hasty: Flask, kari: str, database: ScratchDatabase, engine_name: str
) -> None:
    with locked(database, engine_name):
        began = time.monotonic()
        answer = browser(hasty, kari).post("/visits/new", data=NEW)
        waited = time.monotonic() - began
    assert is_told_to_return(answer)
    assert waited < 5
    assert count(hasty) == 0
    again = browser(hasty, kari).post("/visits/new", data=NEW)
    assert (again.status_code, count(hasty)) == (303, 1)


def test_who_is_refused_waits_for_no_lock(hasty: Flask, kari: str, database: ScratchDatabase, engine_name: str) -> None:
    """A crowd that may not write, or filled a form in wrongly, keeps nobody from writing."""
    if engine_name != "sqlite":
        pytest.skip("writers lock rows there, not all of it")
    with locked(database, engine_name):
        refused = hasty.test_client().post("/visits/new", data=NEW)
        wrong = browser(hasty, kari).post("/visits/new", data=NEW | {"organisation": ""})
    assert (refused.status_code, wrong.status_code) == (403, 422)


def test_no_connection_left_is_told_and_ends_with_the_shortage(hasty: Flask, kari: str) -> None:
    taken, free = threading.Event(), threading.Event()

    def hold() -> None:
        with hasty.app_context(), db.engine.connect():
            taken.set()
            free.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(10)
    answer = browser(hasty, kari).get("/visits")
    free.set()
    holder.join()
    assert is_told_to_return(answer)
    assert browser(hasty, kari).get("/visits").status_code == 200


def test_connections_that_the_server_dropped_are_replaced_unseen(
    hasty: Flask, kari: str, database: ScratchDatabase, engine_name: str
) -> None:
    if engine_name == "sqlite":
        pytest.skip("there is no server to lose")
    client = browser(hasty, kari)
    assert client.get("/visits").status_code == 200
    with psycopg.connect(plain_url(database.url)) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert client.get("/visits").status_code == 200


def test_connection_lost_in_the_middle_of_a_form_is_told_and_leaves_nothing(
    hasty: Flask, kari: str, database: ScratchDatabase, engine_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine_name == "sqlite":
        pytest.skip("there is no server to lose")
    register = lifecycle.register

    def lose(*args: object, **kwargs: object) -> object:
        made = register(*args, **kwargs)  # type: ignore[arg-type]
        db.session.flush()
        with psycopg.connect(plain_url(database.url)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
        return made

    monkeypatch.setattr(lifecycle, "register", lose)
    assert is_told_to_return(browser(hasty, kari).post("/visits/new", data=NEW))
    monkeypatch.undo()
    assert count(hasty) == 0
    assert browser(hasty, kari).post("/visits/new", data=NEW).status_code == 303


def test_full_disk_is_told(hasty: Flask, kari: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/somewhere/secret")

    monkeypatch.setattr(lifecycle, "register", full)
    answer = browser(hasty, kari).post("/visits/new", data=NEW)
    assert is_told_to_return(answer)
    assert "somewhere" not in answer.text


class Said(Exception):
    """What a driver raises."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (PoolTimeout(), True),
        (PendingRollbackError(), True),
        (OSError(errno.ENOSPC, "full"), True),
        (OSError(errno.EACCES, "forbidden"), False),
        (ProgrammingError("SELECT", {}, Said("42P01")), False),
        (IntegrityError("INSERT", {}, Said("23505")), False),
        (ProgrammingError("SELECT", {}, Said("57P01")), True),
        (ProgrammingError("SELECT", {}, Said("25006")), True),
        (ValueError(), False),
    ],
)
def test_which_troubles_pass(error: Exception, passes: bool) -> None:
    assert is_passing(error) is passes


def test_trouble_that_does_not_pass_is_a_failure(hasty: Flask, kari: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_args: object, **_kwargs: object) -> None:
        raise ProgrammingError("SELECT marloes", {}, Said("42P01"))

    monkeypatch.setattr(lifecycle, "register", wrong)
    answer = browser(hasty, kari).post("/visits/new", data=NEW)
    assert (answer.status_code, "marloes" in answer.text) == (500, False)


def test_whoever_waits_for_a_lock_waits_once(
    hasty: Flask, kari: str, database: ScratchDatabase, engine_name: str
) -> None:
    """Not once for the page and again for the page that says so."""
    if engine_name == "sqlite":
        pytest.skip("readers never wait")
    with psycopg.connect(plain_url(database.url)) as connection:
        connection.execute('LOCK TABLE visit, "user" IN ACCESS EXCLUSIVE MODE')
        took = []
        for path in ("/visits", "/", "/request", "/sign-in", "/privacy"):
            began = time.monotonic()
            answer = browser(hasty, kari).get(path)
            took.append((path, round((time.monotonic() - began) / 0.3, 1)))
            assert answer.status_code < 500 or ("Go to the front page" in answer.text and is_told_to_return(answer))
    assert [one for one in took if one[1] >= 2] == []
