"""Backups that can be trusted: written beside their place, read back, then moved there; and putting one back."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData

from app.core.time import now
from app.upkeep import container, engines
from app.upkeep.container import BackupError


@dataclass(frozen=True, slots=True)
class Made:
    """A backup: where it lies, how big it is (bytes), rows in all, whether it is encrypted."""

    path: Path
    size: int
    rows: int
    sealed: bool


def make_backup(
    engine: Engine, metadata: MetaData, path: Path, *, key: str = "", programs: str = "", at: datetime | None = None
) -> Made:
    """Copy the database into one file that only its owner may read.

    The file is there whole or not at all: it is written under another name, read back and compared, and only then takes
    its name; a file that is there already is replaced if it is a backup or empty. Raises BackupError (also for a full
    disk or a folder that cannot be written to).
    """
    try:
        if path.exists() and path.stat().st_size and not container.is_one(path):
            raise BackupError(f"{path}: there is something else than a backup; choose another name")
        with _folder_beside(path) as folder:
            facts = engines.dump(engine, metadata, folder / "dump", programs=programs)
            facts |= {"sha256": _checksum(folder / "dump"), "made_at": (at or now()).isoformat()}
            with (folder / "dump").open("rb") as data, _private(folder / "whole") as file:
                container.write(file, facts, data, key=key)
                file.flush()
                os.fsync(file.fileno())
            with (folder / "whole").open("rb") as file, Path(os.devnull).open("wb") as nowhere:
                container.read(file, nowhere, key=key)
            (folder / "whole").replace(path)
            _sync_folder(path.parent)
    except OSError as error:
        raise BackupError(f"{path}: {error.strerror}") from error
    return Made(path, path.stat().st_size, sum(facts["rows"].values()), bool(key))


def restore_backup(
    engine: Engine, metadata: MetaData, path: Path, *, known_revisions: set[str], key: str = "", programs: str = ""
) -> dict[str, Any]:
    """Put a backup in place of the database and compare the rows; returns the backup's facts.

    Nothing is touched unless the file is whole, of this engine, and not from a newer version. Raises BackupError.
    """
    try:
        with _folder_beside(Path(tempfile.gettempdir()) / "restore") as folder:
            with path.open("rb") as file, _private(folder / "dump") as data:
                facts = container.read(file, data, key=key)
            if facts["engine"] != engine.dialect.name:
                raise BackupError(f"this backup is of {facts['engine']}, the database is {engine.dialect.name}")
            if facts["revision"] not in known_revisions:
                raise BackupError("this backup was made by a newer version of Vertskap")
            engines.load(engine, folder / "dump", programs=programs)
    except OSError as error:
        raise BackupError(f"{path}: {error.strerror}") from error
    _compare(engine, metadata, facts)
    return facts


def _compare(engine: Engine, metadata: MetaData, facts: dict[str, Any]) -> None:
    kept = [table for table in metadata.sorted_tables if table.name in facts["rows"]]
    with engine.connect() as connection:
        found = {
            table.name: connection.exec_driver_sql(f'SELECT count(*) FROM "{table.name}"').scalar_one()  # noqa: S608
            for table in kept
        }
    wrong = sorted(name for name, rows in found.items() if rows != facts["rows"][name])
    if wrong:
        raise BackupError("after restoring, these tables have another number of rows: " + ", ".join(wrong))


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """A private folder on the same disk, so that the finished file can simply be moved; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        yield Path(folder)


@contextmanager
def _private(path: Path) -> Iterator[Any]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
