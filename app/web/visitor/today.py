"""The visitor's programme of this day, on a phone: where to be next, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.time import now, venue_date
from app.notifications.changes_told import told_as_planned
from app.visits.known_stop import KnownStop, ShownStop
from app.visits.models import Visit
from app.visits.running_late import is_today
from app.visits.today import next_of
from app.web import access
from app.web.visitor import blueprint
from app.web.visitor.changing import change_words
from app.web.visitor.links import visit_for
from app.web.visitor.programme import shown


@blueprint.get("/v/<string:token>/today")
@access.for_link_holders
def today(token: str) -> ResponseReturnValue:
    """What was proposed or agreed for this day, the next stop marked."""
    visit, day = visit_for(token), venue_date(now())
    known = [one for one in shown(visit) if not one.is_cancelled]
    stops = [*(one for one in known if is_today(one, at=now())), *planned_today(visit, known)]
    changes = change_words(visit, known) | {one.id: _unsettled() for one in stops if one not in known}
    following = next_of(stops, at=now())
    return render_template(
        "visitor/today.html",
        visit=visit,
        token=token,
        day=day,
        stops=sorted(stops, key=lambda one: (one.starts_at, one.id)),
        changes=changes,
        next_stop=following,
        dated={one.id for one in stops if venue_date(one.starts_at) != day},
        at=now(),
    )


def planned_today(visit: Visit, known: Sequence[ShownStop]) -> list[ShownStop]:
    """What the visitor knows on another day, and has been told is planned for this one, or is on now."""
    changing = [one for one in known if isinstance(one, KnownStop) and not is_today(one, at=now())]
    told = told_as_planned(visit) if changing else set()
    return [one.planned for one in changing if one.id in told and is_today(one.planned, at=now())]


def _unsettled() -> str:
    return _("Not settled: your host will ask you.")
