"""Larger events in the city that visits are tied to: list, add, change, retire."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from app.city.queries import assumed_fields
from app.core.slugs import free_slug
from app.core.time import now
from app.extensions import db
from app.strategy.models import Occasion
from app.visits.models import Visit
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.checks import BIGGEST_ID
from app.web.coordinator.keeping_forms import OccasionForm
from app.web.host.acting import reader
from app.web.language import page_language
from app.web.meanwhile import held

Page = str | tuple[str, int] | Response


@blueprint.get("/occasions")
@access.for_coordinators
def occasion_list() -> str:
    """Events by date, retired ones after them, with how many visits are tied to each."""
    visits = select(func.count(Visit.id)).where(Visit.occasion_id == Occasion.id).scalar_subquery()
    order = (Occasion.retired_at.is_not(None), Occasion.starts_on.is_(None), Occasion.starts_on, Occasion.id)
    query = select(Occasion, visits).order_by(*order)
    rows = db.session.execute(query).all()
    return render_template("coordinator/occasions.html", rows=rows, assumed=assumed_fields("occasion"))


@blueprint.get("/occasions/new")
@access.for_coordinators
def occasion_new() -> str:
    """An empty form."""
    return _form_page(OccasionForm(), None)


@blueprint.post("/occasions/new")
@access.for_coordinators
def occasion_add() -> Page:
    """Add the event."""
    form = OccasionForm()
    if not form.validate():
        return _form_page(form, None), 422
    occasion = Occasion(slug=free_slug(form.any_name(), set(db.session.scalars(select(Occasion.slug)))))
    form.fill(occasion)
    db.session.add(occasion)
    return _saved(occasion)


@blueprint.get(f"/occasions/<int(max={BIGGEST_ID}):occasion_id>")
@access.for_coordinators
def occasion_page(occasion_id: int) -> str:
    """The form, filled in."""
    occasion = _get(occasion_id)
    return _form_page(_filled_in(occasion), occasion)


def _filled_in(occasion: Occasion) -> OccasionForm:
    """The form as whoever opens it now sees it."""
    form = OccasionForm(formdata=None, obj=occasion)
    form.aliases.data = "\n".join(occasion.aliases)
    return form.showing()


@blueprint.post(f"/occasions/<int(max={BIGGEST_ID}):occasion_id>")
@access.for_coordinators
def occasion_change(occasion_id: int) -> Page:
    """Save the changes."""
    occasion, form = held(Occasion, occasion_id), OccasionForm()
    form.meet(_filled_in(occasion), ("occasion", occasion.id))
    if not form.is_settled():
        return _form_page(form, occasion), form.refusal
    form.fill(occasion)
    form.keep(by=reader(), at=now())
    return _saved(occasion)


@blueprint.post(f"/occasions/<int(max={BIGGEST_ID}):occasion_id>/retire")
@access.for_coordinators
def occasion_retire(occasion_id: int) -> Response:
    """Take it out of the choices; visits tied to it stay tied."""
    occasion = _get(occasion_id)
    occasion.retired_at = occasion.retired_at or now()
    db.session.commit()
    flash(_("%(name)s is no longer offered to visitors.", name=occasion.name_in(page_language())), "success")
    return redirect(url_for("coordinator.occasion_list"), 303)


@blueprint.post(f"/occasions/<int(max={BIGGEST_ID}):occasion_id>/bring-back")
@access.for_coordinators
def occasion_bring_back(occasion_id: int) -> Response:
    """Put it among the choices again."""
    occasion = _get(occasion_id)
    occasion.retired_at = None
    db.session.commit()
    flash(_("%(name)s is offered to visitors again.", name=occasion.name_in(page_language())), "success")
    return redirect(url_for("coordinator.occasion_list"), 303)


def _form_page(form: OccasionForm, occasion: Occasion | None) -> str:
    assumed = assumed_fields("occasion") if occasion else {}
    return render_template("coordinator/occasion.html", form=form, occasion=occasion, assumed=assumed)


def _get(occasion_id: int) -> Occasion:
    return db.session.get(Occasion, occasion_id) or abort(404)


def _saved(occasion: Occasion) -> Response:
    db.session.commit()
    flash(_("%(name)s is saved.", name=occasion.name_in(page_language())), "success")
    return redirect(url_for("coordinator.occasion_list"), 303)
