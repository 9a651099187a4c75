"""What is in the way of a stop, in sentences; of visits that the reader may not see, only that the time is taken."""

from __future__ import annotations

from flask_babel import gettext as _

from app.core.time import venue_date
from app.people.models import Host, User
from app.planning.holidays import find_holiday
from app.visits.conflicts import Conflict
from app.visits.rules import may_see_visit
from app.visits.stops import Plan
from app.web.formats import headed_day, listed, times, times_on, when
from app.web.language import page_language


def conflict_words(conflict: Conflict, plan: Plan, user: User) -> str:
    """One sentence for the reader."""
    match conflict.kind:
        case "person" | "place":
            return _taken(conflict, plan, user)
        case "group" | "travel":
            return _beside(conflict)
        case "weekend":
            return _("%(day)s falls on a weekend.", day=headed_day(plan.starts_at))
        case "holiday":
            name = find_holiday(venue_date(plan.starts_at), page_language()) or ""
            return _("%(day)s is a public holiday: %(holiday)s.", day=headed_day(plan.starts_at), holiday=name)
        case "hours":
            return _hours(conflict)
    return _own_time(conflict, plan)


def _own_time(conflict: Conflict, plan: Plan) -> str:
    """What somebody's own calendar or plans say; never what for."""
    name, busy = _name(conflict), conflict.busy
    if conflict.kind == "full":
        return _("%(name)s: no room for more visits that day.", name=name)
    if conflict.kind == "week":
        return _("%(name)s: no room for more visits that week.", name=name)
    if conflict.kind == "month":
        return _("%(name)s: no room for more visits that month.", name=name)
    if conflict.kind == "absence" or busy is None:
        return _("%(name)s is away that day.", name=name)
    if conflict.kind == "quiet":
        return _("%(name)s has a quiet period then.", name=name)
    on = venue_date(max(plan.starts_at, busy.starts_at))
    at = times_on(on, busy.starts_at, busy.ends_at) or _("all day")
    if conflict.kind == "tentative":
        return _("%(name)s may be busy then: a tentative time in their own calendar, %(when)s.", name=name, when=at)
    return _("%(name)s is busy then in their own calendar, %(when)s.", name=name, when=at)


def _taken(conflict: Conflict, plan: Plan, user: User) -> str:
    stop = conflict.stop
    assert stop is not None
    if conflict.kind == "person":
        name = plan.contact.name if plan.contact else ""
    else:
        name = plan.place.name_in(page_language()) if plan.place else ""
    held = conflict.beside or stop
    at = when(held.starts_at, held.ends_at)
    if not may_see_visit(user, stop.visit):
        return _("%(name)s is busy %(when)s.", name=name, when=at)
    return _(
        "%(name)s is taken: “%(title)s” (visit %(ref)s), %(when)s.",
        name=name,
        title=stop.title,
        ref=stop.visit.ref,
        when=at,
    )


def _beside(conflict: Conflict) -> str:
    stop = conflict.stop
    assert stop is not None
    if conflict.kind == "group":
        held = conflict.beside or stop
        at = times(held.starts_at, held.ends_at)
        return _("The delegation is at “%(title)s” then, %(times)s.", title=stop.title, times=at)
    return _(
        "Too little time for the way to or from “%(title)s”: about %(needs)d minutes, and there are %(has)d.",
        title=stop.title,
        needs=conflict.minutes,
        has=conflict.has,
    )


def _hours(conflict: Conflict) -> str:
    name = _name(conflict)
    if not conflict.hours:
        return _("Closed that day of the week: %(host)s.", host=name)
    hours = listed(f"{_clock(span.starts)}–{_clock(span.ends)}" for span in conflict.hours)
    return _("Outside the hours of %(host)s: %(hours)s.", host=name, hours=hours)


def _clock(minutes: int) -> str:
    mark = ":" if page_language() == "en" else "."
    return f"{minutes // 60:02}{mark}{minutes % 60:02}"


def _name(conflict: Conflict) -> str:
    whose = conflict.whose
    if isinstance(whose, Host):
        return whose.name_in(page_language())
    return whose.name if whose else ""
