"""What a verb changed of stops that begin within 48 hours, and which feeds show it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.notifications.happening import Happening
from app.visits.models import Activity, Visit
from app.visits.places import CORRECTED
from app.visits.programme_models import Appointment
from app.visits.scopes import ALL, Scope, subjects_of

SOON = timedelta(hours=48)
MOVING = ("starts_at", "ends_at", "place")  # changes that send people to the wrong place or at the wrong time
CANCELLING = ("remove-appointment", "decline-part", "lapse-hold", "withdraw", "cancel", "absorb")
LATE, ADDED = "run-late", "add-appointment"


def near_changes(what: Happening) -> tuple[Visit, list[Appointment]]:
    """The visit, and those of its stops that were changed, added or cancelled within 48 hours of their start."""
    visit, stops = _changed(what)
    at = what.activity.at
    return visit, [stop for stop in stops if at < first_start(stop, what) <= at + SOON]


def first_start(stop: Appointment, what: Happening) -> datetime:
    """The start that people may turn up for: the earlier of the old and the new one."""
    before = _before(what, "starts_at")
    if what.activity.verb == LATE:
        return stop.starts_at - timedelta(minutes=int(what.activity.changes.get("minutes", 0)))
    return min(stop.starts_at, datetime.fromisoformat(before)) if before else stop.starts_at


def scopes_showing(stop: Appointment, what: Happening) -> set[Scope]:
    """Every scope whose feeds show the stop, or showed it before the change."""
    rows = [
        ("host", stop.host_id), ("host", stop.visit.lead_host_id), ("host", _before(what, "host")),
        ("user", stop.contact_id), ("user", stop.visit.lead_user_id), ("user", _before(what, "contact")),
        *(("place", place_id) for place_id in places_of(stop, what)),
    ]  # fmt: skip
    return {ALL, *subjects_of(stop.visit_id), *((kind, row_id) for kind, row_id in rows if row_id)}


def places_of(stop: Appointment, what: Happening) -> list[int]:
    """The places of the list where it is and was."""
    before = (_before(what, "place") or [None])[0]
    return [place_id for place_id in dict.fromkeys((stop.place_id, before)) if place_id]


def is_contact_only(what: Happening) -> bool:
    """Whether nothing but the contact person changed: only feeds that say who receives show it."""
    keys = what.activity.changes.keys()
    return what.activity.verb == "move-appointment" and "contact" in keys and not set(MOVING) & keys


def added_together(activity: Activity) -> Sequence[Activity]:
    """What was added to the visit at that very moment, as a whole programme is."""
    return [one for one in activity.visit.activities if one.verb == ADDED and one.at == activity.at]


def _changed(what: Happening) -> tuple[Visit, list[Appointment]]:
    verb, stop, visit = what.activity.verb, what.appointment, what.visit
    if verb == "move-appointment":
        moved = stop is not None and not stop.is_cancelled and {*MOVING, "contact"} & what.activity.changes.keys()
        return visit, [stop] if moved and stop is not None else []
    if verb in (LATE, ADDED, CORRECTED):
        ids = _ids_of(what)
        return visit, [one for one in visit.appointments if one.id in ids and not one.is_cancelled]
    if verb not in CANCELLING:
        return visit, []
    if verb == "absorb":
        gone = db.session.scalar(select(Visit).where(Visit.ref == str(what.activity.changes.get("from", ""))))
        visit = gone or visit
    if stop is not None:
        return visit, [stop]
    return visit, [one for one in visit.appointments if one.is_cancelled and one.changed_at == what.activity.at]


def _ids_of(what: Happening) -> Sequence[int | None]:
    """The stops that one verb changed together; where a later one tells of them, none."""
    mine = what.activity
    if mine.verb == LATE:
        return mine.changes.get("moved") or []
    if mine.verb == ADDED:
        together = added_together(mine)
        return [one.subject_id for one in together] if together[-1].id == mine.id else []
    later = [one for one in what.visit.activities if one.verb == CORRECTED and one.id > mine.id]
    is_again = any(set(one.changes["stops"]) & set(mine.changes["stops"]) for one in later)
    return [] if is_again else mine.changes["stops"]


def _before(what: Happening, field: str) -> Any:
    """What the field of a moved stop was before; None where it did not change."""
    return (what.activity.changes.get(field) or [None])[0] if what.activity.verb == "move-appointment" else None
