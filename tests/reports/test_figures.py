"""The figures of a year are counts of the visits that the list shows for the same filter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.people.actors import by_user
from app.people.models import User
from app.reports import figures
from app.reports.export import as_csv, safe_cell
from app.reports.times import times
from app.strategy.models import Goal
from app.visits import lifecycle
from app.visits.queries import VisitFilter, visits_where
from tests import cast
from tests.factories import make_visit

pytestmark = pytest.mark.usefixtures("session")


def goal(slug: str) -> Goal:
    return db.session.scalars(select(Goal).where(Goal.slug == slug)).one()


def listed(user: User, **wanted: object) -> int:
    query = visits_where(VisitFilter(**wanted), user)  # type: ignore[arg-type]
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0


@pytest.fixture
def year(session: object) -> tuple[User, User]:
    """A coordinator and a host with a year: one reported, one confirmed, one declined, one in another year."""
    kari, ola = cast.bring(cast.KARI, cast.OLA)
    for step in ("reported", "claimed"):
        visit = make_visit(step, user=ola)
        lifecycle.correct_goals(visit, [goal("1.3"), goal("sdg-6")], by=by_user(kari))
    declined = make_visit("received", user=ola, country="DE")
    lifecycle.decline(declined, reason="no-capacity", by=by_user(kari), at=cast.MONDAY + timedelta(hours=5))
    make_visit("offered", user=ola, windows=[(date(2028, 2, 1), date(2028, 2, 2))])
    return kari, ola


def test_totals_of_a_year(year: tuple[User, User]) -> None:
    assert figures.totals(2027, year[0]) == figures.Totals(
        requests=3, planned=1, done=1, declined=1, called_off=0, people=7
    )


def test_figure_of_a_goal_counts_the_goals_under_it_once(year: tuple[User, User]) -> None:
    found = figures.per_goal(2027, year[0])
    one = figures.Figure(planned=1, done=1)
    assert (found["1.3"], found["part-1"], found["sdg-6"]) == (one, one, one)


def test_every_figure_opens_as_many_visits_as_it_says(year: tuple[User, User]) -> None:
    span = {"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}
    for slug, figure in figures.per_goal(2027, year[0]).items():
        assert listed(year[0], goal=slug, status=figures.PLANNED, **span) == figure.planned, slug
        assert listed(year[0], goal=slug, status=figures.CARRIED_OUT, **span) == figure.done, slug
    for country, figure in figures.per_country(2027, year[0]):
        assert listed(year[0], country=country, status=figures.CARRIED_OUT, **span) == figure.done


def test_other_year_is_counted_apart(year: tuple[User, User]) -> None:
    assert figures.totals(2028, year[0]).requests == 1
    assert figures.totals(0, year[0]).requests == 4


def test_removed_goal_no_longer_counts(year: tuple[User, User]) -> None:
    kari, _ = year
    visit = db.session.scalars(visits_where(VisitFilter(status=("claimed",)), kari)).one()
    lifecycle.correct_goals(visit, [goal("2.1")], by=by_user(kari))
    found = figures.per_goal(2027, kari)
    assert (found["1.3"], found["2.1"]) == (figures.Figure(done=1), figures.Figure(planned=1))


def test_host_figures_tell_lead_from_part(year: tuple[User, User]) -> None:
    rows = {host.slug: (lead, part) for host, lead, part in figures.per_host(2027, year[0])}
    assert rows["byutvikling"] == (figures.Figure(planned=1, done=1), figures.Figure())


def test_unmet_demand_is_counted_per_theme_and_reason(year: tuple[User, User]) -> None:
    rows = {theme.slug if theme else "": reasons for theme, reasons in figures.unmet_demand(2027, year[0])}
    assert rows["water"] == {"no-capacity": 1}


def test_waiting_times_are_working_days(year: tuple[User, User]) -> None:
    found = times(2027, year[0])
    assert (found.to_first_answer.visits, found.to_confirmation.visits) == (3, 1)
    assert found.to_first_answer.in_time == 3


def test_host_counts_only_visits_it_sees(year: tuple[User, User]) -> None:
    (brita,) = cast.bring(cast.BRITA)
    assert figures.totals(0, brita).requests == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", " =1", "'=1", "\x00=1"])
def test_cell_that_begins_a_formula_is_quoted(text: str) -> None:
    assert safe_cell(text) == "'" + text


def test_csv_is_utf8_with_mark_and_semicolons() -> None:
    assert as_csv(["Mål", "n"], [('Å; "b"', 2)]) == '\ufeffMål;n\r\n"Å; ""b""";2\r\n'.encode()
