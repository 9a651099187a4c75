"""The page of suggestions names who is in the way, and offers another place where that alone would do."""

from __future__ import annotations

import re
from datetime import date

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from app.people.models import Place
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.web.hosting import Case, Store, open_case
from tests.web.test_suggesting import PIPES, PUMPS, asks

DAY = {"first_on": "2027-05-11", "last_on": "2027-05-11"}


def book(store: Store, *, start: str, end: str, place: str = "") -> str:
    """Another visit takes that time of Brita's and of the place; her id as the page's form has it."""
    with store() as session:
        brita, ola = cast.bring(cast.BRITA, cast.OLA)
        visit = make_visit("claimed", user=ola)
        room = session.scalars(select(Place).where(Place.slug == place)).one() if place else None
        if room:
            room.exclusive = True
        make_appointment(visit, user=ola if place else brita, day=date(2027, 5, 11), start=start, end=end, place=room)
        return str(brita.id)


def lines(case: Case, *stops: dict[str, str]) -> tuple[list[str], str]:
    answer = case.browser(cast.OLA).get(case.url("/suggest?" + asks(*stops, **DAY)))
    assert answer.status_code == 200
    page = BeautifulSoup(answer.data, "html.parser")
    return [line.get_text() for line in page.select("h3 + ul:not(.stack) li")], answer.text


def test_the_person_who_is_in_the_way_is_named_with_when_she_is_free(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    brita = book(store, start="09:00", end="14:30")
    (line,), _text = lines(case, PUMPS | {"minutes": "90", "contact": brita})
    assert line == ("Tuesday 11 May 2027: “Fire pumps”: Brita Brann is free only 14:30–15:00 (another appointment).")


def test_a_place_that_is_taken_all_day_is_named_and_another_place_is_offered(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    book(store, start="07:00", end="18:00", place="svartediket")
    (line,), page = lines(case, PIPES)
    assert "is not free at all (another appointment)." in line
    assert "No single change is enough" not in page
    link = next(one for one in re.findall(r'href="([^"]*suggest\?[^"]*)"', page) if "stops-0-place=&" in one)
    assert 'name="programme"' in case.browser(cast.OLA).get(link.replace("&amp;", "&")).text
