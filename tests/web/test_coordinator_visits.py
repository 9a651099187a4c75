"""The list of visits, the board and registering a request: filters with stable addresses, counts, bad input."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.visits.models import Visit
from tests import cast
from tests.factories import make_visit
from tests.web.office import Store, find_visit, open_office, refs_in, user_called, words_of
from tests.web.visitor_form import DELEGATION, VISIT, WHEN, WHO

NEW = {**WHO, **DELEGATION, **VISIT, **WHEN, "language": "nn"}


def three_visits(store: Store) -> dict[str, str]:
    """A Dutch one about water at Ola's, a Danish one about food at Siri's, one that is only received."""
    with store() as session:
        ola, siri = user_called(session, cast.OLA), user_called(session, cast.SIRI)
        dutch = make_visit("planned", user=ola)
        danish = make_visit(
            "claimed",
            user=siri,
            at=cast.MONDAY + timedelta(days=1),
            organisation="Aarhus Kommune",
            country="DK",
            themes=["gastronomy"],
            head_title="",
            purpose="Local food and restaurants.",
            windows=[(date(2027, 9, 1), date(2027, 9, 3))],
        )
        return {"dutch": dutch.ref, "danish": danish.ref}


def test_list_shows_newest_first_with_a_count(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    refs = three_visits(store)
    page = office.browser().get("/visits").text
    assert refs_in(page) == [refs["danish"], refs["dutch"]]
    assert "2 visits" in words_of(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=claimed&status=received", ["danish", "dutch"]),
        ("status=confirmed", []),
        ("host=byutvikling", ["dutch"]),
        ("theme=gastronomy", ["danish"]),
        ("country=NL", ["dutch"]),
        ("country=nl", ["dutch"]),
        ("country=SE", []),
        ("from=2027-05-10&to=2027-05-10", ["dutch"]),
        ("from=2027-05-11&to=2027-05-31", []),
        ("from=01.09.2027", ["danish"]),
        ("text=aarhus+restaurants", ["danish"]),
        ("order=oldest", ["dutch", "danish"]),
        ("order=dates", ["dutch", "danish"]),
        ("page=99", ["danish", "dutch"]),
        ("page=x&text=&host=", ["danish", "dutch"]),
    ],
)
def test_filter_narrows_the_list(app: Flask, store: Store, query: str, found: list[str]) -> None:
    office = open_office(app, store)
    refs = three_visits(store)
    answer = office.browser().get(f"/visits?{query}")
    assert answer.status_code == 200
    assert refs_in(answer.text) == [refs[name] for name in found]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("host=nobody", "There is no “nobody” here."),
        ("theme=%3Cb%3Ex", "There is no “<b>x” here."),
        ("goal=9.9", "There is no “9.9” here."),
        ("partnership=mars", "There is no “mars” here."),
        ("country=Narnia", "There is no “Narnia” here."),
        ("status=dreaming", "There is no status “dreaming”."),
        ("from=yesterday", "Write the date as day, month and year"),
        ("order=random", "There is no “random” here."),
        ("text=" + "x" * 300, "Shorten this by 100 characters."),
        ("text=%00%E2%80%AE", "hidden signs"),
    ],
)
def test_filter_that_cannot_be_read_says_why_and_shows_nothing(
    app: Flask, store: Store, query: str, words: str
) -> None:
    office = open_office(app, store)
    three_visits(store)
    answer = office.browser().get(f"/visits?{query}")
    assert answer.status_code == 200
    assert words in words_of(answer.text)
    assert refs_in(answer.text) == []
    board = office.browser().get(f"/board?{query}")
    assert board.status_code == 200


def test_filter_has_one_address_without_what_was_left_empty(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    three_visits(store)
    page = office.browser().get("/visits?theme=&host=byutvikling&text=&order=newest&status=claimed").text
    assert 'href="/board?host=byutvikling&amp;status=claimed"' in page
    assert "Host: Department of Urban Development; Status: Being planned" in words_of(page)


def test_hosts_see_only_their_own_visits(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    refs = three_visits(store)
    assert refs["danish"] not in refs_in(office.browser(cast.OLA).get("/visits").text)
    assert refs_in(office.browser(cast.BRITA).get("/visits").text) == []
    assert office.browser(cast.ADA).get("/visits").status_code == 403


def test_long_list_has_pages_that_keep_the_filter(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        siri = user_called(session, cast.SIRI)
        for number in range(27):
            make_visit("received", user=siri, organisation=f"Stadt {number}", at=cast.MONDAY)
    first = office.browser().get("/visits?country=NL").text
    assert len(refs_in(first)) == 25
    assert "27 visits 1 to 25 are shown." in words_of(first)
    assert 'href="/visits?country=NL&amp;page=2"' in first
    assert len(refs_in(office.browser().get("/visits?country=NL&page=2").text)) == 2


def test_board_has_a_column_for_each_open_status_and_leads_to_the_list(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    refs = three_visits(store)
    page = office.browser().get("/board?host=byutvikling").text
    assert refs_in(page) == [refs["dutch"]]
    assert "Being planned (1)" in words_of(page)
    assert "Confirmed (0) None" in words_of(page)


def test_registered_request_is_received_routed_and_counts_as_the_coordinators(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    key = re.findall(r'name="key" value="([^"]{32})"', office.browser().get("/visits/new").text)
    sent = NEW | {"key": key[0]}
    answer = office.browser().post("/visits/new", data=sent)
    assert office.browser().post("/visits/new", data=sent).location == answer.location
    assert answer.status_code == 303
    ref = answer.location.rsplit("/", 1)[1]
    with store() as session:
        visit = find_visit(session, ref)
        assert visit.activities[0].verb == "register"
        assert (visit.source, visit.language, visit.group_size) == ("coordinator", "nn", 7)
        assert next((w.starts_on, w.ends_on) for w in visit.windows) == (date(2027, 5, 10), date(2027, 5, 12))
        assert {link.theme.slug for link in visit.theme_links} >= {"water", "climate"}
        assert visit.decision in ("route", "coordinator-review")


def test_request_with_mistakes_keeps_what_was_typed_and_names_each(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    wrong = {**NEW, "contact_email": "nobody", "group_size": "many", "starts_on_1": "2027-99-99", "purpose": " "}
    answer = office.browser().post("/visits/new", data=wrong)
    assert answer.status_code == 422
    words = words_of(answer.text)
    for expected in (
        "Write an e-mail address such as name@example.org.",
        "Write a whole number in digits, such as 12.",
        "Write the date as day, month and year, such as 08.06.2027.",
        "Write in a few sentences what the visit is for.",
    ):
        assert words.count(expected) == 2, expected
    assert 'value="many"' in answer.text
    assert 'value="2027-99-99"' in answer.text
    with store() as session:
        assert session.scalars(select(Visit)).all() == []


def test_empty_and_oversized_requests_are_refused_gently(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    empty = office.browser().post("/visits/new", data={})
    assert (empty.status_code, "Write the name of the contact." in empty.text) == (422, True)
    assert "Your name" not in empty.text
    huge = {**NEW, "purpose": "x" * 100_000, "organisation": "\u202egpj.exe", "themes": ["water", "nonsense"]}
    answer = office.browser().post("/visits/new", data=huge)
    assert answer.status_code == 422
    assert "Choose from the list. What was sent is not in it." in words_of(answer.text)
