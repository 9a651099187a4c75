"""What a form field's element carries besides its value: how it is described, whether it is wrong, how wide it is."""

from __future__ import annotations

from flask import Flask
from wtforms import Field

from app.web import form_words


def described_by(field: Field, hint: str) -> str:
    """The ids of the field's hint and errors, for aria-describedby; empty when it has neither."""
    ids = (f"{field.id}-hint" if hint else "", f"{field.id}-error" if field.errors else "")
    return " ".join(filter(None, ids))


def field_attributes(field: Field, hint: str, width: str, others: dict[str, object]) -> dict[str, object]:
    """Every attribute of the field's element; those the page gives come last and win."""
    attributes: dict[str, object] = {"class": "ds-input"}
    if width:
        attributes["data-width"] = width
    if described := described_by(field, hint):
        attributes["aria-describedby"] = described
    if field.errors:
        attributes["aria-invalid"] = "true"
    return attributes | {name.rstrip("_").replace("_", "-"): value for name, value in others.items()}


def choice_attributes(field: Field) -> dict[str, object]:
    """Attributes of one choice among several; none is required by itself."""
    attributes: dict[str, object] = {"class": "ds-input", "required": False}
    if field.errors:
        attributes |= {"aria-invalid": "true", "aria-describedby": f"{field.id}-error"}
    return attributes


def init_app(app: Flask) -> None:
    """Give templates/components/forms.html what it needs, and errors our words."""
    form_words.init_app(app)
    app.add_template_global(described_by, "described_by")
    app.add_template_global(field_attributes, "field_attributes")
    app.add_template_global(choice_attributes, "choice_attributes")
