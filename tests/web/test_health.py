"""What load balancers ask."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.pool import QueuePool

from app import create_app
from app.extensions import db


@pytest.mark.parametrize(("path", "words"), [("/healthz", "ok\n"), ("/readyz", "ready\n")])
def test_healthy_application_says_so(client: FlaskClient, path: str, words: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, words)


def test_loading_leaves_nothing_that_workers_would_share(app: Flask) -> None:
    """Gunicorn loads once and then divides: a connection or a thread from before would be everybody's."""
    threads = threading.active_count()
    loaded = create_app()
    with loaded.app_context():
        pool = db.engine.pool
    assert isinstance(pool, QueuePool)
    assert (pool.checkedin(), pool.checkedout(), threading.active_count()) == (0, 0, threads)
