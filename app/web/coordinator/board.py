"""The board: open visits in columns by status, with the same filter as the list."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import render_template, request, url_for
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.visits.models import Visit
from app.visits.queries import visits_where
from app.visits.statuses import OPEN, Status
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.filters import FilterForm
from app.web.host.acting import reader

COLUMNS = (*OPEN, Status.COMPLETED)
SHOWN = 12  # cards in a column; the list has the rest


@dataclass(frozen=True, slots=True)
class Column:
    """One status: how many visits, the ones shown, and the address of the list with all of them."""

    status: str
    total: int
    visits: list[Visit]
    list_url: str


@blueprint.get("/board")
@access.for_coordinators
def board() -> str:
    """Where every open visit stands, at one glance."""
    answers = MultiDict(request.args)
    answers.poplist("status")
    form = FilterForm(answers)
    columns = [_column(status, form) for status in COLUMNS] if form.validate() else []
    return render_template("coordinator/board.html", form=form, columns=columns)


def _column(status: Status, form: FilterForm) -> Column:
    wanted = form.wanted
    query = visits_where(replace(wanted, status=(status.value,)), reader())
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    oldest = query.order_by(None).order_by(Visit.submitted_at, Visit.id).limit(SHOWN)
    url = f"{url_for('coordinator.visit_list')}?{form.query(status=status.value)}"
    return Column(status.value, total, list(db.session.scalars(oldest)), url)
