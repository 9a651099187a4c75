"""A visit in one line: how many, led by whom, when, about what."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.time import venue_date
from app.visits.models import Visit
from app.web.formats import country, days, listed
from app.web.language import page_language


def origin(visit: Visit) -> str:
    """Where they come from: "Utrecht, Netherlands"."""
    return ", ".join(filter(None, (visit.city, country(visit.country))))


def summary(visit: Visit) -> list[str]:
    """The facts a host decides on, each a few words; what is not known is left out."""
    facts = [_people(visit), _head(visit), _length(visit), when_wanted(visit), themes(visit)]
    return [fact for fact in facts if fact]


def when_wanted(visit: Visit) -> str:
    """The programme's days, or before there is one the wished dates."""
    live = [appointment for appointment in visit.appointments if not appointment.is_cancelled]
    if live:
        return days((venue_date(min(a.starts_at for a in live)), venue_date(max(a.ends_at for a in live))))
    return either([days((window.starts_on, window.ends_on)) for window in visit.windows])


def themes(visit: Visit) -> str:
    """What it is about."""
    return listed(theme.name_in(page_language()) for theme in visit.themes)


def either(items: list[str]) -> str:
    """The items with the reader's word for "or" before the last."""
    if len(items) < 2:
        return "".join(items)
    return str(_("%(first)s or %(last)s", first=", ".join(items[:-1]), last=items[-1]))


def _people(visit: Visit) -> str:
    if not visit.group_size:
        return ""
    return str(ngettext("%(num)d person", "%(num)d people", visit.group_size))


def _head(visit: Visit) -> str:
    head = ", ".join(filter(None, (visit.head_name, visit.head_title)))
    return str(_("led by %(head)s", head=head)) if head else ""


def _length(visit: Visit) -> str:
    if not visit.duration_hours:
        return ""
    hours = visit.duration_hours
    if hours == int(hours):
        return str(ngettext("%(num)d hour", "%(num)d hours", int(hours)))
    return str(_("%(hours)s hours", hours=f"{hours:.1f}"))
