"""Migrations make exactly the tables of the models, on both engines, and can be walked back and forth."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, select

from app import create_app
from app.core.languages import LANGUAGES
from app.extensions import db
from app.notifications.invitations import take_as_told
from app.people.actors import by_user
from app.people.models import Place
from app.visits.arranging import as_planned, move_appointment
from app.visits.invitation_models import Invitation
from app.visits.programme_models import Appointment
from tests import cast
from tests.conftest import run_flask
from tests.factories import make_appointment, make_visit
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


def test_invitations_keep_the_place_they_were_told_as_it_is_called_at_the_upgrade(bare_app: Flask) -> None:
    """Nobody is told anew of what has not changed."""
    run_flask(bare_app, "setup", "--quiet")
    (ola,) = cast.bring(cast.OLA)
    place = Place(slug="hall", name_nb="Rådhuset", address="Rådhusgaten 10")
    db.session.add(place)
    visit = make_visit("claimed", user=ola)
    for start, end, at in (("09:00", "10:00", place), ("10:00", "11:00", None)):
        make_appointment(visit, user=ola, start=start, end=end, place=at)
    take_as_told(visit, at=cast.MONDAY)
    db.session.flush()
    query = select(Invitation.told).where(Invitation.user_id == ola.id).order_by(Invitation.appointment_id)
    before = list(db.session.scalars(query))
    assert [told[6] for told in before] == [dict.fromkeys(LANGUAGES, "Rådhuset, Rådhusgaten 10"), {}]
    db.session.commit()
    downgrade(directory=FOLDER, revision="0024")
    assert [len(told) for told in db.session.scalars(query)] == [6, 6]
    db.session.rollback()
    upgrade(directory=FOLDER)
    assert list(db.session.scalars(query)) == before


def test_great_change_that_waited_during_the_upgrade_stays_out_of_the_visitors_sight(bare_app: Flask) -> None:
    run_flask(bare_app, "setup", "--quiet")
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("confirmed", user=ola)
    stop = visit.appointments[0]
    plan, day = as_planned(stop), timedelta(days=1)
    later = replace(plan, starts_at=plan.starts_at + day, ends_at=plan.ends_at + day)
    move_appointment(stop, later, by=by_user(ola, ola.hosts[0]), at=cast.MONDAY)
    db.session.commit()
    downgrade(directory=FOLDER, revision="0027")
    upgrade(directory=FOLDER)
    known = db.session.scalars(select(Appointment.known)).one()
    assert (known["starts_at"], known["status"]) == (plan.starts_at.isoformat(), "confirmed")


def test_migrating_twice_changes_nothing(bare_app: Flask) -> None:
    upgrade(directory=FOLDER)
    made = tables()
    upgrade(directory=FOLDER)
    assert tables() == made
