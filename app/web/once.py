"""A form that is sent twice is carried out once: it holds a key, and who comes second is led where the first one was.

The row that says so is written in the transaction of the form itself: refused or failed, the form may be sent again.
The same key with other words in the form is another form: somebody went back and changed something.
"""

from __future__ import annotations

import hashlib
import json
import re
import time

from flask import Flask, abort, current_app, flash, g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from app.core.database import reading
from app.core.time import now
from app.core.tokens import new_token, seal, unseal
from app.extensions import db
from app.people.sent_forms import claim_form, find_place, keep_place
from app.web.errors import Words, error_page

FIELD = "once"
KEY = re.compile(r"[A-Za-z0-9_-]{22,64}")
PATIENCE_SECONDS, PAUSE_SECONDS = 2.0, 0.05


def _claim() -> ResponseReturnValue | None:
    """Before the view: write down that this form is being carried out, or answer as the first one was answered."""
    if request.method != "POST" or request.files or not KEY.fullmatch(request.form.get(FIELD, "")):
        return None
    digest = _digest()
    if claim_form(digest, at=now()):
        g.sent_form = digest
        return None
    return _again(digest)


def claim_anew() -> None:
    """For a view that ended the transaction in which its form was claimed; ends it where the form was carried out."""
    digest = g.get("sent_form", "")
    if digest and not claim_form(digest, at=now()):
        abort(make_response(_again(digest)))


def _digest() -> str:
    sender = current_user.get_id() if current_user.is_authenticated else ""
    fields = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf_token")
    said = json.dumps([sender, request.full_path, fields])
    return hashlib.sha256(said.encode()).hexdigest()


def _again(digest: str) -> ResponseReturnValue:
    """Where the first one was led; it may just be on its way there."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (place := _place(digest)) and time.monotonic() < until:
        time.sleep(PAUSE_SECONDS)
    if place is None:
        advice = _("It was sent twice and done once. The pages you came from show how things stand now.")
        return error_page(409, words=Words(_("This is done already"), advice))
    flash(_("This was saved already. Sending it again changed nothing."), "info")
    return redirect(place, 303)


def _place(digest: str) -> str | None:
    db.session.rollback()
    with reading():
        sealed = find_place(digest)
        db.session.rollback()
    return unseal(sealed, current_app.config["DATA_KEY"]) if sealed else None


def _keep(response: Response) -> Response:
    """After the view: note where its sender is led, in a short transaction of its own."""
    digest = g.pop("sent_form", "")
    if not digest or response.status_code not in (302, 303):
        return response
    db.session.rollback()  # whatever the view did not commit is not wanted
    try:
        keep_place(digest, seal(response.location or "/", current_app.config["DATA_KEY"]))
        db.session.commit()
    except SQLAlchemyError as error:  # the form is carried out all the same
        db.session.rollback()
        current_app.logger.warning("where a form led could not be kept: %s", type(error).__name__)
    return response


def init_app(app: Flask) -> None:
    """Register last: who may not use a page does not get so far. Gives templates once_key()."""
    app.add_template_global(new_token, "once_key")
    app.before_request(_claim)
    app.after_request(_keep)
