"""What a double booking hits, in words; of a visit the reader may not see, no reference."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from app.core.errors import DayFull, Overlap
from app.extensions import db
from app.people.models import Host, User
from app.visits.models import Visit
from app.visits.rules import may_see_visit
from app.web.formats import when
from app.web.language import page_language

NEEDS_REASON = _l("Somebody's own calendar says that this time is taken. Say why it is used all the same.")


def full_words(refused: DayFull) -> str:
    """Which host takes no more visits that day, and how many it takes."""
    host = db.session.scalar(select(Host).where(Host.slug == str(refused.data["host"])))
    name = host.name_in(page_language()) if host else ""
    cap = cast(int, refused.data["cap"])
    return ngettext(
        "%(name)s takes %(num)d visit a day, and that day is full. Choose another one.",
        "%(name)s takes %(num)d visits a day, and that day is full. Choose another one.",
        cap,
        name=name,
    )


def overlap_words(refused: Overlap, user: User) -> str:
    """Who or what is taken, by which appointment, from when to when, and what can be done."""
    values = {"name": refused.data["name"], "what": _what(refused, user), "when": _when(refused)}
    if not refused.data["name"]:
        return _("Somebody else booked this a moment ago. Choose another time.")
    if refused.data["kind"] == "person":
        return _("%(name)s is taken: %(what)s, %(when)s. Choose another time or another person.", **values)
    return _("%(name)s is taken: %(what)s, %(when)s. Choose another time or another place.", **values)


def _what(refused: Overlap, user: User) -> str:
    title, ref = str(refused.data["title"]), str(refused.data["ref"])
    visit = db.session.scalar(select(Visit).where(Visit.ref == ref))
    if visit is not None and may_see_visit(user, visit):
        return _("“%(title)s” (visit %(ref)s)", title=title, ref=ref)
    return _("“%(title)s”", title=title)


def _when(refused: Overlap) -> str:
    return when(cast(datetime, refused.data["starts_at"]), cast(datetime, refused.data["ends_at"]))
