"""Occasions and places kept on pages, and the calendar: what a change does to appointments is done at once."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Place
from app.strategy.models import Occasion
from app.visits.programme_models import Appointment, Fragment
from app.visits.scopes import version_of
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.web.office import Office, Store, find_visit, open_office, refs_in, user_called, words_of

PLACE: dict[str, Any] = {"name_nb": "Gamle rådhus", "name_en": "Old Town Hall", "address": "Rådhusgaten 9", "host": ""}


def place_of(session: Session, slug: str) -> Place:
    return session.scalars(select(Place).where(Place.slug == slug)).one()


def form_of(place: Place, **changes: Any) -> dict[str, Any]:
    """What the page's form would send for the place."""
    names = ("name_nb", "name_nn", "name_en", "address", "note", "capacity", "latitude", "longitude")
    sent: dict[str, Any] = {name: getattr(place, name) for name in names}
    sent["host"] = place.host.slug if place.host else ""
    if place.exclusive:
        sent["exclusive"] = "y"
    sent |= changes
    return {name: value for name, value in sent.items() if value is not None}


def two_at(app: Flask, store: Store, slug: str) -> tuple[Office, int, dict[str, Any], tuple[str, str]]:
    """Two visits with appointments at the same hour in that place, which takes any number of groups."""
    office = open_office(app, store)
    with store() as session:
        place = place_of(session, slug)
        ola, siri = user_called(session, cast.OLA), user_called(session, cast.SIRI)
        first, second = make_visit("claimed", user=ola), make_visit("claimed", user=siri, organisation="Tartu")
        make_appointment(first, user=ola, place=place)
        make_appointment(second, user=siri, place=place, start="10:00", end="12:00", title="Fish")
        return office, place.id, form_of(place), (first.ref, second.ref)


def test_place_is_added_with_a_slug_of_its_own(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    for _time in (1, 2):
        answer = office.browser().post("/places/new", data={**PLACE, "latitude": "60,39", "capacity": "12"})
        assert (answer.status_code, answer.location) == (303, "/places")
    with store() as session:
        place = place_of(session, "old-town-hall-2")
        assert (place.name_nb, place.latitude, place.capacity, place.exclusive) == ("Gamle rådhus", 60.39, 12, False)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name_nb": " ", "name_en": ""}, "Write the name in at least one language."),
        ({"latitude": "north"}, "Write the degrees as a number, such as 60.3925."),
        ({"latitude": "91"}, "at most 90 degrees"),
        ({"capacity": "0"}, "Write a number from 1 to 999999."),
        ({"host": "nobody"}, "Choose from the list."),
        ({"address": "<script>alert(1)</script>"}, "Write it as plain text"),
        ({"note": "x" * 100_000}, "Shorten this by 96000 characters."),
    ],
)
def test_place_with_a_mistake_is_refused_beside_its_field(
    app: Flask, store: Store, wrong: dict[str, str], words: str
) -> None:
    office = open_office(app, store)
    answer = office.browser().post("/places/new", data={**PLACE, **wrong})
    assert answer.status_code == 422
    assert words_of(answer.text).count(words) == 2
    assert "Rådhusgaten 9" in answer.text or "address" in wrong


def test_new_name_reaches_calendars_and_raises_what_feeds_show(app: Flask, store: Store) -> None:
    office, place_id, form, (ref, _other) = two_at(app, store, "radhuset")
    with store() as session:
        host_id = cast.host("byutvikling").id
        before = (version_of("all", 0), version_of("host", host_id))
        sequence = find_visit(session, ref).appointments[0].sequence
    browser = office.browser()
    answer = browser.post(f"/places/{place_id}", data={**form, "name_en": "The New Hall"}, follow_redirects=True)
    assert "2 coming appointments show the new name in calendars." in words_of(answer.text)
    with store() as session:
        appointment = find_visit(session, ref).appointments[0]
        texts = session.scalars(
            select(Fragment.body).where(
                Fragment.appointment_id == appointment.id, Fragment.language == "en", Fragment.level == "team"
            )
        ).all()
        assert ["The New Hall" in text.replace("\r\n ", "") for text in texts] == [True]
        assert appointment.sequence == sequence + 1
        assert version_of("all", 0) > before[0]
        assert version_of("host", host_id) > before[1]


def test_note_alone_leaves_calendars_as_they_are(app: Flask, store: Store) -> None:
    office, place_id, form, (_ref, _other) = two_at(app, store, "radhuset")
    with store():
        before = version_of("all", 0)
    assert office.browser().post(f"/places/{place_id}", data={**form, "note": "Ring twice."}).status_code == 303
    with store():
        assert version_of("all", 0) == before


def test_place_for_one_group_is_refused_while_two_would_meet_there(app: Flask, store: Store) -> None:
    office, place_id, form, refs = two_at(app, store, "radhuset")
    answer = office.browser().post(f"/places/{place_id}", data={**form, "exclusive": "y", "note": "Kept"})
    assert answer.status_code == 409
    words = words_of(answer.text)
    assert any(f"of visit {ref} is there" in words for ref in refs)
    assert "Kept" in answer.text
    with store() as session:
        assert place_of(session, "radhuset").exclusive is False
        assert session.scalars(select(Appointment.exclusive_place_id)).all() == [None, None]


