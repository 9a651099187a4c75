"""One web node on a database of its own, for faults and backups: `site` makes it on either engine."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from tests.harness.engines import PostgresDatabase, plain_url, postgres_server
from tests.harness.processes import Process, flask_command, held_port, web_node
from tests.harness.traffic import Traffic
from tests.harness.web import wait_for

KARI = "kari@bergen.example.org"
WHOLE = (
    "SELECT organisation FROM visit v WHERE EXISTS (SELECT 1 FROM activity a WHERE a.visit_id = v.id) "
    "AND EXISTS (SELECT 1 FROM visit_window w WHERE w.visit_id = v.id)"
)


class Site:
    """One web node on a database of its own."""

    def __init__(self, folder: Path, url: str, *, workers: int = 2, settings: dict[str, str] | None = None) -> None:
        self.settings = {
            "DATABASE_URL": url,
            "SECRET_KEY": "a key for tests only",
            "MAIL_DIR": str(folder / "mail"),
            "TRUSTED_HOSTS": "127.0.0.1",
            "LOG_FORMAT": "json",
        } | (settings or {})
        self.database = url
        done = flask_command(self.settings, "setup", "--quiet")
        assert done.returncode == 0, done.stderr
        done = flask_command(self.settings, "create-user", KARI, "--coordinator", "--language", "en")
        assert done.returncode == 0, done.stderr
        number, version = self.rows(f"SELECT id, session_version FROM \"user\" WHERE email = '{KARI}'")[0]
        self.kari = f"{number}.{version}"
        self.held: socket.socket = held_port()
        self.url = f"http://127.0.0.1:{self.held.getsockname()[1]}"
        self.node: Process = web_node("web", self.held, self.settings | {"BASE_URL": self.url}, folder, workers=workers)

    def start(self) -> None:
        self.node.start()
        assert self.node.running is not None
        wait_for(f"{self.url}/healthz", self.node.running, self.node.log)

    def stop(self) -> None:
        self.node.stop()
        self.held.close()

    def rows(self, query: str) -> list[tuple[object, ...]]:
        if self.database.startswith("sqlite"):
            with closing(sqlite3.connect(self.database.removeprefix("sqlite:///"), timeout=30)) as connection:
                return list(connection.execute(query))
        with psycopg.connect(plain_url(self.database)) as connection:
            return connection.execute(query).fetchall()  # type: ignore[arg-type]

    def organisations(self) -> set[object]:
        """Of all visits; each of them whole."""
        whole = [row[0] for row in self.rows(WHOLE)]
        assert len(whole) == self.rows("SELECT count(*) FROM visit")[0][0], "half a visit"
        return set(whole)

    def is_whole(self) -> bool:
        return flask_command(self.settings, "check").stdout == "All is well.\n"

    def traffic(self, **more: float) -> Traffic:
        return Traffic(self.url, self.settings["SECRET_KEY"], self.kari, **more)  # type: ignore[arg-type]


@contextmanager
def site_on(engine: str, folder: Path, **settings: str) -> Iterator[Site]:
    """A site that is running, on a new database of that engine."""
    if engine == "sqlite":
        made = Site(folder, f"sqlite:///{folder / 'site.sqlite'}", settings=settings)
        database = None
    else:
        database = PostgresDatabase(postgres_server(), f"vertskap_{os.getpid()}_site")
        database.create()
        url = make_url(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
        made = Site(folder, url, settings=settings)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        if database is not None:
            database.drop()
