"""The door chooses the transaction: a page that only reads takes no write lock, anything else does."""

from __future__ import annotations

from flask import Flask, request
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import begin_writing
from app.extensions import db

READING = ("GET", "HEAD", "OPTIONS")


def _choose() -> None:
    begin_writing(request.method not in READING)


def _end(_error: BaseException | None) -> None:
    take_back()
    begin_writing(True)


def take_back() -> None:
    """Roll back; a connection that is too broken for that is thrown away, and the pool makes another."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session().invalidate()


def give_up() -> None:
    """Take back what was begun; what follows only reads, so that those who wait to write need not wait for a page."""
    db.session.rollback()
    begin_writing(False)


def init_app(app: Flask) -> None:
    """Register before anything that reads the database."""
    app.before_request(_choose)
    app.teardown_request(_end)
