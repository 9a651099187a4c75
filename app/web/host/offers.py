"""Answering an offer: claim, join, decline; and giving a visit back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.errors import AlreadyClaimed, NotAllowed
from app.extensions import db
from app.people.actors import by_user
from app.people.models import Host
from app.visits import lifecycle
from app.visits.models import Offer, Visit
from app.visits.queries import get_visit
from app.visits.rules import host_ids, hosts_to_join_as, is_lead
from app.visits.statuses import PLANNING
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import acting, chosen_host, reader, visit_for
from app.web.host.offer_forms import DeclineOfferForm, ReleaseForm
from app.web.language import page_language

Page = str | tuple[str, int] | Response


def to_visit(visit: Visit, *, section: str = "") -> Response:
    """Back to the visit's page, after something was changed."""
    return redirect(url_for("host.visit_page", ref=visit.ref, _anchor=section or None), 303)


@blueprint.post("/visits/<string:ref>/claim")
@access.for_hosts
def claim(ref: str) -> Page:
    """Take the lead; whoever comes second is told who has it, and may join."""
    visit = get_visit(ref, reader())
    if visit.status in PLANNING and is_lead(reader(), visit):
        flash(_("Your host already has this visit."), "info")
        return to_visit(visit)
    host = chosen_host(_asked_to_lead(visit))
    try:
        lifecycle.claim(visit, host, by=by_user(reader(), host))
    except AlreadyClaimed:
        return _lost(ref)
    db.session.commit()
    flash(_("The visit is yours. Next: plan the programme, then propose it to the visitor."), "success")
    return to_visit(visit, section="programme")


@blueprint.post("/visits/<string:ref>/join")
@access.for_hosts
def join(ref: str) -> Page:
    """Take a part."""
    visit = get_visit(ref, reader())
    candidates = hosts_to_join_as(reader(), visit)
    if not candidates:
        raise NotAllowed("no-open-offer")
    host = chosen_host(candidates)
    lifecycle.join(visit, host, by=by_user(reader(), host))
    db.session.commit()
    flash(
        _("You take part for %(host)s. You can add your own appointments to the programme.", host=_name(host)),
        "success",
    )
    return to_visit(visit, section="programme")


@blueprint.get("/visits/<string:ref>/decline-offer")
@access.for_hosts
def decline_offer_form(ref: str) -> str:
    """Ask why not, and who would be better."""
    visit = get_visit(ref, reader())
    form = _decline_form(visit)
    if any(str(one.id) == request.args.get("offer") for one in _answerable(visit)):
        form.offer.data = request.args["offer"]
    return render_template("host/decline_offer.html", visit=visit, form=form)


@blueprint.post("/visits/<string:ref>/decline-offer")
@access.for_hosts
def decline_offer(ref: str) -> Page:
    """Say no; the host named instead, or the next one, is asked."""
    visit = get_visit(ref, reader())
    form = _decline_form(visit)
    if not form.validate():
        return render_template("host/decline_offer.html", visit=visit, form=form), 422
    offer = next(one for one in _answerable(visit) if str(one.id) == form.offer.data)
    lifecycle.decline_offer(
        visit,
        offer.host,
        part=offer.part,
        reason=form.reason.data,
        text=form.text.data or "",
        better_host=_host(form.better_host.data),
        by=by_user(reader(), offer.host),
    )
    db.session.commit()
    flash(_("You said no to the visit from %(organisation)s.", organisation=visit.organisation), "success")
    return redirect(url_for("host.inbox"), 303)


@blueprint.get("/visits/<string:ref>/release")
@access.for_hosts
def release_form(ref: str) -> str:
    """Ask why, and say what happens to the programme."""
    visit = visit_for(ref, "release")
    return render_template("host/release.html", visit=visit, form=ReleaseForm())


@blueprint.post("/visits/<string:ref>/release")
@access.for_hosts
def release(ref: str) -> Page:
    """Give the visit back, so that other hosts are asked."""
    visit = visit_for(ref, "release")
    form = ReleaseForm()
    if not form.validate():
        return render_template("host/release.html", visit=visit, form=form), 422
    lifecycle.release(visit, reason=form.reason.data, by=acting(visit))
    db.session.commit()
    flash(_("The visit is given back, and others are asked."), "success")
    return to_visit(visit)


def _lost(ref: str) -> tuple[str, int]:
    db.session.rollback()
    visit = get_visit(ref, reader())
    return render_template("host/lost.html", visit=visit, join_as=hosts_to_join_as(reader(), visit)), 409


def _decline_form(visit: Visit) -> DeclineOfferForm:
    offers = _answerable(visit)
    if not offers:
        raise NotAllowed("no-open-offer")
    form = DeclineOfferForm()
    form.offer_choices(offers, _other_hosts(visit))
    if form.offer.data is None:
        form.offer.data = str(offers[0].id)
    return form


def _asked_to_lead(visit: Visit) -> list[Host]:
    mine = host_ids(reader())
    found = [offer.host for offer in visit.offers if offer.part == "lead" and offer.host_id in mine]
    if not found:
        raise NotAllowed("no-open-offer")
    return found


def _answerable(visit: Visit) -> list[Offer]:
    """Offers to the reader's hosts that may still be answered with no; a part that was taken may be given back."""
    mine = host_ids(reader())
    return [offer for offer in visit.offers if offer.host_id in mine and offer.status in ("open", "joined")]


def _other_hosts(visit: Visit) -> list[Host]:
    mine = host_ids(reader())
    rows = db.session.scalars(select(Host).where(Host.retired_at.is_(None)))
    return [host for host in rows if host.id not in mine and host.id != visit.lead_host_id]


def _host(slug: str | None) -> Host | None:
    return db.session.scalar(select(Host).where(Host.slug == slug)) if slug else None


def _name(host: Host) -> str:
    return host.name_in(page_language())
