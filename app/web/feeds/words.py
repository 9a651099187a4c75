"""What feeds are called on pages."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.feeds.models import Feed, Level, ScopeKind
from app.feeds.queries import Scope
from app.feeds.rules import granted_level, may_subscribe, reader_of
from app.strategy.models import Goal
from app.web.coordinator.filters import goal_words
from app.web.language import OWN_NAMES, page_language

LEVELS: Mapping[str, LazyString] = {
    Level.BUSY: _l("Only that the time is taken"),
    Level.TEAM: _l("What and where: title, visiting organisation and place"),
    Level.FULL: _l("Everything: also host, contact person, number of people and notes"),
}
LANGUAGES = [(code, OWN_NAMES[code]) for code in ("nb", "nn", "en")]
# The kinds as they stand in addresses.
IN_ADDRESSES: Mapping[str, ScopeKind] = {
    "mine": ScopeKind.MINE,
    "host": ScopeKind.HOST,
    "all": ScopeKind.ALL,
    "place": ScopeKind.PLACE,
    "theme": ScopeKind.THEME,
    "goal": ScopeKind.GOAL,
    "partnership": ScopeKind.PARTNERSHIP,
}
KINDS: Mapping[str, tuple[LazyString, LazyString]] = {
    ScopeKind.MINE: (_l("My own visits"), _l("Where I am the contact person or lead the visit.")),
    ScopeKind.HOST: (_l("A host's visits"), _l("Those it leads, and its parts in others.")),
    ScopeKind.ALL: (_l("All visits"), _l("Every appointment of every host.")),
    ScopeKind.PLACE: (_l("A place"), _l("Who is in a room or at an address, and when.")),
    ScopeKind.THEME: (_l("A theme"), _l("Visits about one subject, such as water.")),
    ScopeKind.GOAL: (_l("A goal"), _l("Visits that serve one goal of the strategy, the municipal plan or the UN.")),
    ScopeKind.PARTNERSHIP: (_l("A partnership"), _l("Visits through one twin city, network or project.")),
}
WHICH: Mapping[str, LazyString] = {
    ScopeKind.HOST: _l("Which host?"),
    ScopeKind.PLACE: _l("Which place?"),
    ScopeKind.THEME: _l("Which theme?"),
    ScopeKind.GOAL: _l("Which goal?"),
    ScopeKind.PARTNERSHIP: _l("Which partnership?"),
}
PROGRAMS: Mapping[str, str | LazyString] = {
    "google": "Google Calendar",
    "outlook": "Outlook",
    "apple": "Apple Calendar",
    "thunderbird": "Thunderbird",
    "nextcloud": "Nextcloud",
    "davx5": "DAVx⁵",
    "vdirsyncer": "vdirsyncer",
    "evolution": "GNOME",
    "korganizer": "KOrganizer",
    "browser": _l("a browser"),
    "other": _l("another program"),
}


def scope_words(scope: Scope) -> str:
    """Whose visits a feed shows, or visits of what, in the reader's language."""
    if isinstance(scope.row, Goal):
        return str(goal_words(scope.row))
    if scope.row is not None:
        return str(scope.row.name_in(page_language()))
    if scope.kind == ScopeKind.MINE:
        return str(_("Mine: where I am the contact person or lead the visit"))
    return str(_("All visits"))


def address_of(kind: str) -> str:
    """The kind as it stands in addresses."""
    return next(word for word, one in IN_ADDRESSES.items() if one == kind)


def level_words(feed: Feed) -> str:
    """How much a feed tells now: its level, as far as its owner's rights go."""
    return str(LEVELS[granted_level(reader_of(feed.user), feed.scope_kind, feed.level)])


def has_stopped(feed: Feed) -> bool:
    """Whether its owner may not follow this any more: the link answers as if it were unknown."""
    return not may_subscribe(reader_of(feed.user), feed.scope_kind, feed.scope_id)


def language_words(feed: Feed) -> str:
    """The language of the feed's texts, under its own name."""
    return OWN_NAMES[feed.language]


def program_words(program: str) -> str:
    """The calendar program's name as people know it."""
    return str(PROGRAMS.get(program, PROGRAMS["other"]))
