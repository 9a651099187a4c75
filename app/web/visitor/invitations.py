"""How the visitor's appointments reach their calendar: together, an invitation for each, or not by mail."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.time import now
from app.extensions import db
from app.notifications.inviting import choose_invitations
from app.web import access
from app.web.visitor import blueprint
from app.web.visitor.deciding import once_more, to_page
from app.web.visitor.links import visit_for
from app.web.visitor.page import PageForms, show
from app.web.visitor.page_forms import InvitationsForm
from app.web.visitor.stale import is_stale


@blueprint.post("/v/<string:token>/invitations")
@access.for_link_holders
def choose(token: str) -> ResponseReturnValue:
    """Keep the choice; who wants one for each gets them now for what is confirmed already."""
    visit, form = visit_for(token), InvitationsForm()
    forms = PageForms(invitations=form)
    if is_stale():
        forms.refusals = [once_more()]
        return show(visit, token, forms)
    if not form.validate():
        return show(visit, token, forms), 422
    choose_invitations(visit, form.invitations.data, at=now())
    db.session.commit()
    flash(_("Your choice is saved."), "success")
    return to_page(token, "programme")