def test_place_for_one_group_guards_what_is_planned_already(app: Flask, store: Store) -> None:
    office, place_id, form, (_first, second) = two_at(app, store, "radhuset")
    with store() as session:
        find_visit(session, second).appointments[0].status = "cancelled"
    assert office.browser().post(f"/places/{place_id}", data={**form, "exclusive": "y"}).status_code == 303
    with store() as session:
        live = select(Appointment.exclusive_place_id).where(Appointment.status != "cancelled")
        assert session.scalars(live).all() == [place_id]
    assert office.browser().post(f"/places/{place_id}", data=form).status_code == 303
    with store() as session:
        assert session.scalars(live).all() == [None]


def test_retired_place_comes_back(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        place_id = place_of(session, "radhuset").id
    assert office.browser().post(f"/places/{place_id}/retire").status_code == 303
    assert "Retired" in words_of(office.browser().get("/places").text)
    assert office.browser().post(f"/places/{place_id}/bring-back").status_code == 303
    with store() as session:
        assert place_of(session, "radhuset").retired_at is None


def test_occasion_is_added_changed_and_retired(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    sent = {"name_nb": "Nordsjødagene", "starts_on": "2027-06-08", "ends_on": "10.06.2027"}
    sent["aliases"] = "NSD\n\nNSD\n North "
    assert office.browser().post("/occasions/new", data=sent).status_code == 303
    with store() as session:
        occasion = session.scalars(select(Occasion).where(Occasion.slug == "nordsjodagene")).one()
        assert (occasion.starts_on, occasion.ends_on) == (date(2027, 6, 8), date(2027, 6, 10))
        assert occasion.aliases == ["NSD", "North"]
        path = f"/occasions/{occasion.id}"
    page = office.browser().get(path).text
    assert 'value="2027-06-08"' in page
    assert office.browser().post(path, data={**sent, "name_en": "North Sea Days"}).status_code == 303
    assert office.browser().post(f"{path}/retire").status_code == 303
    with store() as session:
        occasion = session.scalars(select(Occasion).where(Occasion.slug == "nordsjodagene")).one()
        assert (occasion.name_en, occasion.retired_at is not None) == ("North Sea Days", True)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ends_on": "2027-06-07"}, "The last day is before the first."),
        ({"starts_on": "", "ends_on": "2027-06-07"}, "Write the first day too."),
        ({"starts_on": "soon"}, "Write the date as day, month and year"),
        ({"website": "not a site"}, "Write a web address such as www.example.org."),
        ({"name_nb": ""}, "Write the name in at least one language."),
    ],
)
def test_occasion_with_a_mistake_is_refused(app: Flask, store: Store, wrong: dict[str, str], words: str) -> None:
    office = open_office(app, store)
    answer = office.browser().post("/occasions/new", data={"name_nb": "Dagene", "starts_on": "2027-06-08", **wrong})
    assert answer.status_code == 422
    assert words_of(answer.text).count(words) == 2


def test_keeping_is_for_coordinators(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    for path in ("/occasions", "/places", "/places/new", "/occasions/1", "/places/1"):
        assert office.browser(cast.OLA).get(path).status_code == 403
    for path in ("/occasions/99999", "/places/99999999999999999999"):
        assert office.browser().get(path).status_code == 404


def test_calendar_shows_the_month_with_holds_by_word(app: Flask, store: Store, clock: time_machine.Traveller) -> None:
    office = open_office(app, store)
    with store() as session:
        hold = make_visit("planned", user=user_called(session, cast.OLA)).ref
        siri = user_called(session, cast.SIRI)
        sure = make_visit("confirmed", user=siri, organisation="Tartu", themes=[], purpose="Fish.").ref
    for query in ("month=2027-05", "month=2027-05&view=list", "month=2027-05-31&view=x"):
        page = office.browser().get(f"/calendar?{query}").text
        assert set(refs_in(page)) == {hold, sure}
        assert "Hold" in words_of(page)
    page = office.browser().get("/calendar?month=2027-05&view=list").text
    listed = words_of(page)
    assert "Monday 10 May 2027 09:00–11:00 Pipe renewal on site Hold Gemeente Utrecht" in listed
    assert 'href="/calendar?view=list&amp;date=2027-04"' in page
    table = words_of(office.browser().get("/calendar?month=2027-05").text)
    assert "Constitution Day" in table
    assert ("Hold Pipe renewal on site" in table, "Gemeente Utrecht" in table) == (True, True)
    mine = refs_in(office.browser(cast.BRITA).get("/calendar?month=2027-05").text)
    assert hold not in mine or sure not in mine


@pytest.mark.parametrize("month", ["2027", "2027-13", "x" * 500, "1999-12", "2200-01", "%00", "-1"])
def test_calendar_of_no_month_shows_the_present_one_and_says_so(
    app: Flask, store: Store, month: str, clock: time_machine.Traveller
) -> None:
    office = open_office(app, store)
    answer = office.browser().get(f"/calendar?month={month}")
    assert answer.status_code == 200
    words = words_of(answer.text)
    assert "is not a date. A day is written as 2027-06-08, a month as 2027-06." in words
    assert "Calendar: March 2027" in words


def test_calendar_without_appointments_says_so_and_ends_where_calendars_end(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    assert "No appointments in this month." in words_of(office.browser().get("/calendar?month=2199-12").text)
    assert 'rel="next"' not in office.browser().get("/calendar?month=2199-12").text
    assert 'rel="prev"' not in office.browser().get("/calendar?month=2000-01").text
