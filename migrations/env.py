"""Alembic's environment: runs migrations on the application's own engine, while others go on using the database.

On PostgreSQL a change of a table waits for those who use it, and everybody who comes later waits behind it. So it waits a
second at most, lets them pass, and tries again. One runner at a time: nodes may be upgraded at once.
"""

from __future__ import annotations

import random
import time

from alembic import context
from flask import current_app
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata
options = current_app.extensions["migrate"].configure_args
LOCK_MS = 1000  # nobody stalls for longer than 2 seconds (acceptance row DB-7)
TRIES = 60
TURN = 7_243_001  # the advisory lock that says whose turn it is


def on_postgresql(connection: Connection) -> None:
    """Each migration in its own transaction; one that does not get its lock is tried again."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        connection.exec_driver_sql(f"SET {limit} = 0")
    connection.exec_driver_sql("SET lock_timeout = 0")
    connection.exec_driver_sql(f"SELECT pg_advisory_lock({TURN})")
    connection.exec_driver_sql(f"SET lock_timeout = {LOCK_MS}")
    connection.commit()
    try:
        for left in reversed(range(TRIES)):
            try:
                return run(connection, transaction_per_migration=True)
            except OperationalError as error:
                connection.rollback()
                if left == 0 or getattr(error.orig, "sqlstate", "") not in ("55P03", "40P01"):  # no lock, deadlock
                    raise
                time.sleep(random.uniform(0.2, 1.0))  # noqa: S311 - no secret, only not in step with others
    finally:
        connection.exec_driver_sql(f"SELECT pg_advisory_unlock({TURN})")
        connection.commit()


def run(connection: Connection, **more: bool) -> None:
    """Run what is asked for."""
    context.configure(connection=connection, target_metadata=metadata, **options, **more)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


with engine.connect() as connection:
    if connection.dialect.name == "postgresql":
        on_postgresql(connection)
        connection.invalidate()  # its limits are not those of the pool
    else:
        run(connection)
