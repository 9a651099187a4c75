"""The list of all visits: filters with an address of their own, order, count, pages."""

from __future__ import annotations

from flask import render_template, request, url_for
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app.extensions import db
from app.visits.models import Visit, VisitTheme, VisitWindow
from app.visits.queries import visits_where
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.filters import FilterForm
from app.web.coordinator.pages import Page, Rows, page_of
from app.web.host.acting import reader

SHOWN = (selectinload(Visit.theme_links).selectinload(VisitTheme.theme),)


@blueprint.get("/visits")
@access.for_hosts
def visit_list() -> str:
    """Visits the reader sees that fit the filter; a filter that cannot be read shows none and says why."""
    form = FilterForm(request.args)
    page: Page[Visit] = Page([], 0, 1, 1)
    if form.validate():
        found = visits_where(form.wanted, reader()).options(*SHOWN)
        page = page_of(_ordered(found, form.order.data), _read)

    def page_url(number: int) -> str:
        return f"{url_for('coordinator.visit_list')}?{form.query(page=number)}"

    return render_template("coordinator/visits.html", form=form, page=page, page_url=page_url)


def _read(query: Rows) -> list[Visit]:
    return list(db.session.scalars(query))


def _ordered(query: Select[Visit], order: str) -> Select[Visit]:
    if order == "oldest":
        return query.order_by(None).order_by(Visit.submitted_at, Visit.id)
    if order == "dates":
        first = select(func.min(VisitWindow.starts_on)).where(VisitWindow.visit_id == Visit.id).scalar_subquery()
        return query.order_by(None).order_by(first.is_(None), first, Visit.id)
    return query
