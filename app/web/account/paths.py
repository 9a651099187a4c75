"""Where to go after signing in: only ever a page of this application."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

from app.people.models import User
from app.web.navigation import page_exists

LONGEST_PATH = 500


def same_origin_path(wanted: str | None) -> str:
    """The path and query if it is a page of ours that can be opened, otherwise an empty text."""
    if not wanted or len(wanted) > LONGEST_PATH or not wanted.startswith("/") or wanted.startswith("//"):
        return ""
    if "\\" in wanted or not wanted.isascii() or any(ord(letter) <= 32 or ord(letter) == 127 for letter in wanted):
        return ""
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or "//" in parts.path or "%2f" in wanted.lower() or "%5c" in wanted.lower():
        return ""
    return wanted if _is_page(parts.path) else ""


def _is_page(path: str) -> bool:
    try:
        current_app.url_map.bind("localhost").match(path, method="GET")
    except HTTPException:
        return False
    return not path.startswith("/sign-")


def home_of(user: User) -> str:
    """The first page of a person's day."""
    first = "/triage" if user.is_coordinator else "/inbox"
    return next((path for path in (first, "/visits") if page_exists(path)), "/account")
