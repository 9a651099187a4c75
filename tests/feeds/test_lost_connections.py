"""Feeds whose standing connection is lost: the fetch that meets it is answered all the same, the next quickly again."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from app.core.standing import Line, StandingConnections
from app.extensions import db
from app.web.feeds.door import FeedDoor
from tests.feeds.conftest import Region, titles
from tests.feeds.test_weeks import counting, fetched
from tests.harness.engines import ScratchDatabase, plain_url

pytestmark = pytest.mark.usefixtures("only_with_a_server")
SHOWN = ["Hold: Tour (Gemeente Utrecht)"]


@pytest.fixture
def only_with_a_server(engine_name: str) -> None:
    if engine_name == "sqlite":
        pytest.skip("there is no server to lose")


@pytest.fixture
def server(database: ScratchDatabase) -> Iterator[psycopg.Connection[Any]]:
    """A session of somebody else on the same database."""
    with psycopg.connect(plain_url(database.url), autocommit=True) as connection:
        yield connection


@pytest.fixture
def path(region: Region) -> str:
    """A feed that is fetched over a connection that stands already."""
    region.add("Tour", contact=region.ola)
    path = region.subscribe(region.ola)
    with counting(region.app) as reached:
        assert [titles(fetched(region.app, path)) for _ in range(3)] == [SHOWN] * 3
    assert reached == ["application"]  # the first time, as nothing was stored
    return path


def connections(region: Region) -> StandingConnections:
    door = region.app.wsgi_app
    assert isinstance(door, FeedDoor)
    return door.quick.connections


def standing(region: Region) -> list[Line]:
    return connections(region)._free


def ended_by_the_server(region: Region, server: psycopg.Connection[Any]) -> None:
    """As when it is restarted."""
    for line in standing(region):
        server.execute("SELECT pg_terminate_backend(%s, 5000)", (line.driver.info.backend_pid,))


def cut_off(region: Region, server: psycopg.Connection[Any]) -> None:
    """As when the network goes: nothing can be sent."""
    for line in standing(region):
        with socket.socket(fileno=socket.dup(line.driver.fileno())) as wire:
            wire.shutdown(socket.SHUT_RDWR)


def broken_before(region: Region, server: psycopg.Connection[Any]) -> None:
    """Libpq knows already that nothing can be sent."""
    ended_by_the_server(region, server)
    for line in standing(region):
        line.driver.pgconn.exec_(b"SELECT 1")


def closed(region: Region, server: psycopg.Connection[Any]) -> None:
    """Here, by whomever."""
    for line in standing(region):
        line.driver.close()


def another_session(region: Region, server: psycopg.Connection[Any]) -> None:
    """As behind a pooler that gives each statement to any session: what was prepared is not there."""
    for line in standing(region):
        line.driver.pgconn.exec_(b"DEALLOCATE ALL")


def migrated(region: Region, server: psycopg.Connection[Any]) -> None:
    """A column of the answer has another type now."""
    server.execute("ALTER TABLE host ALTER COLUMN id TYPE bigint")


@pytest.mark.parametrize("lose", [ended_by_the_server, cut_off, broken_before, closed, another_session, migrated])
def test_fetch_over_a_lost_connection_is_answered_and_the_next_one_has_a_new_connection(
    region: Region, server: psycopg.Connection[Any], path: str, lose: Callable[..., None]
) -> None:
    before = standing(region)[0]
    lose(region, server)
    try:
        with counting(region.app) as reached:
            answers = [titles(fetched(region.app, path)) for _ in range(3)]
        assert answers == [SHOWN] * 3
        assert reached == ["application"]  # for the one that met it
        assert (before.driver.closed, [line is before for line in standing(region)]) == (True, [False])
    finally:
        server.execute("ALTER TABLE host ALTER COLUMN id TYPE integer")


def test_connection_that_is_lost_while_it_asks_is_answered_by_the_application(
    region: Region, server: psycopg.Connection[Any], path: str
) -> None:
    asking = standing(region)[0].driver.info.backend_pid
    answers: list[list[str]] = []
    fetching = threading.Thread(target=lambda: answers.append(titles(fetched(region.app, path))))
    with server.transaction():
        server.execute("LOCK TABLE feed IN ACCESS EXCLUSIVE MODE")
        fetching.start()
        wait_until_blocked(server, asking)  # this thread goes on meanwhile
        server.execute("SELECT pg_terminate_backend(%s, 5000)", (asking,))
    fetching.join(20)
    with counting(region.app) as reached:
        answers.append(titles(fetched(region.app, path)))
    assert (answers, reached) == ([SHOWN, SHOWN], [])


def wait_until_blocked(server: psycopg.Connection[Any], pid: int) -> None:
    until = time.monotonic() + 10
    while server.execute("SELECT pg_blocking_pids(%s)", (pid,)).fetchone() == ([],):
        assert time.monotonic() < until
        time.sleep(0.01)


def test_connection_that_cannot_be_prepared_is_closed(
    region: Region, server: psycopg.Connection[Any], path: str
) -> None:
    opened: list[psycopg.Connection[Any]] = []
    with region.app.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", lambda driver, _record: opened.append(driver))
    server.execute("ALTER TABLE feed_fetch RENAME TO feed_fetch_elsewhere")
    try:
        for _ in range(3):
            with pytest.raises(psycopg.errors.UndefinedTable), connections(region).line():
                pass
    finally:
        server.execute("ALTER TABLE feed_fetch_elsewhere RENAME TO feed_fetch")
    assert [driver.closed for driver in opened] == [True] * 3
