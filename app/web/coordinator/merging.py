"""Merging two requests that are one: find the other, compare side by side, choose which is kept, confirm."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.errors import IllegalMove, NotFound
from app.core.text import clean_line
from app.extensions import db
from app.visits import lifecycle
from app.visits.memory import merge_candidates, merge_ways
from app.visits.models import Visit
from app.visits.queries import get_visit
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.deciding import to_visit
from app.web.coordinator.decision_forms import MergeForm
from app.web.host.acting import acting, reader

Page = str | tuple[str, int] | Response
NOT_CALLED = 422


@blueprint.get("/visits/<string:ref>/merge")
@access.for_coordinators
def merge_page(ref: str) -> Page:
    """Look-alikes to choose from; with `?other=` the two requests side by side."""
    visit = get_visit(ref, reader())
    form = MergeForm(data={"other": clean_line(request.args.get("other"))[:20]})
    if not form.other.data:
        return _choose(visit, form)
    other = _other(visit, form)
    return _choose(visit, form, NOT_CALLED) if other is None else _compare(visit, other, form)


@blueprint.post("/visits/<string:ref>/merge")
@access.for_coordinators
def merge(ref: str) -> Page:
    """Merge the two; the one chosen to be kept takes over the other's history."""
    visit = get_visit(ref, reader())
    form = MergeForm()
    other = _other(visit, form) if form.validate() else None
    if other is None:
        return _choose(visit, form, 422)
    ways = {kept.ref: (gone, kept) for gone, kept in merge_ways(visit, other)}
    if form.keep.data not in ways:
        form.keep.errors = [_("Choose which of the two is kept.")]
        return _compare(visit, other, form, 422)
    gone, kept = ways[form.keep.data]
    gone_ref = gone.ref
    lifecycle.merge(gone, kept, by=acting(kept))
    db.session.commit()
    done = _("%(gone)s is merged into %(kept)s, with its history and messages.", gone=gone_ref, kept=kept.ref)
    flash(done, "success")
    return to_visit(kept)


def _other(visit: Visit, form: MergeForm) -> Visit | None:
    """The other request; None, with the reason beside the field, when there is none or the two cannot be merged."""
    try:
        other = get_visit(clean_line(form.other.data).upper(), reader())
    except NotFound:
        form.other.errors = [_("There is no request with the reference %(ref)s.", ref=clean_line(form.other.data))]
        return None
    if other.id == visit.id:
        form.other.errors = [_("That is this request itself. Write the reference of the other one.")]
    elif not merge_ways(visit, other):
        form.other.errors = [_("These two cannot be merged: one of them has ended or is planned already.")]
    return None if form.other.errors else other


def _choose(visit: Visit, form: MergeForm, status: int = 200) -> tuple[str, int]:
    candidates = [one for one in merge_candidates(visit) if merge_ways(visit, one)]
    if not candidates and visit.status in ("declined", "merged", "withdrawn", "expired"):
        raise IllegalMove("merge", visit.status)
    return render_template("coordinator/merge_choose.html", visit=visit, form=form, candidates=candidates), status


def _compare(visit: Visit, other: Visit, form: MergeForm, status: int = 200) -> tuple[str, int]:
    ways = merge_ways(visit, other)
    form.keep.choices = [(kept.ref, f"{kept.ref}, {kept.organisation}") for _gone, kept in ways]
    if form.keep.data not in [kept.ref for _gone, kept in ways]:
        form.keep.data = ways[0][1].ref
    page = render_template("coordinator/merge_compare.html", visit=visit, other=other, form=form)
    return page, status
