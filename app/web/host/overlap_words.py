"""What a double booking hits, in words; of a visit that the reader may not see, only who or what is taken, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from app.core.errors import DayFull, Overlap
from app.core.languages import pick
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
    """Who or what is taken, by which appointment where the reader may know it, when, and what can be done."""
    name = pick(cast(Mapping[str, str], refused.data["names"]), page_language())
    if not name:
        return _("Somebody else booked this a moment ago. Choose another time.")
    what, at, is_person = _what(refused, user), _when(refused), refused.data["kind"] == "person"
    if not what and is_person:
        return _("%(name)s is busy %(when)s. Choose another time or another person.", name=name, when=at)
    if not what:
        return _("%(name)s is busy %(when)s. Choose another time or another place.", name=name, when=at)
    values = {"name": name, "what": what, "when": at}
    if is_person:
        return _("%(name)s is taken: %(what)s, %(when)s. Choose another time or another person.", **values)
    return _("%(name)s is taken: %(what)s, %(when)s. Choose another time or another place.", **values)


def _what(refused: Overlap, user: User) -> str:
    """The appointment; empty where it is in a visit that the reader may not see."""
    title, ref = str(refused.data["title"]), str(refused.data["ref"])
    visit = db.session.scalar(select(Visit).where(Visit.ref == ref))
    if visit is None or not may_see_visit(user, visit):
        return ""
    return _("“%(title)s” (visit %(ref)s)", title=title, ref=ref)


def _when(refused: Overlap) -> str:
    return when(cast(datetime, refused.data["starts_at"]), cast(datetime, refused.data["ends_at"]))
