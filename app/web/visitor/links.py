"""Which visit a secret link opens; unknown, ended and foreign ones get the same page, which says what to do."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.core import logs
from app.core.errors import NotFound
from app.core.time import now
from app.extensions import db
from app.people.links import find_link
from app.strategy.settings import city_rules
from app.visits.models import Visit
from app.web.errors import error_page
from app.web.visitor import blueprint


def visit_for(token: str, purpose: str = "visit") -> Visit:
    """The visit that this link opens; of a merged one the visit that goes on. Raises NotFound."""
    link = find_link(token, purpose, at=now())
    visit = db.session.get(Visit, link.subject_id) if link else None
    if visit is None:
        raise NotFound()
    while visit.merged_into is not None:
        visit = visit.merged_into
    logs.about(visit=visit.ref)
    return visit


@blueprint.errorhandler(NotFound)
def link_ended(_error: NotFound) -> ResponseReturnValue:
    """The same for every link that opens nothing."""
    db.session.rollback()
    if not request.path.startswith("/v/"):
        return error_page(404)
    confirming = request.endpoint in ("visitor.confirm", "visitor.confirm_address")
    return render_template("visitor/link_ended.html", confirming=confirming, rules=city_rules()), 404
