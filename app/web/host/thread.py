"""The conversation on a visit: a message to the visitor, a question that pauses the clock, a note among hosts."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import Invalid
from app.extensions import db
from app.visits import lifecycle
from app.visits.models import Visit
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import acting, check, visit_for
from app.web.host.message_form import MessageForm
from app.web.host.offers import to_visit
from app.web.host.visit import show_visit


@blueprint.post("/visits/<string:ref>/write")
@access.for_hosts
def write(ref: str) -> tuple[str, int] | Response:
    """Add to the conversation."""
    visit = visit_for(ref, "write")
    form = MessageForm(visit)
    if not form.validate():
        return show_visit(visit, message_form=form), 422
    try:
        _say(visit, form)
    except Invalid:  # nothing was left after cleaning
        form.body.errors = [_("Write something first.")]
        return show_visit(visit, message_form=form), 422
    db.session.commit()
    return to_visit(visit, section="messages")


def _say(visit: Visit, form: MessageForm) -> None:
    by = acting(visit)
    if form.kind.data == "question":
        check(visit, "ask-visitor")
        lifecycle.ask_visitor(visit, form.body.data, by=by)
        flash(_("The visitor is asked. The response clock stands still until the answer."), "success")
    else:
        lifecycle.write(visit, form.body.data, by=by, kind=form.kind.data)
        words = _("Your note is added.") if form.kind.data == "note" else _("Your message is sent to the visitor.")
        flash(words, "success")
