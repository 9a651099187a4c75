"""Decisions on one visit that need a reason or a choice: each a page that asks, and a POST that does it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import IllegalMove, Invalid, NotAllowed
from app.core.time import now
from app.extensions import db
from app.people.edits import note_edits
from app.people.models import Host
from app.visits import lifecycle
from app.visits.locks import hold
from app.visits.models import Visit
from app.visits.offering import LIVE
from app.visits.statuses import PLANNING
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.checks import find_host
from app.web.coordinator.decision_forms import AskForm, OfferForm, ReassignForm, ReopenForm
from app.web.doubts import questions_for
from app.web.host.acting import acting, reader, visit_for
from app.web.host.refusals import on_illegal_move, on_invalid, on_not_allowed
from app.web.language import page_language
from app.web.meanwhile import SHOWN, changed_words, shown_in

Page = str | tuple[str, int] | Response

blueprint.register_error_handler(IllegalMove, on_illegal_move)
blueprint.register_error_handler(NotAllowed, on_not_allowed)
blueprint.register_error_handler(Invalid, on_invalid)


def to_visit(visit: Visit) -> Response:
    """To the visit's page, after something was changed."""
    return redirect(url_for("host.visit_page", ref=visit.ref), 303)


def _to_offer(ref: str) -> Visit:
    """The visit, when a host may be asked now: for the lead before the claim, for a part after it."""
    visit = visit_for(ref, "write")
    return visit_for(ref, "invite" if visit.status in PLANNING else "offer")


@blueprint.get("/visits/<string:ref>/offer")
@access.for_coordinators
def offer_page(ref: str) -> str:
    """Ask which host, and for what."""
    visit = _to_offer(ref)
    return render_template("coordinator/offer.html", visit=visit, form=OfferForm(visit))


@blueprint.post("/visits/<string:ref>/offer")
@access.for_coordinators
def offer(ref: str) -> Page:
    """Offer the visit to the chosen host; one that was asked already is not asked twice."""
    visit = _to_offer(ref)
    form = OfferForm(visit)
    host = find_host(form.host.data)
    if not form.validate() or host is None:
        return render_template("coordinator/offer.html", visit=visit, form=form), 422
    if words := _asked_already(visit, host, form.part.data):
        form.host.errors = [words]
        return render_template("coordinator/offer.html", visit=visit, form=form), 409
    lifecycle.offer(visit, host, part=form.part.data, text=form.note.data, by=acting(visit))
    db.session.commit()
    flash(_("Asked: %(host)s.", host=host.name_in(page_language())), "success")
    return to_visit(visit)


def _asked_already(visit: Visit, host: Host, part: str) -> str:
    """Why there is nothing to ask this host, or an empty text."""
    if visit.lead_host_id == host.id:
        return str(_("This host already has the lead."))
    if any(one.host_id == host.id and one.part == part and one.status in LIVE for one in visit.offers):
        return str(_("This host is asked already, or takes part already."))
    return ""


@blueprint.get("/visits/<string:ref>/reassign")
@access.for_coordinators
def reassign_page(ref: str) -> str:
    """Ask who gets the lead, and why."""
    visit = visit_for(ref, "reassign")
    return render_template("coordinator/reassign.html", visit=visit, form=ReassignForm(visit))


@blueprint.post("/visits/<string:ref>/reassign")
@access.for_coordinators
def reassign(ref: str) -> Page:
    """Give the lead to another host."""
    visit = visit_for(ref, "reassign")
    hold(visit)
    form = ReassignForm(visit)
    if _is_led_otherwise(visit, form):
        return render_template("coordinator/reassign.html", visit=visit, form=form), 409
    host = find_host(form.host.data)
    if not form.validate() or host is None:
        return render_template("coordinator/reassign.html", visit=visit, form=form), 422
    lifecycle.reassign(visit, host, reason=form.reason.data, by=acting(visit))
    note_edits(("visit", visit.id), ["lead"], by=reader(), at=now())
    db.session.commit()
    flash(_("The lead is with %(host)s now.", host=host.name_in(page_language())), "success")
    return to_visit(visit)


def _is_led_otherwise(visit: Visit, form: ReassignForm) -> bool:
    """Whether somebody else gave the lead away since the page was loaded; then it is said beside the choice."""
    before = shown_in(request.form.get(SHOWN, "")).get("lead")
    if before is None or before == shown_in(form.shown)["lead"]:
        return False
    lead = visit.lead_host.name_in(page_language()) if visit.lead_host else _("none")
    form.host.errors = [changed_words(("visit", visit.id), ["lead"], lead)]
    return True


@blueprint.get("/visits/<string:ref>/reopen")
@access.for_coordinators
def reopen_page(ref: str) -> str:
    """Ask why it is taken up again."""
    visit = visit_for(ref, "reopen")
    return render_template("coordinator/reopen.html", visit=visit, form=ReopenForm())


@blueprint.post("/visits/<string:ref>/reopen")
@access.for_coordinators
def reopen(ref: str) -> Page:
    """Take an ended visit up again: it waits on the triage list."""
    visit = visit_for(ref, "reopen")
    form = ReopenForm()
    if not form.validate():
        return render_template("coordinator/reopen.html", visit=visit, form=form), 422
    lifecycle.reopen(visit, reason=form.reason.data, by=acting(visit))
    db.session.commit()
    flash(_("The visit is open again and waits for a decision."), "success")
    return to_visit(visit)


@blueprint.get("/visits/<string:ref>/ask-visitor")
@access.for_coordinators
def ask_page(ref: str) -> str:
    """Ask for the question; what routing would ask stands there already, in the visitor's language."""
    visit = visit_for(ref, "ask-visitor")
    form = AskForm(body="\n".join(questions_for(visit)))
    return render_template("coordinator/ask.html", visit=visit, form=form)


@blueprint.post("/visits/<string:ref>/ask-visitor")
@access.for_coordinators
def ask_visitor(ref: str) -> Page:
    """Send the question: the response clock stands still until the answer."""
    visit = visit_for(ref, "ask-visitor")
    form = AskForm()
    if not form.validate():
        return render_template("coordinator/ask.html", visit=visit, form=form), 422
    lifecycle.ask_visitor(visit, form.body.data, by=acting(visit))
    db.session.commit()
    flash(_("The visitor is asked. The response clock stands still until the answer."), "success")
    return to_visit(visit)
