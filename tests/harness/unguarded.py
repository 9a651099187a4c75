"""The application with one guard or another taken away: tests of faults are seen to fail without it.

A web node runs `tests.harness.unguarded:answers()`; limits of the database are taken away by settings. Nothing of this
is in the application.
"""

from __future__ import annotations

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from app.extensions import db

NO_LIMITS = {"DATABASE_STATEMENT_SECONDS": "3000", "DATABASE_LOCK_SECONDS": "3000"}


def answers() -> Flask:
    """Trouble with the database is any other error: no 503, no word of when to return; dead connections stay."""
    app = create_app()
    with app.app_context():
        db.engine.pool._pre_ping = False
    for handlers in app.error_handler_spec[None].values():
        for trouble in (SQLAlchemyError, OSError):
            handlers.pop(trouble, None)
    return app
