"""Vertskap receives international delegations for a city and its region."""

from __future__ import annotations

from typing import Any

from flask import Flask

import config
from app import cli
from app.city.catalogue import with_model
from app.city.files import read_city
from app.city.nodes import CityFileError
from app.core.database import engine_options, prepare_engine
from app.core.holidays import settle_holiday_calendar, settle_weekend
from app.core.time import UTCDateTime, settle_venue_zone
from app.extensions import csrf, db, login_manager, migrate
from app.web import init_web


def create_app(overrides: dict[str, object] | None = None) -> Flask:
    """The whole application; `overrides` replace settings (tests)."""
    app = Flask(__name__, instance_path=str(config.INSTANCE))
    app.config.from_mapping(config.settings())
    app.config.update(overrides or {})
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(app))
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True, compare_type=True, render_item=_render_item)
    login_manager.init_app(app)
    csrf.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    _use_city(app)
    init_web(app)
    cli.init_app(app)
    return app


def _use_city(app: Flask) -> None:
    """The city's files decide what routing knows, whose clock is on the wall and which days are free."""
    try:
        city = read_city(app.config["CITY_DIR"])
    except CityFileError as error:
        raise SystemExit(f"The city's data cannot be used. {error}") from error
    app.extensions["city-catalogue"] = with_model(city, app.config["CITY_DIR"])
    settle_venue_zone(city.facts.time_zone)
    settle_holiday_calendar(city.facts.holidays)
    settle_weekend(city.facts.weekend)


def _engine_options(app: Flask) -> dict[str, Any]:
    config = app.config
    return engine_options(
        str(config["SQLALCHEMY_DATABASE_URI"]),
        statement_seconds=config["DATABASE_STATEMENT_SECONDS"],
        lock_seconds=config["DATABASE_LOCK_SECONDS"],
    )


def _render_item(kind: str, item: Any, _context: object) -> str | bool:
    """Write our UTC column into migrations as the plain type it is."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False
