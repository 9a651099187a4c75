"""Which facts are only assumed: written for the data set, and neither confirmed nor changed by anybody."""

from __future__ import annotations

import json

from sqlalchemy import select

from app.city.models import LoadedField
from app.city.tables import Tables
from app.extensions import db


def assumed_fields(kind: str) -> dict[str, tuple[str, ...]]:
    """By slug, the fields of that kind's rows that the files call assumed and that still hold what was loaded."""
    tables, found = Tables(), dict[str, tuple[str, ...]]()
    loaded = select(LoadedField).where(LoadedField.kind == kind, LoadedField.source == "assumed")
    for one in db.session.scalars(loaded.order_by(LoadedField.key, LoadedField.field)):
        row = tables.rows[kind].get(one.key)
        if row is not None and tables.read(row, one.field) == json.loads(one.value):
            found[one.key] = (*found.get(one.key, ()), one.field)
    return found
