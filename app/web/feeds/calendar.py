"""What calendar programs fetch: a feed at its secret address, and one visit's programme as a file."""

from __future__ import annotations

from functools import partial

from flask import Flask, current_app, make_response, request
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.http import parse_etags

from app.core.database import writing
from app.core.errors import NotFound
from app.core.time import now
from app.extensions import db
from app.feeds.body import Asked, Served, finish, serve
from app.feeds.files import host_calendar
from app.feeds.programs import program_of
from app.feeds.stored import GZIP, IDENTITY
from app.visits.queries import get_visit
from app.web import access
from app.web.feeds import blueprint
from app.web.language import page_language

CALENDAR_TYPE = "text/calendar; charset=utf-8"


@blueprint.get("/feeds/<string:token>.ics")
@access.for_link_holders
def calendar_file(token: str) -> Response:
    """The feed behind the token; an unknown token, lost rights and a revoked feed are the same 404."""
    try:
        asked = _asked()
        served = serve(token, asked)
    except NotFound:
        return _no_such_feed()
    response = Response(served.content, 304 if served.content is None else 200, content_type=CALENDAR_TYPE)
    response.set_etag(served.etag)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if asked.coding == GZIP:
        response.headers["Content-Encoding"] = GZIP
    if served.content is not None:
        response.make_conditional(request, accept_ranges=True, complete_length=len(served.content))
    if served.has_news:
        response.call_on_close(partial(finish_after, served, current_app._get_current_object()))  # type: ignore[attr-defined]
    return response


@blueprint.get("/visits/<string:ref>/programme.ics")
@access.for_signed_in
def visit_file(ref: str) -> Response:
    """One visit's programme as a file, as much of it as this reader may see."""
    visit = get_visit(ref, current_user)
    response = make_response(host_calendar(visit, reader=current_user, language=page_language(), at=now()))
    response.content_type = CALENDAR_TYPE
    response.headers["Content-Disposition"] = f'attachment; filename="{visit.ref}.ics"'
    return response


def _no_such_feed() -> Response:
    """A plain line: nobody sees it as a page, and the address must not be written into one."""
    response = make_response(_("There is no such feed. It may have been revoked, or its link replaced."), 404)
    response.content_type = "text/plain; charset=utf-8"
    return response


def _asked() -> Asked:
    """How the program asks. Ranges are cut from the plain bytes."""
    known = parse_etags(request.headers.get("If-None-Match"))
    packed = request.accept_encodings.quality(GZIP) > 0 and "Range" not in request.headers
    coding = GZIP if packed else IDENTITY
    return Asked(program_of(request.headers.get("User-Agent")), coding, known.as_set(include_weak=True))


def finish_after(served: Served, app: Flask) -> None:
    """After the last byte: keep the body and note the fetch, in a short transaction; a failing write fails no fetch."""
    with app.app_context(), writing():
        try:
            finish(served)
            db.session.commit()
        except SQLAlchemyError as error:
            db.session.rollback()
            app.logger.warning("a feed was served but not kept: %s", type(error).__name__)
