"""Forms that were open too long: their CSRF token is no longer good, but what was typed in them still is."""

from __future__ import annotations

from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from app.core.errors import Refused
from app.web.visitor import blueprint


def is_stale() -> bool:
    """Whether the form just sent must be shown once more before anything is done with it."""
    return bool(g.get("stale_form", False))


@blueprint.errorhandler(CSRFError)
def show_again(_error: CSRFError) -> ResponseReturnValue:
    """Call the view all the same; it sees is_stale(), changes nothing and shows the form with a fresh token."""
    g.stale_form = True
    view = current_app.view_functions[str(request.endpoint)]
    try:
        answer: ResponseReturnValue = view(**(request.view_args or {}))  # type: ignore[assignment]
    except (Refused, HTTPException, OperationalError) as error:  # Flask handles none of an error handler's own errors
        return current_app.handle_user_exception(error)
    return answer
