"""Own calendars on a calendar page, in words: whose they are, how old what is shown is, and that it is busy only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.time import now
from app.visits.agenda import Entry, Of, Scope
from app.visits.taken import Source
from app.web.calendar import blueprint
from app.web.host.acting import reader


def freshness(scope: Scope, sources: Sequence[Source]) -> list[str]:
    """A sentence for each own calendar, the same ones once."""
    return list(dict.fromkeys(_fresh(scope, source) for source in sources))


def with_own(stops: Sequence[Entry], own: Sequence[Entry]) -> list[Entry]:
    """All in the order in which they begin; whole days first, and a stop before a busy time of the same beginning."""
    return sorted([*stops, *own], key=lambda one: (not one.is_whole_day, one.starts_at, one.is_own, one.id))


def origin(scope: Scope) -> str:
    """Whose calendar a busy time is from."""
    if scope.of == Of.HOST:
        return _("from the host's own calendar")
    return _("from your own calendar") if scope.id == reader().id else _("from their own calendar")


@blueprint.app_template_filter()
def own_words(entry: Entry, scope: Scope) -> str:
    """ "from their own calendar, fetched 10 minutes ago"."""
    if entry.fetched_at is None:
        return origin(scope)
    return _("%(origin)s, fetched %(ago)s", origin=origin(scope), ago=ago(entry.fetched_at))


@blueprint.app_template_filter()
def busy_words(entry: Entry) -> str:
    """Busy, or perhaps."""
    return _("Perhaps busy") if entry.status == "tentative" else _("Busy")


def ago(moment: datetime) -> str:
    """ "10 minutes ago", "3 days ago"."""
    minutes = max(int((now() - moment).total_seconds() // 60), 0)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(num)d minute ago", "%(num)d minutes ago", minutes)
    hours = minutes // 60
    if hours < 48:
        return ngettext("%(num)d hour ago", "%(num)d hours ago", hours)
    return ngettext("%(num)d day ago", "%(num)d days ago", hours // 24)


def _fresh(scope: Scope, source: Source) -> str:
    if source.fetched_at is None:
        return _("Busy times %(origin)s have not been fetched yet.", origin=origin(scope))
    when = {"origin": origin(scope), "ago": ago(source.fetched_at)}
    if source.is_failing:
        return _("Busy times %(origin)s cannot be fetched now; those shown were fetched %(ago)s.", **when)
    return _("Busy times %(origin)s: fetched %(ago)s.", **when)
