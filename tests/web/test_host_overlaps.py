"""Overlaps in the programme: what is hit is named, and no more of it than the reader may know."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.time import in_venue
from app.people.models import Place, User
from tests import cast
from tests.factories import make_appointment
from tests.web.hosting import Store, find_visit, open_case
from tests.web.stop_forms import WALL, other_visit, planned, user_id


def test_overlap_names_what_it_hits_and_keeps_the_input(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ref = other_visit(case, seen=True)
    data = WALL | {"contact": user_id(case, cast.OLA)}
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=data)
    assert answer.status_code == 409
    words = f"Ola Overvann is taken: “Harbour walk” (visit {ref}), Monday 10 May 2027, 10:00–12:00, Bergen."
    assert answer.text.count(words) == 2
    assert 'value="Øvre Dreggsallmenningen"' in answer.text
    assert planned(case) == []


def test_overlap_with_a_visit_the_reader_may_not_see_tells_no_reference_and_no_title(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ref = other_visit(case, seen=False)
    with store() as session:  # the stop is another host's; only its contact person is ours
        visit = find_visit(session, ref)
        assert [stop.host.slug for stop in visit.appointments] == ["naeringsklyngene"]
    data = WALL | {"contact": user_id(case, cast.OLA)}
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=data)
    assert (answer.status_code, ref in answer.text, "Harbour walk" in answer.text) == (409, False, False)
    words = "Ola Overvann is busy Monday 10 May 2027, 10:00–12:00, Bergen. Choose another time or another person."
    assert answer.text.count(words) == 2


@pytest.mark.parametrize(
    ("language", "name"), [("en", "The council chamber"), ("nb", "Bystyresalen"), ("nn", "Bystyresalen i Bergen")]
)
def test_overlap_names_the_place_in_the_readers_language(app: Flask, store: Store, language: str, name: str) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        place = session.scalars(select(Place).where(Place.exclusive).order_by(Place.id)).first()
        place.name_en, place.name_nb, place.name_nn = "The council chamber", "Bystyresalen", "Bystyresalen i Bergen"
        slug, ola = place.slug, session.scalars(select(User).where(User.email == cast.OLA.email)).one()
        make_appointment(find_visit(session, case.ref), user=ola, place=place)
    browser = case.browser(cast.OLA)
    browser.set_cookie("lang", language)
    answer = browser.post(case.url("/appointments/new"), data=WALL | {"place": slug})
    taken = {"en": "is taken: ", "nb": "er opptatt: ", "nn": "er oppteken: "}[language]
    assert (answer.status_code, f"{name} {taken}" in answer.text) == (409, True)


def test_overlap_at_a_place_is_said_beside_the_place(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        place = session.scalars(select(Place).where(Place.exclusive)).first()
        slug = place.slug
        ola = session.scalars(select(User).where(User.email == cast.OLA.email)).one()
        make_appointment(find_visit(session, case.ref), user=ola, place=place)
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | {"place": slug})
    assert answer.status_code == 409
    assert 'id="place-error"' in answer.text


def test_moving_an_appointment_onto_another_is_refused_and_nothing_changes(app: Flask, store: Store) -> None:
    case = open_case(app, store, "planned")
    with store() as session:
        visit = find_visit(session, case.ref)
        second = make_appointment(visit, user=visit.lead_user, start="13:00", end="14:00", title="Lunch")
        url = case.url(f"/appointments/{second.id}")
    data = WALL | {"title": "Lunch", "starts": "10:30", "ends": "11:30", "contact": user_id(case, cast.OLA)}
    answer = case.browser(cast.OLA).post(url, data=data)
    assert answer.status_code == 409
    with store() as session:
        times = [in_venue(stop.starts_at).strftime("%H:%M") for stop in find_visit(session, case.ref).appointments]
        assert times == ["09:00", "13:00"]
