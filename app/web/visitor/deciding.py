"""What the visitor decides: accept the programme, ask for a change, call the visit off."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import IllegalMove, Invalid
from app.extensions import db
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.statuses import is_legal
from app.web import access
from app.web.visitor import blueprint
from app.web.visitor.links import visit_for
from app.web.visitor.page import PageForms, show
from app.web.visitor.page_forms import ChangeForm, WithdrawForm
from app.web.visitor.programme import mark_of, shown
from app.web.visitor.stale import is_stale
from app.web.words import word


@blueprint.post("/v/<string:token>/accept")
@access.for_link_holders
def accept(token: str) -> ResponseReturnValue:
    """Accept the programme as it was on the page; a newer one is shown first."""
    visit = visit_for(token)
    if is_stale():
        return show(visit, token, PageForms(refusals=[once_more()]))
    if visit.status == "proposed" and request.form.get("mark") != mark_of(shown(visit)):
        changed = _("The programme was changed after you opened the page. This is how it stands now: look at it again.")
        return show(visit, token, PageForms(refusals=[changed])), 409
    try:
        lifecycle.accept(visit)
        db.session.commit()
    except IllegalMove:
        return refused(visit, token)
    except Invalid:
        return days_passed(visit, token)
    flash(_("Thank you. The hosts have been told that you accept."), "success")
    return to_page(token)


@blueprint.post("/v/<string:token>/ask-for-change")
@access.for_link_holders
def ask_for_change(token: str) -> ResponseReturnValue:
    """Say what should be different."""
    visit, forms = visit_for(token), PageForms(change=ChangeForm())
    if is_stale():
        forms.refusals = [once_more()]
        return show(visit, token, forms)
    if not forms.change.validate():
        return show(visit, token, forms), 422
    try:
        lifecycle.ask_for_change(visit, text=forms.change.wish.data)
        db.session.commit()
    except IllegalMove:
        return refused(visit, token, forms)
    flash(_("Your wish is with the host."), "success")
    return to_page(token)


@blueprint.get("/v/<string:token>/withdraw")
@access.for_link_holders
def withdraw(token: str) -> ResponseReturnValue:
    """Ask whether the visit shall really be called off."""
    visit = visit_for(token)
    if not is_legal("withdraw", visit.status):
        return to_page(token)
    return render_template("visitor/withdraw.html", visit=visit, token=token, form=WithdrawForm(formdata=None))


@blueprint.post("/v/<string:token>/withdraw")
@access.for_link_holders
def withdraw_visit(token: str) -> ResponseReturnValue:
    """Call the visit off: the hosts are told, all appointments cancelled."""
    visit, form = visit_for(token), WithdrawForm()
    if is_stale() or not form.validate():
        said = [once_more()] if is_stale() else []
        page = render_template("visitor/withdraw.html", visit=visit, token=token, form=form, refusals=said)
        return page, 200 if is_stale() else 422
    try:
        lifecycle.withdraw(visit, text=form.reason.data or "")
        db.session.commit()
    except IllegalMove:
        return refused(visit, token)
    return to_page(token)


def refused(visit: Visit, token: str, forms: PageForms | None = None) -> tuple[str, int]:
    """The page as it stands now, saying that the wish came too late; what was typed is kept."""
    db.session.rollback()
    db.session.refresh(visit)
    forms = forms or PageForms()
    state = word("status", visit.status)
    words = _("That is not possible any more: the visit now stands as “%(status)s”. Nothing was changed.", status=state)
    forms.refusals = [words]
    return show(visit, token, forms), 409


def days_passed(visit: Visit, token: str) -> tuple[str, int]:
    """The page as it stands now, saying that there is nothing left to accept."""
    db.session.rollback()
    words = _("All days of this programme have passed, so it can no longer be accepted. Nothing was changed.")
    return show(visit, token, PageForms(refusals=[words])), 409


def once_more() -> str:
    """For a form whose token was too old."""
    return _("This page was open for a long time. Nothing is lost: press the button once more.")


def to_page(token: str, section: str | None = None) -> Response:
    """Back to the visitor's page, at one of its sections."""
    return redirect(url_for("visitor.page", token=token, _anchor=section), 303)
