"""What is in the way of a stop, in sentences; of visits that the reader may not see, only that the time is taken."""

from __future__ import annotations

from flask_babel import gettext as _

from app.people.models import User
from app.planning.holidays import find_holiday
from app.visits.conflicts import Conflict
from app.visits.rules import may_see_visit
from app.visits.stops import Plan
from app.web.formats import day, times, when
from app.web.language import page_language


def conflict_words(conflict: Conflict, plan: Plan, user: User) -> str:
    """One sentence for the reader."""
    match conflict.kind:
        case "person" | "place":
            return _taken(conflict, plan, user)
        case "group" | "travel":
            return _beside(conflict)
        case "weekend":
            return _("%(day)s falls on a weekend.", day=day(plan.starts_at).capitalize())
        case "holiday":
            return _(
                "%(day)s is a public holiday: %(holiday)s.",
                day=day(plan.starts_at).capitalize(),
                holiday=_holiday(plan),
            )
        case "absence":
            return _("%(name)s is away that day.", name=_who(conflict))
    return _hours(conflict, plan)


def _taken(conflict: Conflict, plan: Plan, user: User) -> str:
    stop = conflict.stop
    assert stop is not None
    if conflict.kind == "person":
        name = plan.contact.name if plan.contact else ""
    else:
        name = plan.place.name_in(page_language()) if plan.place else ""
    at = when(stop.starts_at, stop.ends_at)
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
        at = times(stop.starts_at, stop.ends_at)
        return _("The delegation is at “%(title)s” then, %(times)s.", title=stop.title, times=at)
    return _(
        "Too little time for the way to or from “%(title)s”: about %(needs)d minutes, and there are %(has)d.",
        title=stop.title,
        needs=conflict.minutes,
        has=conflict.has,
    )


def _hours(conflict: Conflict, plan: Plan) -> str:
    name = plan.host.name_in(page_language())
    if conflict.hours is None:
        return _("%(host)s is closed that day of the week.", host=name)
    opens, closes = conflict.hours
    return _("Outside the hours of %(host)s: %(opens)s–%(closes)s.", host=name, opens=opens, closes=closes)


def _holiday(plan: Plan) -> str:
    from_library = find_holiday(plan.starts_at.date(), page_language())
    return from_library or ""


def _who(conflict: Conflict) -> str:
    absence = conflict.absence
    assert absence is not None
    if absence.host is not None:
        return absence.host.name_in(page_language())
    return absence.user.name if absence.user else ""
