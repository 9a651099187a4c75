"""The visitor's programme of this day, on a phone: where to be next, and whom to call."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from app.core.time import now, venue_date
from app.visits.today import next_of
from app.web import access
from app.web.visitor import blueprint
from app.web.visitor.links import visit_for
from app.web.visitor.programme import shown


@blueprint.get("/v/<string:token>/today")
@access.for_link_holders
def today(token: str) -> ResponseReturnValue:
    """What was proposed or agreed for this day, the next stop marked."""
    visit, day = visit_for(token), venue_date(now())
    stops = [one for one in shown(visit) if venue_date(one.starts_at) == day and not one.is_cancelled]
    following = next_of(stops, at=now())
    return render_template(
        "visitor/today.html", visit=visit, token=token, day=day, stops=stops, next_stop=following, at=now()
    )
