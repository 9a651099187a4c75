"""What calendar programs fetch: a feed at its secret address, and one visit's programme as a file."""

from __future__ import annotations

from flask import current_app, make_response, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import OperationalError
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response

from app.core.database import writing
from app.core.errors import NotFound
from app.extensions import db
from app.feeds.actions import note_fetch
from app.feeds.body import Served, serve, store
from app.feeds.files import host_calendar
from app.visits.queries import get_visit
from app.web import access
from app.web.feeds import blueprint
from app.web.language import page_language

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@blueprint.get("/feeds/<string:token>.ics")
@access.for_link_holders
def calendar_file(token: str) -> Response:
    """The feed behind the token; an unknown token, lost rights and a revoked feed are the same 404."""
    known = parse_etags(request.headers.get("If-None-Match"))
    try:
        served = serve(token, has_already=known.contains_weak)
    except NotFound:
        return _no_such_feed()
    _write_afterwards(served)
    response = make_response(served.body if served.body is not None else b"", 200 if served.body is not None else 304)
    response.set_etag(served.etag)
    response.content_type = CALENDAR_TYPE
    response.headers["Cache-Control"] = "private, no-cache"
    if served.body is not None:
        response.make_conditional(request, accept_ranges=True, complete_length=len(served.body))
    return response


@blueprint.get("/visits/<string:ref>/programme.ics")
@access.for_signed_in
def visit_file(ref: str) -> Response:
    """One visit's programme as a file, as much of it as this reader may see."""
    visit = get_visit(ref, current_user)
    response = make_response(host_calendar(visit, reader=current_user, language=page_language()))
    response.content_type = CALENDAR_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{visit.ref}.ics"'
    return response


def _no_such_feed() -> Response:
    """A plain line: nobody sees it as a page, and the address must not be written into one."""
    response = make_response(_("There is no such feed. It may have been revoked, or its link replaced."), 404)
    response.content_type = "text/plain; charset=utf-8"
    return response


def _write_afterwards(served: Served) -> None:
    """Keep the body and note the fetch in a second, short transaction; a busy database may skip it."""
    if served.built is None and not served.fetch_due:
        return
    db.session.rollback()  # the reading is over
    try:
        with writing():
            if served.built is not None:
                store(served.built)
            if served.fetch_due:
                note_fetch(served.feed_id)
            db.session.commit()
    except OperationalError as error:
        db.session.rollback()
        current_app.logger.warning("a feed was served but not kept: %s", error)
