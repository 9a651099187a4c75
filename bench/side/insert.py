"""The reference of bench/load.py: the smallest Flask application that keeps a form, one row in the same PostgreSQL."""

from __future__ import annotations

import os

from flask import Flask, redirect, request
from sqlalchemy import JSON, Column, Integer, MetaData, Table, create_engine, insert
from werkzeug.wrappers import Response

app = Flask(__name__)
engine = create_engine(os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"))
kept = Table("bare", MetaData(), Column("id", Integer, primary_key=True), Column("form", JSON, nullable=False))


@app.get("/readyz")
def ready() -> str:
    """The table is there."""
    kept.create(engine, checkfirst=True)
    return "ready"


@app.post("/")
def take() -> Response:
    """Keep what was sent."""
    with engine.begin() as connection:
        connection.execute(insert(kept).values(form=request.form.to_dict(flat=False)))
    return redirect("/", 303)
