"""What a change of the city's files means for calendars: new names are written into them, feeds are made anew."""

from __future__ import annotations

from datetime import datetime

from app.city.report import LoadReport
from app.city.tables import Tables
from app.visits.places import host_renamed, place_renamed
from app.visits.scopes import Scope, raise_scopes

SHOWN = {"name_en", "name_nb", "name_nn", "address"}
IN_FEEDS = ("goal", "theme", "partnership", "place")


def tell_calendars(report: LoadReport, tables: Tables, *, at: datetime) -> None:
    """For every row the loader changed: its name in coming appointments, and a new version of what its feed shows."""
    scopes: set[Scope] = set()
    for label, fields in report.updated:
        kind, _, key = label.partition(" ")
        row = tables.rows[kind][key]
        if kind == "host" and SHOWN & set(fields):
            host_renamed(row, at=at)
        elif kind == "place" and SHOWN & set(fields):
            place_renamed(row, at=at)
        if kind in IN_FEEDS:
            scopes.add((kind, row.id))
        if "parent" in fields:  # a goal shows what lies below it, so another parent concerns the whole tree
            scopes |= {("goal", goal.id) for goal in tables.rows["goal"].values()}
    raise_scopes(scopes)
