"""Which appointments something that happened is about: a rule tells their contact persons of it."""

from __future__ import annotations

from app.core.time import venue_date
from app.notifications.facts import stops_on
from app.visits.models import Activity
from app.visits.places import CORRECTED
from app.visits.programme_models import Appointment

# Before a host has the visit there is no programme, and nobody who could be told.
BEFORE_ANY = (
    "submit", "register", "send-again", "receive", "expire", "offer", "invite", "decline-offer", "lapse", "return",
)  # fmt: skip


def stops_of(activity: Activity) -> list[Appointment]:
    """The one that it happened to; of what happened to the whole visit, what takes place, or what it called off."""
    stops = sorted(activity.visit.appointments, key=lambda stop: (stop.starts_at, stop.id))
    if activity.subject == "appointment":
        own = [stop for stop in stops if stop.id == activity.subject_id]
        return stops_on(activity.visit, venue_date(own[0].starts_at)) if activity.verb == "run-late" and own else own
    if activity.verb == CORRECTED:
        stops = [stop for stop in stops if stop.id in activity.changes["stops"]]
    live = [stop for stop in stops if not stop.is_cancelled]
    return live or [stop for stop in stops if stop.changed_at >= activity.at]
