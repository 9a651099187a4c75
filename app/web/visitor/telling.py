"""What the visitor tells: messages, answers, and who comes."""

from __future__ import annotations

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.core.errors import IllegalMove, Invalid, NotFound
from app.extensions import db
from app.people.actors import VISITOR
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Delegate
from app.visits.statuses import is_legal
from app.visits.talking import is_waiting_for_visitor
from app.web import access
from app.web.numbers import BIGGEST_ID
from app.web.visitor import blueprint
from app.web.visitor.deciding import once_more, refused, to_page
from app.web.visitor.links import visit_for
from app.web.visitor.page import PageForms, show
from app.web.visitor.page_forms import DelegateForm, MessageForm
from app.web.visitor.stale import is_stale

MOST_MESSAGES = 500


@blueprint.post("/v/<string:token>/messages")
@access.for_link_holders
def write(token: str) -> ResponseReturnValue:
    """Write to the host; the answer where the visitor was asked something."""
    visit, forms = visit_for(token), PageForms(message=MessageForm())
    if is_stale() or len(visit.messages) >= MOST_MESSAGES:
        forms.refusals = [once_more() if is_stale() else _("There are too many messages on this visit.")]
        return show(visit, token, forms)
    if not forms.message.validate():
        return show(visit, token, forms), 422
    try:
        _say(visit, forms.message.body.data)
        db.session.commit()
    except IllegalMove:
        return refused(visit, token, forms)
    flash(_("Your message is sent."), "success")
    return to_page(token, "messages")


def _say(visit: Visit, body: str) -> None:
    if is_waiting_for_visitor(visit) and is_legal("answer", visit.status):
        lifecycle.answer(visit, body)
    else:
        lifecycle.write(visit, body, by=VISITOR)


@blueprint.post("/v/<string:token>/delegates")
@access.for_link_holders
def add_delegate(token: str) -> ResponseReturnValue:
    """Enter one person who comes."""
    visit, forms = visit_for(token), PageForms(delegate=DelegateForm())
    if is_stale():
        forms.refusals = [once_more()]
        return show(visit, token, forms)
    if not forms.delegate.validate():
        return show(visit, token, forms), 422
    try:
        _add(visit, forms.delegate)
        db.session.commit()
    except Invalid as refusal:
        db.session.rollback()
        if refusal.code == "too-many":
            forms.delegate.name.errors = [_("The list is full. Write to your host about the others.")]
        else:
            forms.delegate.consent.errors = [_("Ask the person first, and tick this. Or leave the needs empty.")]
        return show(visit_for(token), token, forms), 422
    except IllegalMove:
        return refused(visit, token, forms)
    flash(_("%(name)s is on the list.", name=forms.delegate.name.data), "success")
    return to_page(token, "delegates")


def _add(visit: Visit, form: DelegateForm) -> None:
    lifecycle.add_delegate(
        visit, name=form.name.data, title=form.title.data or "", needs=form.needs.data or "", consent=form.consent.data
    )


@blueprint.post(f"/v/<string:token>/delegates/<int(max={BIGGEST_ID}):delegate_id>/remove")
@access.for_link_holders
def remove_delegate(token: str, delegate_id: int) -> ResponseReturnValue:
    """Take one person off the list."""
    visit = visit_for(token)
    if is_stale():
        return show(visit, token, PageForms(refusals=[once_more()]))
    delegate = db.session.get(Delegate, delegate_id)
    if delegate is None or delegate.visit_id != visit.id:
        raise NotFound()
    name = delegate.name
    try:
        lifecycle.remove_delegate(visit, delegate)
        db.session.commit()
    except IllegalMove:
        return refused(visit, token)
    flash(_("%(name)s is no longer on the list.", name=name), "success")
    return to_page(token, "delegates")
