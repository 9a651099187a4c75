"""What a change of the city's files means for calendars: new names are written into them, feeds are made anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.city.report import LoadReport
from app.city.tables import Tables
from app.people.models import Place
from app.visits.places import host_renamed, place_put_on_map, place_renamed, words_of
from app.visits.scopes import Scope, raise_scopes

SHOWN = {"name_en", "name_nb", "name_nn", "address"}
ON_MAP = {"latitude", "longitude"}
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
            place_renamed(row, was=words_of(_as_it_was(row, report.was[label])), at=at)
        elif kind == "place" and ON_MAP & set(fields):
            place_put_on_map(row, at=at)
        if kind in IN_FEEDS:
            scopes.add((kind, row.id))
        if "parent" in fields:  # a goal shows what lies below it, so another parent concerns the whole tree
            scopes |= {("goal", goal.id) for goal in tables.rows["goal"].values()}
    raise_scopes(scopes)


def _as_it_was(place: Place, was: dict[str, Any]) -> Place:
    """A row that is not kept, with what calendars show of the place as it was."""
    return Place(**{field: was.get(field, getattr(place, field)) for field in SHOWN})
