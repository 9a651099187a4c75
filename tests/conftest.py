"""The fixtures of every test; tests/README.md says how to use them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import create_app
from app.extensions import db
from app.upkeep.models import JobRun
from tests.harness.engines import SERVER, PostgresDatabase, ScratchDatabase, SqliteFile, postgres_server, start_postgres
from tests.harness.web import CarefulClient, Mailbox, start_mailbox, start_server

pytest_plugins = ("tests.harness.browser", "tests.harness.addresses", "tests.harness.figures", "tests.harness.crowd")
# A Tuesday morning without holidays near: 09:00 in Bergen.
MORNING = datetime(2027, 3, 2, 8, 0, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the database to test on")


def pytest_configure(config: pytest.Config) -> None:
    """Start the one PostgreSQL of this run before any worker; workers find it in their environment."""
    if config.getoption("engine") == "postgresql" and not hasattr(config, "workerinput"):
        os.environ[SERVER] = start_postgres()


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('engine')}"


@pytest.fixture(scope="session")
def engine_name(pytestconfig: pytest.Config) -> str:
    """sqlite or postgresql."""
    return str(pytestconfig.getoption("engine"))


@pytest.fixture(scope="session")
def empty_database(engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScratchDatabase]:
    """This worker's database, still without tables."""
    if engine_name == "sqlite":
        yield SqliteFile(tmp_path_factory.mktemp("database"))
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    database = PostgresDatabase(postgres_server(), f"vertskap_{os.getpid()}_{worker}")
    database.create()
    yield database
    database.drop()


@pytest.fixture(scope="session")
def settings(empty_database: ScratchDatabase, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What differs from a fresh installation: the database, the mail folder and the keys."""
    return {
        "DATABASE_URL": empty_database.url,
        "MAIL_DIR": str(tmp_path_factory.mktemp("mail")),
        "SECRET_KEY": "a key for tests only",
        "SMTP_URL": "",
    }


@pytest.fixture(scope="session")
def prepared_app(settings: dict[str, str]) -> Iterator[Flask]:
    """The application with an empty database, made once for each worker; tests use `app`."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    app = create_app({"TESTING": True, "WTF_CSRF_ENABLED": False})
    app.test_client_class = CarefulClient
    yield app
    with app.app_context():
        db.engine.dispose()
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def run_flask(app: Flask, *words: str) -> str:
    """What `flask --app wsgi …` prints; raises what it raises, and AssertionError when it does not end well."""
    with app.app_context():
        result = app.test_cli_runner().invoke(args=list(words))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="session")
def database(prepared_app: Flask, empty_database: ScratchDatabase) -> ScratchDatabase:
    """This worker's database, migrated and loaded with Bergen's data by the application's own command."""
    run_flask(prepared_app, "setup", "--quiet")
    with prepared_app.app_context():
        db.session.execute(delete(JobRun))  # no test waits for a scheduler that it did not start
        db.session.commit()
        db.engine.dispose()
    empty_database.keep()
    return empty_database


@pytest.fixture
def app(prepared_app: Flask, database: ScratchDatabase) -> Iterator[Flask]:
    """The application with Bergen's data and nothing else; settings changed by a test are put back."""
    with prepared_app.app_context():
        db.engine.dispose()
    database.restore()
    config = dict(prepared_app.config)
    yield prepared_app
    prepared_app.config.clear()
    prepared_app.config.update(config)


@pytest.fixture
def client(app: Flask) -> CarefulClient:
    """A browser without a user; `client.sign_in(user.get_id())` makes it somebody's."""
    client: Any = app.test_client()
    return client


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A database session for tests that make no requests; nothing is committed unless the test does it."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def store(app: Flask) -> Callable[[], AbstractContextManager[Session]]:
    """`with store() as session:` around database work in tests that also make requests; commits at the end."""

    @contextmanager
    def work() -> Iterator[Session]:
        with app.app_context():
            yield db.session
            db.session.commit()

    return work


@pytest.fixture
def flask_command(app: Flask) -> Callable[..., str]:
    """`flask_command("create-user", "kari@example.org")` runs one command and gives what it printed."""
    return partial(run_flask, app)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still on a Tuesday morning; `clock.move_to(...)` and `clock.shift(...)` move it."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    """A real mail server that the application sends to during this test."""
    mailbox, controller = start_mailbox()
    app.config["SMTP_URL"] = mailbox.url
    yield mailbox
    controller.stop()


@pytest.fixture(scope="session")
def server_url(
    settings: dict[str, str], database: ScratchDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """One web server for each worker, on the worker's database."""
    log: Path = tmp_path_factory.mktemp("server") / "log"
    url, process = start_server(settings, log)
    yield url
    process.terminate()
    process.wait(15)


@pytest.fixture
def live_server(app: Flask, server_url: str) -> str:
    """The URL of a real web server on this test's database."""
    app.config["BASE_URL"] = server_url
    return server_url
