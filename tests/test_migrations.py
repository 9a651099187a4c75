"""Migrations make exactly the tables of the models, on both engines, and can be walked back and forth."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.extensions import db
from tests.harness.engines import PostgresDatabase, ScratchDatabase, SqliteFile, postgres_server

FOLDER = str(Path(__file__).resolve().parents[1] / "migrations")


@pytest.fixture
def scratch(engine_name: str, tmp_path: Path) -> Iterator[ScratchDatabase]:
    """A database of its own, without tables."""
    if engine_name == "sqlite":
        yield SqliteFile(tmp_path)
        return
    database = PostgresDatabase(postgres_server(), f"vertskap_{os.getpid()}_migrations")
    database.create()
    yield database
    database.drop()


@pytest.fixture
def bare_app(scratch: ScratchDatabase) -> Iterator[Flask]:
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": scratch.url})
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names())


def test_migrated_tables_are_those_of_the_models(bare_app: Flask) -> None:
    upgrade(directory=FOLDER)
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrations_can_be_undone_and_done_again(bare_app: Flask) -> None:
    upgrade(directory=FOLDER)
    made = tables()
    downgrade(directory=FOLDER, revision="base")
    assert tables() == {"alembic_version"}
    upgrade(directory=FOLDER)
    assert tables() == made


def test_migrating_twice_changes_nothing(bare_app: Flask) -> None:
    upgrade(directory=FOLDER)
    made = tables()
    upgrade(directory=FOLDER)
    assert tables() == made
