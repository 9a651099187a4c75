"""What feeds are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.feeds.models import Feed, Level, ScopeKind
from app.feeds.queries import Scope
from app.web.language import OWN_NAMES, page_language

LEVELS: Mapping[str, LazyString] = {
    Level.BUSY: _l("Only that the time is taken"),
    Level.TEAM: _l("What and where: title, visiting organisation and place"),
    Level.FULL: _l("Everything: also host, contact person, number of people and notes"),
}
LANGUAGES = [(code, OWN_NAMES[code]) for code in ("nb", "nn", "en")]


def scope_words(scope: Scope) -> str:
    """Whose visits a feed shows, in the reader's language."""
    if scope.host is not None:
        return scope.host.name_in(page_language())
    if scope.kind == ScopeKind.MINE:
        return str(_("Mine: where I am the contact person or lead the visit"))
    return str(_("All visits"))


def level_words(feed: Feed) -> str:
    """How much a feed tells."""
    return str(LEVELS[feed.level])


def language_words(feed: Feed) -> str:
    """The language of the feed's texts, under its own name."""
    return OWN_NAMES[feed.language]
