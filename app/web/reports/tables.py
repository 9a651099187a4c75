"""The report's tables as rows, for files: header and cells in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from sqlalchemy import select

from app.extensions import db
from app.people.models import User
from app.reports import figures
from app.reports.times import Waiting, times
from app.strategy.models import Partnership
from app.strategy.queries import EVERY_VISIT, goals_of
from app.visits.models import Visit
from app.web.formats import country
from app.web.words import word

TABLES = ("goals", "hosts", "countries", "partnerships", "times", "unmet", "visits")
Row = tuple[object, ...]


def table(name: str, year: int, user: User, language: str) -> tuple[Row, list[Row]]:  # type: ignore[return]
    """Header and rows of the table; the names are those of TABLES."""
    planned, done = _("Planned"), _("Carried out")
    match name:
        case "goals":
            return (_("Goal"), _("Name"), planned, done), list(_goals(year, user, language))
        case "hosts":
            header = (_("Host"), _("Planned as lead"), _("Carried out as lead"), _("Planned as co-host"))
            return (*header, _("Carried out as co-host")), [
                (host.name_in(language), lead.planned, lead.done, part.planned, part.done)
                for host, lead, part in figures.per_host(year, user)
            ]
        case "countries":
            rows = figures.per_country(year, user)
            return (_("Country"), planned, done), [(country(code), one.planned, one.done) for code, one in rows]
        case "partnerships":
            return (_("Partnership"), planned, done), list(_partnerships(year, user, language))
        case "times":
            return (_("Wait"), _("Visits"), _("Median, working days"), _("Nine of ten under")), list(_times(year, user))
        case "unmet":
            return (_("Theme"), _("Reason"), _("Requests")), list(_unmet(year, user, language))
        case "visits":
            first = (_("Reference"), _("Status"), _("Organisation"), _("Country"), _("Lead host"), _("People"))
            return (*first, _("Goals"), _("Achieved")), list(_visits(year, user, language))


def _goals(year: int, user: User, language: str) -> Iterator[Row]:
    found = figures.per_goal(year, user)
    for goal in goals_of("priority", "sdg", "aim", "area"):
        one = found.get(goal.slug, figures.Figure())
        if goal.slug == EVERY_VISIT:
            one = figures.all_visits(year, user)
        yield goal.slug, goal.name_in(language), one.planned, one.done


def _partnerships(year: int, user: User, language: str) -> Iterator[Row]:
    found = figures.per_partnership(year, user)
    for row in db.session.scalars(select(Partnership).where(Partnership.id.in_(found)).order_by(Partnership.id)):
        yield row.name_in(language), found[row.id].planned, found[row.id].done


def _times(year: int, user: User) -> Iterator[Row]:
    found = times(year, user)
    rows: tuple[tuple[str, Waiting], ...] = (
        (_("Request to first answer"), found.to_first_answer),
        (_("Request to confirmed programme"), found.to_confirmation),
    )
    for words, wait in rows:
        yield words, wait.visits, wait.median_days, wait.ninth_decile_days


def _unmet(year: int, user: User, language: str) -> Iterator[Row]:
    for theme, reasons in figures.unmet_demand(year, user):
        for reason, count in sorted(reasons.items(), key=lambda pair: -pair[1]):
            yield theme.name_in(language) if theme else _("No theme"), word("decline_reason", reason), count


def _visits(year: int, user: User, language: str) -> Iterator[Row]:
    """One line a visit, without persons: organisation, host, goals and outcome."""
    query = select(Visit).where(figures.year_of_visits(year, user)).order_by(Visit.submitted_at, Visit.id)
    for visit in db.session.scalars(query):
        host = visit.lead_host.name_in(language) if visit.lead_host else ""
        goals = ", ".join(sorted(link.goal.slug for link in visit.goal_links if link.state != "removed"))
        achieved = visit.outcome.achieved if visit.outcome else ""
        cells = (visit.ref, word("status", visit.status), visit.organisation, country(visit.country), host)
        yield *cells, visit.group_size, goals, achieved
