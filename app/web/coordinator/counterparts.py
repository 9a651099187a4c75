"""Counterparts: the organisations that wrote or came, with their visits, hosts and outcomes; look-alikes are merged."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.core.text import clean_line
from app.extensions import db
from app.strategy.models import Counterpart
from app.visits.counterparts import look_alikes, merge_counterparts
from app.visits.memory import counterparts_where, hosts_of, visits_of
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.checks import BIGGEST_ID
from app.web.coordinator.filters import countries
from app.web.coordinator.pages import Rows, page_of

Page = str | tuple[str, int] | Response


def get_counterpart(row_id: int) -> Counterpart:
    """The counterpart with that id; a page that does not exist for any other."""
    return db.session.get(Counterpart, row_id) or abort(404)


@blueprint.get("/counterparts")
@access.for_coordinators
def counterpart_list() -> str:
    """Counterparts by name, narrowed by words and country."""
    text = clean_line(request.args.get("text"))[:200]
    country = clean_line(request.args.get("country"))[:40]
    page = page_of(counterparts_where(text, country), _read)

    def page_url(number: int) -> str:
        return url_for("coordinator.counterpart_list", text=text or None, country=country or None, page=number)

    known = countries()
    return render_template(
        "coordinator/counterparts.html",
        page=page,
        page_url=page_url,
        text=text,
        country=country,
        countries=known,
        unknown=country if country and country.upper() not in dict(known) else "",
    )


def _read(query: Rows) -> list[tuple[Counterpart, int]]:
    return [(counterpart, visits) for counterpart, visits in db.session.execute(query)]


@blueprint.get(f"/counterparts/<int(max={BIGGEST_ID}):counterpart_id>")
@access.for_coordinators
def counterpart_page(counterpart_id: int) -> str | Response:
    """Everything about one organisation; a merged one leads to the one it became."""
    counterpart = get_counterpart(counterpart_id)
    if counterpart.merged_into_id is not None:
        return redirect(url_for("coordinator.counterpart_page", counterpart_id=counterpart.merged_into_id))
    visits = visits_of(counterpart)
    return render_template(
        "coordinator/counterpart.html",
        counterpart=counterpart,
        visits=visits,
        hosts=hosts_of(visits),
        alike=look_alikes(counterpart),
    )


@blueprint.get(f"/counterparts/<int(max={BIGGEST_ID}):counterpart_id>/merge")
@access.for_coordinators
def counterpart_merge_page(counterpart_id: int) -> Page:
    """Both organisations side by side, and which name is kept; without `?other=` a search for the other one."""
    counterpart = get_counterpart(counterpart_id)
    asked = request.args.get("other", "")
    if not asked:
        text = clean_line(request.args.get("text"))[:200]
        found = [one for one, _visits in page_of(counterparts_where(text, ""), _read).rows] if text else []
        others = [one for one in found if one.id != counterpart.id]
        return render_template("coordinator/counterpart_search.html", counterpart=counterpart, text=text, found=others)
    return _compare(counterpart, _other(counterpart, asked))


@blueprint.post(f"/counterparts/<int(max={BIGGEST_ID}):counterpart_id>/merge")
@access.for_coordinators
def counterpart_merge(counterpart_id: int) -> Page:
    """One organisation from now on: the one kept has all visits, and the other's names as aliases."""
    counterpart = get_counterpart(counterpart_id)
    other = _other(counterpart, request.form.get("other", ""))
    rows = {str(one.id): one for one in (counterpart, other)}
    kept = rows.get(request.form.get("keep", ""))
    if kept is None:
        return _compare(counterpart, other, missing=True), 422
    gone = other if kept is counterpart else counterpart
    gone_name, kept_name = gone.name, kept.name
    merge_counterparts(gone, kept)
    db.session.commit()
    flash(_("%(gone)s is now the same organisation as %(kept)s.", gone=gone_name, kept=kept_name), "success")
    return redirect(url_for("coordinator.counterpart_page", counterpart_id=kept.id), 303)


def _other(counterpart: Counterpart, asked: str) -> Counterpart:
    """The other one, which must exist and not be merged yet, as the first must not."""
    if not asked.isdecimal() or len(asked) > 10 or int(asked) > BIGGEST_ID:
        abort(404)
    other = get_counterpart(int(asked))
    if other.id == counterpart.id or other.merged_into_id is not None or counterpart.merged_into_id is not None:
        abort(409)
    return other


def _compare(counterpart: Counterpart, other: Counterpart, missing: bool = False) -> str:
    sides = [(one, visits_of(one)) for one in (counterpart, other)]
    return render_template(
        "coordinator/counterpart_merge.html", counterpart=counterpart, other=other, sides=sides, missing=missing
    )
