"""Error pages: what happened, what the reader can do, and an id to quote; never a trace, a path or a version."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from types import TracebackType

from flask import Flask, g, make_response, render_template, request
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.core.database import is_passing
from app.core.errors import NotAllowed, NotFound, Refused
from app.extensions import db, login_manager
from app.web import request_log, transactions

log = logging.getLogger(__name__)
RETRY_SECONDS = 30

LAST_RESORT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Vertskap</title>
<h1>Something went wrong</h1><p>Please try again in a few minutes. If it happens again, tell us this number: {id}</p>
"""


@dataclass(frozen=True, slots=True)
class Words:
    """The title of an error page and what to do about it."""

    title: str
    advice: str


def _words(status: int) -> Words:
    match status:
        case 400:
            return Words(_("We could not read what was sent"), _("Go back, check the form and send it again."))
        case 401 | 403:
            return Words(
                _("You may not see this page"),
                _("You may be signed in as somebody else, or it belongs to another host. A coordinator can help."),
            )
        case 404 | 410:
            return Words(
                _("There is no such page"),
                _("The address may be mistyped, or the link may have been replaced by a newer one in a later mail."),
            )
        case 405:
            return Words(_("This page cannot be used in that way"), _("Go back and use the button on the page."))
        case 413:
            return Words(_("That was too much at once"), _("Shorten the longest texts and send the form again."))
        case 429:
            return Words(_("That was too often"), _("Wait a few minutes and try again."))
        case 503:
            return Words(
                _("We are busy right now"),
                _("Nothing you typed was saved. Go back in your browser, wait a minute and send it again."),
            )
    if status < 500:
        return Words(_("That did not work"), _("Go back and try again."))
    return Words(_("Something went wrong on our side"), _("It has been written down. Try again in a few minutes."))


def error_page(status: int, *, words: Words | None = None, error_id: str = "") -> Response:
    """The page for a status, in the frame that needs no database."""
    words = words or _words(status)
    page = render_template("errors/error.html", words=words, status=status, error_id=error_id)
    return make_response(page, status)


def _on_http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    response = error_page(status)
    for name, value in error.get_headers(request.environ):
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            response.headers[name] = value
    return response


def _on_foreign_host(_error: SecurityError) -> Response:
    """Asked for under a name that is not ours: no page, since every link on it would carry that name."""
    g.without_database = True
    response = make_response(_("There is no such page") + "\n", 400)
    response.mimetype = "text/plain"
    return response


def _on_csrf(error: CSRFError) -> Response:
    title = _("This form was open for too long")
    advice = _("Nothing was changed. Go back in your browser, load the page again and send it once more.")
    return error_page(error.code or 400, words=Words(title, advice))


def _on_refused(error: Refused) -> Response:
    """A refusal that no view worded: the rules said no, so it is never the server's fault."""
    db.session.rollback()
    if isinstance(error, NotFound):
        return error_page(404)
    if isinstance(error, NotAllowed):
        return error_page(403)
    title = _("That is not possible any more")
    advice = _("Somebody may have changed it since you opened the page. Load the page again to see how it stands.")
    return error_page(409, words=Words(title, advice))


def _on_trouble(error: Exception) -> Response:
    """The database or the disk did not do it, or not in time: worth another try, so 503. Anything else is a failure."""
    if not is_passing(error):
        raise error
    log.error("the database or the disk did not answer; shown as error %s", request_log.shown_id(), exc_info=error)
    response = _safe_page(503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _on_failure(_error: InternalServerError) -> Response:
    return _safe_page(500)


def _log_failure(
    error: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
) -> None:
    """In place of Flask's line, which names the address: that may hold a secret."""
    log.error("a page could not be made; shown as error %s", request_log.shown_id(), exc_info=error)


def _safe_page(status: int) -> Response:
    """The error page without user or language from the database; the plainest one if even that fails."""
    g.without_database = True
    g.setdefault("_login_user", login_manager.anonymous_user())  # every template asks for it: not of the database again
    error_id = request_log.shown_id()
    try:
        transactions.take_back()
        return error_page(status, error_id=error_id)
    except Exception as error:
        log.error("the page for error %s could not be made", error_id, exc_info=error)
        return make_response(LAST_RESORT.format(id=error_id), status)


def init_app(app: Flask) -> None:
    """Every error gets a page in the reader's language."""
    app.register_error_handler(CSRFError, _on_csrf)
    app.register_error_handler(SecurityError, _on_foreign_host)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Refused, _on_refused)
    for trouble in (SQLAlchemyError, OSError):
        app.register_error_handler(trouble, _on_trouble)
    app.log_exception = _log_failure  # type: ignore[method-assign,assignment]
    app.register_error_handler(InternalServerError, _on_failure)
