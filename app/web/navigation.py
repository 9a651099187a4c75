"""The menu: what each reader needs first, by role; only pages that exist."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import HTTPException

ON_ONE_LINE = 9  # entries that fit beside each other at 1280 px, in every language
EXTRA = frozenset({"/my-feeds", "/counterparts", "/occasions", "/places", "/replies", "/mail", "/admin"})


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One link of the menu; on wide pages what is needed less often stands behind "More"."""

    url: str
    words: str
    is_current: bool
    is_extra: bool = False


def _paths_for_reader() -> list[tuple[str, str]]:
    if g.get("without_database") or not current_user.is_authenticated:
        return []
    host = [("/inbox", _("Inbox"))]
    coordinator = [("/triage", _("Triage")), ("/board", _("Board"))]
    everyone = [
        ("/visits", _("Visits")),
        ("/calendar", _("Calendar")),
        ("/today", _("Today")),
        ("/strategy", _("Strategy")),
        ("/reports", _("Reports")),
        ("/my-feeds", _("Calendar feeds")),
    ]
    keepers = [("/counterparts", _("Counterparts")), ("/occasions", _("Occasions")), ("/places", _("Places"))]
    office = [("/mail", _("Mail")), ("/replies", _("Replies"))]
    administration = [("/admin", _("Administration"))] if current_user.is_admin else []
    if current_user.is_coordinator:
        return [*coordinator, *(host if current_user.hosts else []), *everyone, *keepers, *office, *administration]
    return [*(host if current_user.hosts else []), *(everyone if current_user.hosts else []), *administration]


def _exists(path: str) -> bool:
    """Matching an address against every route costs more than the rest of the menu: it is done once for each path."""
    known: dict[str, bool] = current_app.extensions["known pages"]
    if path not in known:
        known[path] = _matches(path)
    return known[path]


def _matches(path: str) -> bool:
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return False
    return True


def menu() -> list[MenuEntry]:
    """The reader's menu; the entry whose page, or a page under it, is open is marked."""
    here = request.path
    paths = [(path, words) for path, words in _paths_for_reader() if _exists(path)]
    is_long = len(paths) > ON_ONE_LINE
    return [
        MenuEntry(path, words, here == path or here.startswith(path + "/"), is_long and path in EXTRA)
        for path, words in paths
    ]


def page_exists(path: str) -> bool:
    """Whether the frame may link to that page."""
    return _exists(path)


def way_to_visits() -> tuple[str, str]:
    """The page that lists the reader's visits, as the beginning of breadcrumbs: a member's inbox, else the list."""
    return (_("Inbox"), "/inbox") if current_user.hosts else (_("Visits"), "/visits")


def init_app(app: Flask) -> None:
    """Give the frame its menu."""
    app.extensions["known pages"] = {}
    app.add_template_global(menu, "menu")
    app.add_template_global(page_exists, "page_exists")
    app.add_template_global(way_to_visits, "way_to_visits")
