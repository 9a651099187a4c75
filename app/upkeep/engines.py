"""Copying a database whole, as each engine does it: SQLite by its backup interface, PostgreSQL by pg_dump."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, func, make_url, select, text

from app.upkeep.container import BackupError

Counts = dict[str, int]
PROGRAM_SECONDS = 3600


def count_rows(connection: Connection, metadata: MetaData) -> Counts:
    """How many rows each table has."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in metadata.sorted_tables
    }


def revision(connection: Connection) -> str:
    """The migration the database stands at."""
    return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def dump(engine: Engine, metadata: MetaData, target: Path, *, programs: str = "") -> dict[str, Any]:
    """Write the database into a file and return what it holds: engine, revision, rows per table."""
    if engine.dialect.name != "sqlite":
        return _dump_postgres(engine, metadata, target, programs)
    try:
        return _dump_sqlite(engine, metadata, target)
    except sqlite3.Error as error:  # SQLite tells of the target's disk as of the database's own
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        raise BackupError(f"{target.parent.parent}: {os.strerror(errno.ENOSPC) if full else error}") from error


def load(engine: Engine, source: Path, *, programs: str = "") -> None:
    """Put the file's content in place of the database's; open connections go on with the new content."""
    if engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(source)) as rows, closing(sqlite3.connect(_file(engine), timeout=60)) as live:
            rows.backup(live)
        return
    script = source.with_suffix(".sql")
    plain = ("--no-owner", "--no-acl", "--file", str(script))
    _run([_program("pg_restore", programs), *plain, str(source)], engine.url)
    # What was there goes in the same transaction: also tables that the backup does not know yet.
    anew = "SET lock_timeout = '60s'; DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    _run(
        [
            *(_program("psql", programs), "--no-psqlrc", "--quiet", "--single-transaction"),
            *("--set", "ON_ERROR_STOP=1", "--dbname", str(engine.url.database), *_server(engine.url)),
            *("--command", anew, "--file", str(script)),
        ],
        engine.url,
    )


def _file(engine: Engine) -> str:
    return str(engine.url.database)


def _dump_sqlite(engine: Engine, metadata: MetaData, target: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(_file(engine), timeout=60)) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy, pages=2000)
        found = copy.execute("PRAGMA integrity_check").fetchall()
        if found != [("ok",)]:
            raise BackupError("the copy is not whole (integrity_check)")
        counts = {
            table.name: copy.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]  # noqa: S608 - our own names
            for table in metadata.sorted_tables
        }
        at = copy.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    return {"engine": "sqlite", "revision": at, "rows": counts}


def _dump_postgres(engine: Engine, metadata: MetaData, target: Path, programs: str) -> dict[str, Any]:
    """One snapshot for the counting and the dump, so that they agree while others write."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):  # it waits for pg_dump, however long
            connection.execute(text(f"SET LOCAL {limit} = 0"))
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        facts = {
            "engine": "postgresql",
            "revision": revision(connection),
            "rows": count_rows(connection, metadata),
        }
        url = engine.url
        _run(
            [
                *(_program("pg_dump", programs), "--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}"),
                *("--file", str(target), "--dbname", str(url.database), *_server(url)),
            ],
            url,
        )
    _run([_program("pg_restore", programs), "--list", str(target)], engine.url)  # it can be read again
    return facts


def _program(name: str, folder: str) -> str:
    found = shutil.which(name, path=folder or None)
    if found is None:
        raise BackupError(f"{name} was not found: install PostgreSQL's client programs, or set PG_BIN to their folder")
    return found


def _server(url: Any) -> list[str]:
    """Where the server is, for the programs; the password goes by the environment, never by the command line."""
    query = dict(url.query)
    host, port = url.host or query.get("host"), url.port or query.get("port")
    parts = {"--host": host, "--port": port, "--username": url.username}
    return [word for option, value in parts.items() if value for word in (option, str(value))]


def _run(command: list[str], url: Any) -> None:
    """Run one of PostgreSQL's programs; raises BackupError with the last line it said."""
    plain = make_url(url)
    secrets = {"PGPASSWORD": str(plain.password)} if plain.password else {}
    done = subprocess.run(  # noqa: S603 - our own words and settings
        command, env=os.environ | secrets, capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["it gave no reason"]
        raise BackupError(f"{Path(command[0]).name}: {said[-1]}")
