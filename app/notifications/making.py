"""The words of a mail, made from its row: for what is sent and for what is only shown, by the same function."""

from __future__ import annotations

from typing import Any

from flask_babel import force_locale

from app.core.dates import LOCALES
from app.extensions import db
from app.notifications.context import pages, values_for
from app.notifications.digests import parts_of
from app.notifications.events import words_for
from app.notifications.groups import DIGESTS
from app.notifications.matter import Matter
from app.notifications.models import Notification
from app.notifications.own_words import worded
from app.notifications.reminder_rules import find_rule
from app.notifications.render import Rendered, render, render_section
from app.strategy.settings import city_rules
from app.visits.models import Activity


def made(found: Notification, *, brings: str = "", words: dict[str, Any] | None = None) -> Rendered:
    """Subject, text and page in the row's language; `words` are the city's own, where its rule is known already."""
    with force_locale(LOCALES[found.language]):
        kind, values = _worded(found, found.language, words)
        return render(kind, {**values, "brings": brings}, language=found.language)


def _values(found: Notification) -> dict[str, Any]:
    city = city_rules().city_name
    values: dict[str, Any] = {"city": city, "reader": _reader(found), "kind": found.kind, **pages()}
    if found.visit is not None:
        activity = db.session.get(Activity, found.activity_id) if found.activity_id else None
        about = found.facts.get("about", {})
        matter = Matter(
            found.visit, about, found.language, city, activity, found.user_id is None, found.user_id, found.due_at
        )
        values |= values_for(matter)
    if found.kind in DIGESTS:
        values["sections"] = [_section(one, found) for one in parts_of(found)]
    return values


def _section(part: Notification, digest: Notification) -> dict[str, Any]:
    """A part of a digest; an answer to one of several visits would go to none of them, so none is asked for."""
    kind, values = _worded(part, digest.language)
    if digest.user_id is not None:
        values["replies_read"] = False
    return render_section(kind, values, language=digest.language)


def _worded(found: Notification, language: str, words: dict[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
    """Template and values: the mail's own, or the words that the city has given to it."""
    if words is None:
        rule = find_rule(found.facts["rule"]) if "rule" in found.facts else None
        words = rule.words if rule else words_for(found)
    return worded(words, found.kind, _values(found), language)


def _reader(found: Notification) -> str:
    if found.user is not None:
        return found.user.name
    return found.visit.contact_name if found.visit is not None else ""
