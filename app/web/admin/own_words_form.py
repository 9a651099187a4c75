"""Fields for words of the city's own in three languages: known placeholders only, and all languages or none."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import Field, Form
from wtforms.validators import ValidationError

from app.core.languages import LANGUAGES
from app.core.text import clean_text
from app.notifications.own_words import unknown_in
from app.web.coordinator.checks import Line, Text

PARTS = ("subject", "body")


def word_fields(subject: Any, text: Any) -> tuple[Any, Any]:
    """A line for the subject and a text."""
    return Line(subject, length=120), Text(text, length=4000, rows=6)


def guard_words(form: Form) -> None:
    """Every field of own words is checked, whatever else its form asks for."""
    for language in LANGUAGES:
        for part in PARTS:
            form[f"{part}_{language}"].validators = [*form[f"{part}_{language}"].validators, check_words]


def check_words(form: Form, field: Field) -> None:
    """Known placeholders only; words in all languages or in none."""
    unknown = unknown_in(str(field.data or ""))
    if unknown:
        what = ", ".join(dict.fromkeys(unknown))
        raise ValidationError(_("This cannot be filled in: %(what)s. Use the placeholders listed here.", what=what))
    own = [clean_text(form[f"{part}_{one}"].data or "") for one in LANGUAGES for part in PARTS]
    if any(own) and not clean_text(field.data or ""):
        raise ValidationError(_("Write subject and text in all three languages, or in none."))


def words_in(form: Form) -> dict[str, Any]:
    """What was written, as a row keeps it; empty where the usual words are to stand."""
    own = {one: {part: form[f"{part}_{one}"].data or "" for part in PARTS} for one in LANGUAGES}
    return own if own["en"]["subject"] else {}


def data_of_words(words: dict[str, Any]) -> dict[str, str]:
    """A row's words as the form shows them."""
    return {f"{part}_{code}": texts.get(part, "") for code, texts in (words or {}).items() for part in PARTS}
