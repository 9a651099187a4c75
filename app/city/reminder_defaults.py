"""A reminder rule as the city's files have it: what an edited one goes back to."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from app.city.models import LoadedField
from app.extensions import db
from app.notifications.reminder_models import ReminderRule

KIND = "reminder"


def default_of(slug: str) -> dict[str, Any]:
    """The rule's fields as they were last loaded; empty for a rule that was made in the application."""
    loaded = select(LoadedField).where(LoadedField.kind == KIND, LoadedField.key == slug)
    return {one.field: json.loads(one.value) for one in db.session.scalars(loaded)}


def edited_slugs(rules: list[ReminderRule]) -> tuple[set[str], set[str]]:
    """The rules that differ from the files, and those that stand in no file."""
    loaded: dict[str, dict[str, Any]] = {}
    for one in db.session.scalars(select(LoadedField).where(LoadedField.kind == KIND)):
        loaded.setdefault(one.key, {})[one.field] = json.loads(one.value)
    own = {rule.slug for rule in rules if rule.slug not in loaded}
    differing = {rule.slug for rule in rules if rule.slug in loaded and _differs(rule, loaded[rule.slug])}
    return differing, own


def restore_default(rule: ReminderRule) -> bool:
    """The files count again; False for a rule that stands in none of them."""
    fields = default_of(rule.slug)
    for name, value in fields.items():
        setattr(rule, name, value)
    db.session.flush()
    return bool(fields)


def _differs(rule: ReminderRule, fields: dict[str, Any]) -> bool:
    return any(getattr(rule, name) != value for name, value in fields.items())
