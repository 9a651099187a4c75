"""Where no programme is possible: every change that is offered is taken by the form and leads to a programme."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests import cast
from tests.web.hosting import Case, Store, open_case

WALK = {"title": "Walk", "host": "byutvikling", "minutes": "60"}
FIRE = {"title": "Fire", "host": "brannvesen", "minutes": "60"}
DECEMBER = {"first_on": "2027-12-08", "last_on": "2027-12-10"}
WEEKS = {"first_on": "2027-12-06", "last_on": "2027-12-15"}
QUESTIONS: dict[str, tuple[list[dict[str, str]], dict[str, str], str]] = {
    "dark": ([WALK | {"daylight": "y"}], DECEMBER, "“Walk” in the dark too"),
    "lunch there": ([WALK | {"serves_lunch": "y"}], DECEMBER, "“Walk” without lunch there"),
    "stay": ([WALK | {"minutes": "120"}] * 3, DECEMBER | {"lunch": "no"}, "Over 3 days"),
    "stops a day": ([FIRE | {"minutes": "15"}] * 6, DECEMBER | {"most": "3", "last_on": "2027-12-08"}, "6 stops a day"),
    "far apart": (
        [FIRE | {"on": "2027-12-07", "starts": "10:00"}, FIRE | {"on": "2027-12-14", "starts": "10:00"}],
        WEEKS | {"stay": "5"},
        "“Fire” at another time",
    ),
}


def offered(case: Case, stops: list[dict[str, str]], rules: dict[str, str]) -> dict[str, str]:
    """The words of each change with its address."""
    values = {f"stops-{n}-{name}": value for n, stop in enumerate(stops) for name, value in stop.items()}
    address = urlencode(values | {"stay": "1", "most": "4", "lunch": "yes", "search": "yes"} | rules)
    page = BeautifulSoup(case.browser(cast.OLA).get(case.url("/suggest?" + address)).data, "html.parser")
    return {str(link.get_text()): str(link["href"]) for link in page.select("li > a.ds-button[href*=suggest]")}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_change_that_is_offered_leads_to_a_programme(app: Flask, store: Store, name: str) -> None:
    case = open_case(app, store, "claimed")
    late, early = ["16:00", "18:00"], ["08:30", "15:30"]
    with store():
        cast.host("byutvikling").opening_hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), late)
        cast.host("brannvesen").opening_hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), early)
    stops, rules, words = QUESTIONS[name]
    links = offered(case, stops, rules)
    assert words in links
    for address in links.values():
        answer = case.browser(cast.OLA).get(address)
        assert answer.status_code == 200
        assert 'name="programme"' in answer.text
