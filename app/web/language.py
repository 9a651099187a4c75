"""Which language a page is in: what the reader chose, else what is stored of them, else what the browser asks for.

`?lang=nn` on any page sets a cookie and shows the same page again; nothing else is changed, and no script is needed.
Where something may have been typed that would be lost, the switch is made of buttons of that form instead, and its view
keeps what was typed (`chosen_with_form`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from flask import Flask, current_app, g, has_request_context, redirect, request
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.core.languages import DEFAULT_LANGUAGE, LANGUAGES

# Each language under its own name: a reader looks for that, not for a translation of it.
OWN_NAMES = {"en": "English", "nb": "Bokmål", "nn": "Nynorsk"}
# Browsers say "no" for either Norwegian; Danish and Swedish readers manage better with bokmål than with English.
SPOKEN_AS = {"no": "nb", "nb": "nb", "nn": "nn", "en": "en", "da": "nb", "sv": "nb"}
YEAR_SECONDS = 365 * 24 * 3600
NOT_PAGES = ("/static/", "/feeds/")


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """One entry of the language switch."""

    code: str
    name: str
    url: str
    is_current: bool


def cookie_name() -> str:
    """`__Host-` keeps the cookie to this host; browsers accept that name over https only."""
    return "__Host-lang" if current_app.config.get("SESSION_COOKIE_SECURE") else "lang"


def _accepted(wanted: Iterable[tuple[str, float]]) -> str:
    for tag, quality in wanted:
        language = SPOKEN_AS.get(tag.split("-")[0].lower())
        if language and quality > 0:
            return language
    return DEFAULT_LANGUAGE


def select_language() -> str:
    """The reader's language as one of ours; English outside a request."""
    if not has_request_context():
        return DEFAULT_LANGUAGE
    if "language" not in g:
        chosen = request.cookies.get(cookie_name())
        stored = None if g.get("without_database") or not current_user.is_authenticated else current_user.language
        known = next((code for code in (chosen, stored) if code in LANGUAGES), None)
        g.language = known or _accepted(request.accept_languages)
    return str(g.language)


def select_locale() -> str:
    """Flask-Babel's locale for the reader: English is British, with its dates."""
    language = select_language()
    return "en_GB" if language == "en" else language


def page_language() -> str:
    """The language texts are being written in right now, also inside force_locale."""
    locale = get_locale()
    return locale.language if locale is not None and locale.language in LANGUAGES else DEFAULT_LANGUAGE


def _same_page(**changes: str) -> str:
    """This page's own path and query with another `lang`, or none; always within this origin."""
    kept = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    pairs = urlencode([*kept, *changes.items()])
    return page_path() + (f"?{pairs}" if pairs else "")


def page_path() -> str:
    """This path, or the nearest one above it that can be opened: a form's address often only takes what is sent."""
    path = "/" + request.path.lstrip("/\\")
    if isinstance(request.routing_exception, NotFound):
        return quote(path)
    adapter = current_app.create_url_adapter(request)
    while adapter is not None and path != "/" and not adapter.test(path, method="GET"):
        path = path.rpartition("/")[0] or "/"
    return quote(path)


def language_links() -> list[LanguageLink]:
    """The language switch of this page, every language under its own name."""
    current = page_language()
    return [LanguageLink(code, OWN_NAMES[code], _same_page(lang=code), code == current) for code in LANGUAGES]


def _choose() -> Response | None:
    chosen = request.args.get("lang")
    if request.method != "GET" or chosen not in LANGUAGES or request.path.startswith(NOT_PAGES):
        return None
    return remember_language(redirect(_same_page(), 303), str(chosen))


def chosen_with_form() -> str:
    """The language whose button the form was sent with, or an empty text."""
    chosen = request.form.get("lang", "")
    return chosen if chosen in LANGUAGES else ""


def remember_language(response: Response, chosen: str) -> Response:
    """Show this browser pages in that language from now on."""
    name = cookie_name()
    secure = name.startswith("__Host-")
    response.set_cookie(name, chosen, YEAR_SECONDS, path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def init_app(app: Flask) -> None:
    """Take the choice before any page is made; give templates the switch. Babel gets select_locale in create_app."""
    app.before_request(_choose)
    app.jinja_env.policies["ext.i18n.trimmed"] = True  # as babel.cfg says: line breaks in {% trans %} do not count
    app.add_template_global(page_language, "page_language")
    app.add_template_global(language_links, "language_links")
    app.add_template_global(page_path, "page_path")
