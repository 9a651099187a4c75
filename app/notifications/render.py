"""A mail's subject and text in the recipient's language, from templates; what people typed is only data."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from flask import current_app
from flask_babel import force_locale
from jinja2 import Environment, StrictUndefined, Undefined

from app.core.dates import LOCALES
from app.core.languages import known_language
from app.core.text import clean_text
from app.notifications.message import one_line
from app.notifications.parts import Block, Button, Marked, Title, as_text, blocks_of, button_url, plain_line, printed

PLACEHOLDER = "{link}"
PARTS = ("subject", "body", "expected", "link")  # the blocks of a template


class _SecretLink:
    """Stands where the secret link will be; only this object becomes the placeholder."""

    def __str__(self) -> str:
        return PLACEHOLDER


LINK = _SecretLink()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is stored of a mail, and its parts for a page of ours: the secret link is still a placeholder."""

    subject: str
    text: str
    html: str
    sender: str = ""
    blocks: tuple[Block, ...] = ()


def _words(value: Any) -> str:
    """What a template prints, as words: a placeholder that somebody typed loses its meaning."""
    return PLACEHOLDER if value is LINK else str(value).replace(PLACEHOLDER, "{ link }")


def _printed(value: Any) -> str:
    return printed(value, as_words=_words)


class _Open(Undefined):
    """Stands for what only a real visit brings."""

    def __str__(self) -> str:
        return "…"

    def __bool__(self) -> bool:
        return True


def _environment(undefined: type[Undefined] = StrictUndefined) -> Environment:
    """The application's templates and translations, for marked text; made once."""
    name = f"mail-templates-{undefined.__name__}"
    found = current_app.extensions.get(name)
    if found is None:
        found = current_app.jinja_env.overlay(autoescape=False, finalize=_printed, undefined=undefined)
        current_app.extensions[name] = found
    assert isinstance(found, Environment)
    return found


def render(kind: str, values: dict[str, Any], *, language: str) -> Rendered:
    """The first line of the template is the subject; the rest becomes the text and the page, part by part."""
    with force_locale(LOCALES[known_language(language)]):
        source = _environment().get_template(f"notifications/{kind}.txt")
        whole = source.render(values, link=LINK, button=Button).strip()
    first, _, rest = whole.partition("\n")
    subject, blocks = one_line(plain_line(first)), blocks_of(rest)
    sender = " ".join(("Vertskap", str(values["city"])))
    page = current_app.jinja_env.get_template("notifications/page.html")
    html = page.render(language=known_language(language), subject=subject, sender=sender, blocks=blocks)
    return Rendered(subject, clean_text(as_text(blocks)), html, sender, tuple(blocks))


def render_section(kind: str, values: dict[str, Any], *, language: str) -> dict[str, Any]:
    """A mail as a part of another: its subject, leading to where its button would unless that is secret; its body."""
    said = _parts(_environment(), kind, values, language)
    url = button_url(said["link"])
    title = Title(one_line(plain_line(said["subject"])), "" if PLACEHOLDER in url else url)
    return {"title": title, "body": Marked(_together(said))}


def expectation(kind: str, values: dict[str, Any], *, language: str) -> str:
    """What a mail says that it expects of its reader, as text."""
    return as_text(blocks_of(_parts(_environment(), kind, values, language)["expected"]))


def render_open(kind: str, values: dict[str, Any], *, language: str) -> tuple[str, str]:
    """A mail's subject and body as text about no visit: what these values do not hold is "…"."""
    said = _parts(_environment(_Open), kind, values, language)
    return one_line(plain_line(said["subject"])), as_text(blocks_of(_together(said))).replace("….", "…")


def _together(said: dict[str, str]) -> str:
    return "\n\n".join(filter(None, (said["body"].strip(), said["expected"].strip())))


def _parts(environment: Environment, kind: str, values: dict[str, Any], language: str) -> dict[str, str]:
    """Subject, body, what is expected, and link of a mail, each as the template prints it."""
    with force_locale(LOCALES[known_language(language)]):
        template = environment.get_template(f"notifications/{kind}.txt")
        context = template.new_context({**values, "link": LINK, "button": Button})
        list(template.root_render_func(context))  # makes the inherited blocks known, and refuses what is missing
        return {name: "".join(context.blocks[name][0](context)) for name in PARTS if name in context.blocks}


def with_link(text: str, link: str) -> str:
    """The text as it is sent."""
    return text.replace(PLACEHOLDER, link)


def page_with_link(html: str, link: str) -> str:
    """The page as it is sent."""
    return html.replace(PLACEHOLDER, escape(link))
