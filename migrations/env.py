"""Alembic's environment: runs migrations on the application's own engine."""

from __future__ import annotations

from alembic import context
from flask import current_app

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata
options = current_app.extensions["migrate"].configure_args


def run() -> None:
    """Run what is asked for in one transaction; on PostgreSQL waiting at most 5 seconds for a lock."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET lock_timeout = '5s'")
            connection.commit()
        context.configure(connection=connection, target_metadata=metadata, **options)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
