"""Strategy and report pages: every figure opens exactly the visits it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy.orm import Session

from app.people.actors import by_user
from app.visits import lifecycle
from tests import cast
from tests.factories import make_visit
from tests.harness.web import CarefulClient

Store = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def office(store: Store, client: CarefulClient) -> CarefulClient:
    """Kari's browser, with visits planned, done and declined in 2027, and one planned in 2028."""
    with store():
        kari, ola = cast.bring(cast.KARI, cast.OLA)
        make_visit("reported", user=ola)
        make_visit("claimed", user=ola, country="DE")
        make_visit("claimed", user=ola, windows=[(date(2028, 2, 1), date(2028, 2, 2))])
        declined = make_visit("received", user=ola)
        lifecycle.decline(declined, reason="dates", by=by_user(kari), at=cast.MONDAY + timedelta(hours=5))
        session_id = str(kari.get_id())
    return client.sign_in(session_id)


@pytest.mark.parametrize("page", ["/reports", "/strategy"])
@pytest.mark.parametrize("year", ["2027", "all"])
def test_every_figure_opens_as_many_visits_as_it_says(office: CarefulClient, page: str, year: str) -> None:
    cells = BeautifulSoup(office.get(f"{page}?year={year}").text, "html.parser").select("td.number a")
    assert len(cells) >= 8
    wrong = {}
    for href, figure in {(cell["href"], cell.get_text(strip=True)) for cell in cells}:
        shown = BeautifulSoup(office.get(str(href)).text, "html.parser").get_text(" ", strip=True)
        found = re.search(r"(\d+) visits?\b", shown)
        if found is None or found[1] != figure:
            wrong[str(href)] = (figure, found and found[1])
    assert wrong == {}


@pytest.mark.parametrize("table", ["goals", "hosts", "countries", "times", "unmet", "visits"])
def test_every_table_comes_as_a_file(office: CarefulClient, table: str) -> None:
    answer = office.get(f"/reports/{table}.csv?year=2027")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert answer.data.decode("utf-8-sig").count("\r\n") >= 2


def test_unknown_table_and_unreadable_year_are_no_failure(office: CarefulClient) -> None:
    assert office.get("/reports/secrets.csv").status_code == 404
    assert office.get("/reports?year=-1e9").status_code == 200
    assert office.get("/strategy?year=٢٠٢٧").status_code == 200
