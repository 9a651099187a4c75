"""Tables as the loader sees them: reading and writing one field of one row as a plain value."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.notifications.reminder_models import ReminderRule
from app.people.models import Host, Place
from app.strategy.models import CitySetting, Framework, Goal, HostTheme, Occasion, Partnership, Theme, ThemeGoal

MODELS: Mapping[str, type[Any]] = {
    "setting": CitySetting,
    "framework": Framework,
    "goal": Goal,
    "host": Host,
    "theme": Theme,
    "partnership": Partnership,
    "place": Place,
    "occasion": Occasion,
    "reminder": ReminderRule,
}
# Fields that name another row, by its kind; those of the row's own kind are written last, when all rows have ids.
REFERENCES = {
    "framework": "framework",
    "parent": "goal",
    "host": "host",
    "owner": "host",
    "backup": "host",
    "responsible": "host",
    "practical": "host",
}
OWN_KIND = ("owner", "backup", "parent")
DATES = ("starts_on", "ends_on")


class Tables:
    """Every row of the city's tables by kind and slug, read once."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        for kind, model in MODELS.items():
            query = select(model)
            if model is Theme:
                query = query.options(selectinload(Theme.host_links), selectinload(Theme.goal_links))
            self.rows[kind] = {key_of(row): row for row in db.session.scalars(query)}

    def create(self, kind: str, key: str) -> Any:
        """A new row, not flushed yet."""
        row = MODELS[kind](**{"key" if kind == "setting" else "slug": key})
        self.rows[kind][key] = row
        db.session.add(row)
        return row

    def known(self, field: str, value: Any) -> Any:
        """The value as far as it can be written: what names a row that is not there falls away."""
        if field in REFERENCES:
            return value if value in self.rows[REFERENCES[field]] else None
        if field in ("hosts", "goals"):
            return {slug: link for slug, link in value.items() if slug in self.rows[field.removesuffix("s")]}
        return value

    def read(self, row: Any, field: str) -> Any:
        """The field as the database has it."""
        if field in REFERENCES:
            return self._slug_of(REFERENCES[field], getattr(row, f"{field}_id"))
        if field == "hosts":
            return {self._slug_of("host", link.host_id): [link.part, link.weight] for link in row.host_links}
        if field == "goals":
            return {self._slug_of("goal", link.goal_id): link.weight for link in row.goal_links}
        value = getattr(row, field)
        return value.isoformat() if isinstance(value, date) else value

    def write(self, row: Any, field: str, value: Any) -> None:
        """Set the field; the rows it names must have been flushed."""
        if field in REFERENCES:
            setattr(row, f"{field}_id", self.rows[REFERENCES[field]][value].id if value else None)
        elif field == "hosts":
            self._write_hosts(row, value)
        elif field == "goals":
            self._write_goals(row, value)
        else:
            setattr(row, field, date.fromisoformat(value) if field in DATES and value else value)

    def _slug_of(self, kind: str, row_id: int | None) -> str | None:
        return next((slug for slug, row in self.rows[kind].items() if row.id == row_id), None) if row_id else None

    def _write_hosts(self, theme: Theme, wanted: Mapping[str, Any]) -> None:
        links = {self._slug_of("host", link.host_id): link for link in theme.host_links}
        for slug in links.keys() - wanted.keys():
            theme.host_links.remove(links[slug])
        for slug, (part, weight) in wanted.items():
            link = links.get(slug) or HostTheme(host_id=self.rows["host"][slug].id)
            link.part, link.weight = part, weight
            if slug not in links:
                theme.host_links.append(link)

    def _write_goals(self, theme: Theme, wanted: Mapping[str, float]) -> None:
        links = {self._slug_of("goal", link.goal_id): link for link in theme.goal_links}
        for slug in links.keys() - wanted.keys():
            theme.goal_links.remove(links[slug])
        for slug, weight in wanted.items():
            link = links.get(slug) or ThemeGoal(goal_id=self.rows["goal"][slug].id)
            link.weight = weight
            if slug not in links:
                theme.goal_links.append(link)


def key_of(row: Any) -> str:
    """What the files call this row: its slug, or a setting's key."""
    return row.key if isinstance(row, CitySetting) else str(row.slug)
