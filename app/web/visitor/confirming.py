"""The link in the first mail: opening it shows a button; only the button confirms, for mail scanners open links too."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import IllegalMove
from app.core.time import now
from app.extensions import db
from app.people.links import mint_link
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.statuses import Status
from app.web import access
from app.web.visitor import blueprint
from app.web.visitor.links import visit_for
from app.web.visitor.stale import is_stale


@blueprint.get("/v/<string:token>/confirm")
@access.for_link_holders
def confirm(token: str) -> ResponseReturnValue:
    """What will be confirmed, and the button."""
    return _page(visit_for(token, "confirm-address"), token)


@blueprint.post("/v/<string:token>/confirm")
@access.for_link_holders
def confirm_address(token: str) -> ResponseReturnValue:
    """Confirm, once; a second press only opens the visitor's page."""
    visit = visit_for(token, "confirm-address")
    if is_stale():
        return _page(visit, token)
    if visit.status == Status.SUBMITTED:
        _receive(visit)
    if visit.status in (Status.SUBMITTED, Status.EXPIRED):
        return _page(visit, token), 409
    fresh = mint_link("visit", visit.id, at=now())
    db.session.commit()
    return redirect(url_for("visitor.page", token=fresh), 303)


def _receive(visit: Visit) -> None:
    try:
        lifecycle.receive(visit)
        flash(_("Thank you. Your request has reached us."), "success")
    except IllegalMove:
        db.session.rollback()  # another press was first, or it expired meanwhile
        db.session.refresh(visit)


def _page(visit: Visit, token: str) -> str:
    return render_template("visitor/confirm.html", visit=visit, token=token)
