"""Hosts' and people's own calendars that are due are fetched, a few at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from flask import Flask, current_app

from app.calendars import refreshing
from app.core.time import now
from app.extensions import db
from app.jobs.rows import done, listed, note


def refresh_calendars() -> bool:
    """Others' calendars that are due, a few at once: twice a minute; False when none was. Each waits a quarter."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    ids = listed(refreshing.due_ids)
    with ThreadPoolExecutor(refreshing.AT_ONCE, "calendar") as workers:
        for row_id in ids:
            workers.submit(copy_context().run, _refreshed, app, row_id)
    return bool(ids)


def _refreshed(app: Flask, row_id: int) -> None:
    """One calendar: take, commit, fetch without a transaction, record, commit."""
    with app.app_context():
        try:
            order = refreshing.take(row_id, at=now())
            db.session.commit()
            if order is not None:
                refreshing.record(order, refreshing.carry_out(order), at=now())
                db.session.commit()
            done()
        except Exception as error:
            note("refresh_calendars", row_id, error)
