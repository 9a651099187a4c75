"""The door chooses the transaction: a page that only reads takes no write lock, anything else does.

Who asks and whether they may is read before the lock is taken, so that whoever is refused keeps nobody waiting. A view
that has more to do before it writes says so with `writes_late` and calls `start_writing` itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import begin_writing
from app.extensions import db

READING = ("GET", "HEAD", "OPTIONS")


View = TypeVar("View", bound=Callable[..., Any])


def writes_late(view: View) -> View:
    """Mark a view that reads first, and calls `start_writing` before its first write."""
    view.writes_late = True  # type: ignore[attr-defined]
    return view


def start_writing() -> None:
    """From here on the request holds the write lock; what was read before is read again when it is used."""
    db.session.rollback()
    begin_writing(True)


def _read_first() -> None:
    begin_writing(False)


def _write_next() -> None:
    """After whoever may refuse the request."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method not in READING and not getattr(view, "writes_late", False):
        start_writing()


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
    app.before_request(_read_first)
    app.teardown_request(_end)


def init_views(app: Flask) -> None:
    """Register after everything that only asks who it is and whether they may, before anything that writes."""
    app.before_request(_write_next)
