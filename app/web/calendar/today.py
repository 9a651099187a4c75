"""The day of the visit, on a phone: who, where, when, whom to call, and what to do when it runs late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template

from app.core.time import now, venue_date
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.running_late import is_today, may_run_late
from app.visits.today import next_of, stops_on
from app.web import access
from app.web.calendar import blueprint
from app.web.host.acting import reader


@dataclass(frozen=True, slots=True)
class VisitToday:
    """One visit's stops of the day, and the stop from which on this reader may say that it runs late."""

    visit: Visit
    stops: list[Appointment]
    late_from: Appointment | None


@blueprint.get("/today")
@access.for_hosts
def today() -> str:
    """The reader's stops of today and those of the visits they receive, by visit."""
    day, user = venue_date(now()), reader()
    stops = stops_on(day, user)
    own = [stop for stop in stops if stop.contact_id == user.id]
    following = next_of(own, at=now()) or next_of(stops, at=now())
    return render_template(
        "calendar/today.html",
        day=day,
        visits=_by_visit(stops),
        next_stop=following,
        dated={one.id for one in stops if venue_date(one.starts_at) != day},
        at=now(),
        user=user,
    )


def _by_visit(stops: Sequence[Appointment]) -> list[VisitToday]:
    found: dict[int, list[Appointment]] = {}
    for stop in stops:
        found.setdefault(stop.visit_id, []).append(stop)
    return [VisitToday(row[0].visit, row, _late_from(row)) for row in found.values()]


def _late_from(stops: Sequence[Appointment]) -> Appointment | None:
    """The first stop still to begin, today, that the reader may move; before it one that is on."""
    open_ones = [one for one in stops if one.ends_at > now() and not one.fixed and is_today(one, at=now())]
    ahead = [one for one in open_ones if one.starts_at > now()] or open_ones
    return next((one for one in ahead if may_run_late(reader(), one)), None)
