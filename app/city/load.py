"""Loading a city into the database, without ever undoing what people changed there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select

from app.city import fields as plain
from app.city.calendars import tell_calendars
from app.city.fields import Fields
from app.city.models import LoadedField
from app.city.nodes import ZoneInUse
from app.city.report import LoadReport
from app.city.tables import OWN_KIND, Tables
from app.city.types import City
from app.core.time import now
from app.extensions import db
from app.notifications.reminding_earlier import remind_by_changed_rules, standings
from app.strategy.models import CitySetting
from app.visits.programme_models import Appointment

EMPTY: tuple[Any, ...] = (None, "", [], {})
RETIRED = "retired in the application"
DELETED = "deleted in the application"
Row = tuple[str, Fields, str, tuple[str, ...]]  # key, fields, source, names of assumed fields


def load_city(city: City, *, at: datetime | None = None) -> LoadReport:
    """Create what is missing and update what nobody has edited; flushes, the caller commits.

    A field is written only if the database still holds what was last loaded into it. A row that was retired or
    deleted in the application stays so. What the files no longer mention stays as it is. Raises ZoneInUse.
    """
    db.session.flush()
    _keep_zone(city)
    rules = standings()
    with db.session.no_autoflush:
        loading = _Loading(at or now())
        for kind, rows in _kinds(city):
            loading.load(kind, rows)
    db.session.flush()
    db.session.expire_all()
    tell_calendars(loading.report, loading.tables, at=loading.at)
    remind_by_changed_rules(rules, at=loading.at)
    return loading.report


def _kinds(city: City) -> Iterator[tuple[str, list[Row]]]:
    """Every kind with its rows, those that others point at first."""
    settings: list[Row] = [(k, {"value": v}, city.facts.source, ()) for k, v in plain.setting_fields(city).items()]
    settings.append(("travel", {"value": plain.travel_setting(city)}, city.travel.source, ()))
    yield "setting", settings
    yield "framework", [(r.slug, plain.framework_fields(r), r.source, r.assumed) for r in city.frameworks]
    yield "goal", [(r.slug, plain.goal_fields(r), r.source, r.assumed) for r in city.goals]
    yield "host", [(r.slug, plain.host_fields(r), r.source, r.assumed) for r in city.hosts]
    yield "theme", [(r.slug, plain.theme_fields(r), r.source, r.assumed) for r in city.themes]
    yield "partnership", [(r.slug, plain.partnership_fields(r), r.source, r.assumed) for r in city.partnerships]
    yield "place", [(r.slug, plain.place_fields(r), r.source, r.assumed) for r in city.places]
    yield "reminder", [(r.slug, plain.reminder_fields(r), city.reminders.source, ()) for r in city.reminders.rows]
    yield "occasion", [(r.slug, plain.occasion_fields(r), r.source, r.assumed) for r in city.occasions]


def _keep_zone(city: City) -> None:
    """Raise ZoneInUse where appointments stand in people's calendars on another clock than the files' one."""
    held = db.session.scalar(select(CitySetting.value).where(CitySetting.key == "time_zone"))
    if held not in (None, city.facts.time_zone) and db.session.scalar(select(exists().select_from(Appointment))):
        raise ZoneInUse(held=held, wanted=city.facts.time_zone)


class _Loading:
    """One run: the tables, the memory of earlier runs, and the report."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.report = LoadReport()
        self.tables = Tables()
        loaded = db.session.scalars(select(LoadedField))
        self.memory = {(one.kind, one.key, one.field): one for one in loaded}
        self.seen = {(one.kind, one.key) for one in self.memory.values()}

    def load(self, kind: str, rows: list[Row]) -> None:
        """All rows of one kind: new ones first, so that rows of the same kind can name each other."""
        existing = set(self.tables.rows[kind])
        for row in rows:
            if row[0] not in existing and (kind, row[0]) not in self.seen:
                self._create(kind, row)
        db.session.flush()
        for row in rows:
            if row[0] in existing:
                self._update(kind, row)
            elif (kind, row[0]) in self.seen:
                self.report.left_alone.append((f"{kind} {row[0]}", (DELETED,)))
            else:
                self._write(kind, row, [field for field in row[1] if field in OWN_KIND])

    def _create(self, kind: str, row: Row) -> None:
        self.tables.create(kind, row[0])
        self._write(kind, row, [field for field in row[1] if field not in OWN_KIND])
        self.report.created.append(f"{kind} {row[0]}")

    def _update(self, kind: str, row: Row) -> None:
        key, wanted, *_ = row
        held = self.tables.rows[kind][key]
        label = f"{kind} {key}"
        if getattr(held, "retired_at", None) is not None:
            self.report.left_alone.append((label, (RETIRED,)))
            return
        differing = [f for f in wanted if self.tables.read(held, f) != self.tables.known(f, wanted[f])]
        free = [field for field in differing if self._is_untouched(kind, key, field)]
        self.report.was[label] = {field: self.tables.read(held, field) for field in free}
        self._write(kind, row, [field for field in wanted if field in free or field not in differing])
        if free:
            self.report.updated.append((label, tuple(free)))
        if len(free) < len(differing):
            self.report.left_alone.append((label, tuple(field for field in differing if field not in free)))
        if not differing:
            self.report.unchanged += 1

    def _is_untouched(self, kind: str, key: str, field: str) -> bool:
        """Whether the database holds what was last loaded, or nothing at all in a column that is new to the loader."""
        present = self.tables.read(self.tables.rows[kind][key], field)
        last = self.memory.get((kind, key, field))
        if last is None:
            return (kind, key) in self.seen and present in EMPTY
        return bool(json.loads(last.value) == present)

    def _write(self, kind: str, row: Row, fields: list[str]) -> None:
        key, wanted, source, assumed = row
        held = self.tables.rows[kind][key]
        for field in fields:
            value = self.tables.known(field, wanted[field])
            if self.tables.read(held, field) != value:
                self.tables.write(held, field, value)
            self._remember(kind, key, field, value, "assumed" if _is_assumed(field, assumed) else source)

    def _remember(self, kind: str, key: str, field: str, value: Any, source: str) -> None:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        last = self.memory.get((kind, key, field))
        if last is None:
            last = LoadedField(kind=kind, key=key, field=field, value=text, source=source, loaded_at=self.at)
            db.session.add(last)
            self.memory[kind, key, field] = last
        elif (last.value, last.source) != (text, source):
            last.value, last.source, last.loaded_at = text, source, self.at


def _is_assumed(field: str, assumed: tuple[str, ...]) -> bool:
    """Whether a column belongs to a field the files call assumed: names.en is name_en, description all three."""
    words = [name.replace("names", "name").replace(".", "_") for name in assumed]
    return any(field == word or field.startswith(f"{word}_") for word in words)
