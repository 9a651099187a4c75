"""Refusals in words: what cannot be done any more, why, and the way back to the visit."""

from __future__ import annotations

from flask import make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import IllegalMove, Invalid, NotAllowed
from app.extensions import db
from app.web.errors import Words
from app.web.host import blueprint
from app.web.words import word


def _page(words: Words, status: int) -> Response:
    db.session.rollback()
    ref = (request.view_args or {}).get("ref", "")
    return make_response(render_template("host/refused.html", words=words, ref=ref), status)


@blueprint.errorhandler(IllegalMove)
def on_illegal_move(error: IllegalMove) -> Response:
    """The verb does not fit any more: say how the visit stands now."""
    status = word("status", error.data["status"])
    advice = _(
        "The visit now has the status “%(status)s”. Somebody may have changed it just before you.", status=status
    )
    return _page(Words(_("That is not possible as the visit stands"), advice), 409)


@blueprint.errorhandler(NotAllowed)
def on_not_allowed(error: NotAllowed) -> Response:
    """Not this person's to do."""
    if error.code == "no-open-offer":
        title = _("This offer is not open any more")
        advice = _("It was answered, its time ran out, or another host took the visit. The visit's page shows which.")
        return _page(Words(title, advice), 409)
    advice = _(
        "Only the lead host, a host that takes part, or a coordinator can do this. The visit's page shows who they are."
    )
    return _page(Words(_("This is not yours to do"), advice), 403)


@blueprint.errorhandler(Invalid)
def on_invalid(error: Invalid) -> Response:
    """A value that no form offers."""
    advice = _("Go back to the visit's page and use the buttons there.")
    return _page(Words(_("We could not read what was sent"), advice), 422)
