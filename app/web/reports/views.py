"""Pages of figures: the strategy's tree and the report of a year, each figure a link to the visits behind it."""

from __future__ import annotations

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.core.time import now, venue_date
from app.extensions import db
from app.reports import figures
from app.reports.export import as_csv
from app.reports.times import times
from app.strategy.models import Partnership
from app.strategy.queries import EVERY_VISIT, frameworks, goals_of
from app.web import access
from app.web.language import page_language
from app.web.reports import blueprint
from app.web.reports.tables import TABLES, table

FIRST_YEAR = 2000
LAST_YEAR = 2199


def chosen_year(default: int) -> int:
    """The year asked for; 0 is all years, and anything unreadable the default."""
    asked = request.args.get("year", "")
    if asked == "all":
        return 0
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else default
    return year if FIRST_YEAR <= year <= LAST_YEAR else default


def visits_url(figure: str, year: int, **wanted: str) -> str:
    """The list of exactly the visits that a figure counts; `figure` is planned or done."""
    statuses = figures.PLANNED if figure == "planned" else figures.CARRIED_OUT
    span = {"from": f"{year}-01-01", "to": f"{year}-12-31"} if year else {}
    values: dict[str, Any] = {"status": list(statuses), **wanted, **span}
    return url_for("coordinator.visit_list", **values)


def years_around(year: int) -> list[int]:
    """The years offered as links: last year, this one and the next, and the one shown."""
    this = venue_date(now()).year
    return sorted({this - 1, this, this + 1} | ({year} if year else set()))


@blueprint.get("/strategy")
@access.for_hosts
def strategy() -> str:
    """The tree of goals with the number of visits that serve each."""
    year = chosen_year(default=0)
    return render_template(
        "reports/strategy.html",
        year=year,
        years=years_around(year),
        frameworks=frameworks(),
        figures=figures.per_goal(year, current_user),
        nothing=figures.Figure(),
        every_visit=EVERY_VISIT,
        all_visits=figures.all_visits(year, current_user),
        visits_url=visits_url,
    )


@blueprint.get("/reports")
@access.for_hosts
def report() -> str:
    """A year's visits per priority and SDG, host, country and partnership; waiting times; unmet demand."""
    year = chosen_year(default=venue_date(now()).year)
    per_partnership = figures.per_partnership(year, current_user)
    rows = db.session.scalars(select(Partnership).where(Partnership.id.in_(per_partnership)))
    return render_template(
        "reports/report.html",
        year=year,
        years=years_around(year),
        totals=figures.totals(year, current_user),
        priorities=goals_of("priority"),
        sdgs=goals_of("sdg"),
        per_goal=figures.per_goal(year, current_user),
        nothing=figures.Figure(),
        every_visit=EVERY_VISIT,
        all_visits=figures.all_visits(year, current_user),
        per_host=figures.per_host(year, current_user),
        per_country=figures.per_country(year, current_user),
        per_partnership=sorted(
            ((row, per_partnership[row.id]) for row in rows),
            key=lambda pair: (-pair[1].planned - pair[1].done, pair[0].name_in(page_language())),
        ),
        unmet=figures.unmet_demand(year, current_user),
        times=times(year, current_user),
        visits_url=visits_url,
        tables=TABLES,
    )


@blueprint.get("/reports/<string:name>.csv")
@access.for_hosts
def report_csv(name: str) -> Response:
    """One table of the report as a file for a spreadsheet program."""
    if name not in TABLES:
        return Response(_("There is no such table."), status=404, mimetype="text/plain")
    year = chosen_year(default=venue_date(now()).year)
    header, rows = table(name, year, current_user, page_language())
    label = year or "all"
    disposition = f'attachment; filename="vertskap-{name}-{label}.csv"'
    return Response(as_csv(header, rows), mimetype="text/csv", headers={"Content-Disposition": disposition})
