"""A mail's subject and text in the recipient's language, from templates; what people typed is only data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2 import Environment, StrictUndefined

from app.core.dates import LOCALES
from app.core.languages import known_language
from app.core.text import clean_text
from app.notifications.message import one_line

PLACEHOLDER = "{link}"


class _SecretLink:
    """Stands where the secret link will be; only this object becomes the placeholder."""

    def __str__(self) -> str:
        return PLACEHOLDER


LINK = _SecretLink()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is stored of a mail: the secret link is still a placeholder."""

    subject: str
    text: str


def _printed(value: Any) -> Any:
    """What a template prints: a placeholder that somebody typed loses its meaning."""
    if value is LINK:
        return PLACEHOLDER
    return value.replace(PLACEHOLDER, "{ link }") if isinstance(value, str) else value


def _environment() -> Environment:
    """The application's templates and translations, for plain text; made once."""
    found = current_app.extensions.get("mail-templates")
    if found is None:
        found = current_app.jinja_env.overlay(autoescape=False, finalize=_printed, undefined=StrictUndefined)
        current_app.extensions["mail-templates"] = found
    assert isinstance(found, Environment)
    return found


def render(kind: str, values: dict[str, Any], *, language: str) -> Rendered:
    """The first line of the template is the subject, the rest the text."""
    with force_locale(LOCALES[known_language(language)]):
        whole = _environment().get_template(f"notifications/{kind}.txt").render(values, link=LINK)
    subject, _, text = whole.strip().partition("\n")
    return Rendered(one_line(subject), clean_text(text))


def render_section(kind: str, values: dict[str, Any], *, language: str) -> dict[str, str]:
    """A mail's subject and body as a part of another: without greeting and foot, with its link unless it is secret."""
    with force_locale(LOCALES[known_language(language)]):
        template = _environment().get_template(f"notifications/{kind}.txt")
        context = template.new_context({**values, "link": LINK})
        list(template.root_render_func(context))  # makes the inherited blocks known, and refuses what is missing
        subject, body, link = ("".join(context.blocks[name][0](context)) for name in ("subject", "body", "link"))
    shown = "" if PLACEHOLDER in link else link
    return {"subject": one_line(subject), "text": clean_text(f"{body.strip()}\n\n{shown.strip()}")}


def with_link(text: str, link: str) -> str:
    """The text as it is sent."""
    return text.replace(PLACEHOLDER, link)
