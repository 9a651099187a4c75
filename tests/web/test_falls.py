"""Somebody falls out: looking changes nothing; carrying it out is all or nothing, with a reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.calendars.models import BusyBlock, ExternalCalendar
from app.people.actors import by_user
from app.people.models import User
from app.visits import lifecycle
from app.visits.programme_models import Appointment
from tests import cast
from tests.factories import make_appointment
from tests.web.hosting import Case, Store, find_visit, open_case


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    """Ola receives on Monday and Tuesday, Siri's host takes a part on Monday afternoon."""
    case = open_case(app, store, "planned")
    with store() as session:
        visit = find_visit(session, case.ref)
        siri = session.scalars(select(User).where(User.email == cast.SIRI.email)).one()
        ola = visit.lead_user
        make_appointment(visit, user=ola, day=date(2027, 5, 11), title="Tunnel")
        part = make_appointment(
            visit, user=ola, host=siri.hosts[0], contact=siri, start="13:00", end="14:00", title="Fish"
        )
        lifecycle.accept_part(part, by=by_user(siri, siri.hosts[0]))
    return case


def stops(case: Case) -> dict[str, tuple[str, str, str]]:
    with case.store() as session:
        found = find_visit(session, case.ref).appointments
        return {one.title: (one.status, one.host.slug, one.contact.name if one.contact else "") for one in found}


def ids(case: Case) -> dict[str, int]:
    with case.store() as session:
        return {one.title: one.id for one in find_visit(session, case.ref).appointments}


def user_id(case: Case, person: cast.Person) -> int:
    with case.store() as session:
        return session.scalars(select(User.id).where(User.email == person.email)).one()


def test_looking_shows_what_falls_and_changes_nothing(case: Case) -> None:
    before = stops(case)
    address = case.url(f"/what-falls?who=person:{user_id(case, cast.OLA)}&on=2027-05-10")
    page = case.browser(cast.OLA).get(address).text
    numbers = ids(case)
    assert f'name="stop-{numbers["Pipe renewal on site"]}"' in page
    assert f'name="stop-{numbers["Tunnel"]}"' not in page
    assert "The visitor has not been shown these stops and is not told." in page
    assert stops(case) == before


def test_person_hands_over_one_stop_and_another_is_removed(case: Case) -> None:
    numbers = ids(case)
    form = {
        "who": f"person:{user_id(case, cast.OLA)}",
        "reason": "Ill",
        f"stop-{numbers['Pipe renewal on site']}": f"person:{user_id(case, cast.ULRIK)}",
        f"stop-{numbers['Tunnel']}": "remove",
    }
    assert case.browser(cast.OLA).post(case.url("/what-falls"), data=form).status_code == 303
    assert stops(case) == {
        "Pipe renewal on site": ("hold", "byutvikling", cast.ULRIK.name),
        "Tunnel": ("cancelled", "byutvikling", cast.OLA.name),
        "Fish": ("hold", "naeringsklyngene", cast.SIRI.name),
    }
    with case.store() as session:
        reasons = [one.reason for one in find_visit(session, case.ref).activities[-2:]]
    assert reasons == ["Ill", "Ill"]


def test_host_that_leaves_gives_its_stop_to_a_host_that_is_asked(case: Case) -> None:
    form = {"who": "host:naeringsklyngene", "reason": "Strike", f"stop-{ids(case)['Fish']}": "host:brannvesen"}
    assert case.browser(cast.OLA).post(case.url("/what-falls"), data=form).status_code == 303
    assert stops(case)["Fish"] == ("hold", "brannvesen", "")
    number = ids(case)["Fish"]
    with case.store() as session:
        assert session.get_one(Appointment, number).answer == "asked"


def test_host_that_leaves_altogether_gives_its_joined_part_back(case: Case) -> None:
    case.browser(cast.BRITA).post(case.url("/join"), data={"host": "brannvesen"})
    brita_id = user_id(case, cast.BRITA)
    with case.store() as session:
        visit = find_visit(session, case.ref)
        brita = session.get_one(User, brita_id)
        make_appointment(visit, user=brita, title="Fire")
    form = {"who": "host:brannvesen", "reason": "On call", f"stop-{ids(case)['Fire']}": "remove"}
    assert case.browser(cast.BRITA).post(case.url("/what-falls"), data=form).status_code == 303
    with case.store() as session:
        offers = {one.host.slug: one.status for one in find_visit(session, case.ref).offers}
    assert offers["brannvesen"] == "declined"


def test_nothing_is_done_without_a_reason_and_what_was_chosen_stays(case: Case) -> None:
    before, number = stops(case), ids(case)["Fish"]
    form = {"who": "host:naeringsklyngene", "reason": " ", f"stop-{number}": "host:brannvesen"}
    answer = case.browser(cast.OLA).post(case.url("/what-falls"), data=form)
    assert answer.status_code == 422
    assert 'value="host:brannvesen" selected' in answer.text
    assert stops(case) == before


def test_person_who_was_taken_meanwhile_stops_all_of_it(case: Case) -> None:
    numbers, ulrik_id = ids(case), user_id(case, cast.ULRIK)
    with case.store() as session:
        visit = find_visit(session, case.ref)
        ulrik = session.get_one(User, ulrik_id)
        make_appointment(visit, user=ulrik, day=date(2027, 5, 11), title="Dentist")
    before = stops(case)
    form = {
        "who": f"person:{user_id(case, cast.OLA)}",
        "reason": "Ill",
        f"stop-{numbers['Pipe renewal on site']}": "remove",
        f"stop-{numbers['Tunnel']}": f"person:{user_id(case, cast.ULRIK)}",
    }
    answer = case.browser(cast.OLA).post(case.url("/what-falls"), data=form)
    assert (answer.status_code, stops(case)) == (409, before)
    assert "Dentist" in answer.text


def test_stop_added_meanwhile_asks_for_another_look(case: Case) -> None:
    form = {"who": f"person:{user_id(case, cast.OLA)}", "reason": "Ill", f"stop-{ids(case)['Tunnel']}": "remove"}
    assert case.browser(cast.OLA).post(case.url("/what-falls"), data=form).status_code == 409
    assert {status for status, _host, _who in stops(case).values()} == {"hold"}


def test_a_host_that_takes_part_decides_for_itself_only(case: Case) -> None:
    siri = case.browser(cast.SIRI)
    assert "naeringsklyngene" in siri.get(case.url("/what-falls")).text
    assert 'value="host:byutvikling"' not in siri.get(case.url("/what-falls")).text
    form = {"who": f"person:{user_id(case, cast.OLA)}", "reason": "Ill"}
    assert siri.post(case.url("/what-falls"), data=form).status_code in (403, 409)


def busy_in_own_calendar(case: Case, person: cast.Person, *, tentative: bool = False) -> None:
    """Their own calendar says that they are taken on Tuesday from 9 to 10."""
    owner = user_id(case, person)
    with case.store() as session:
        calendar = ExternalCalendar(user_id=owner, sealed_url="x", due_at=cast.MONDAY, created_at=cast.MONDAY)
        session.add(calendar)
        session.flush()
        starts_at = datetime(2027, 5, 11, 7, tzinfo=UTC)
        ends_at = starts_at + timedelta(hours=1)
        session.add(BusyBlock(calendar_id=calendar.id, starts_at=starts_at, ends_at=ends_at, tentative=tentative))


@pytest.mark.parametrize(("tentative", "words"), [(False, "busy Tuesday"), (True, "perhaps busy Tuesday")])
def test_whoever_is_busy_in_their_own_calendar_is_named_so_and_not_chosen(
    case: Case, tentative: bool, words: str
) -> None:
    busy_in_own_calendar(case, cast.ULRIK, tentative=tentative)
    ulrik, tunnel = user_id(case, cast.ULRIK), ids(case)["Tunnel"]
    address = case.url(f"/what-falls?who=person:{user_id(case, cast.OLA)}&on=2027-05-11")
    page = case.browser(cast.OLA).get(address).text
    field = page[page.index(f'<select class="ds-input" id="stop-{tunnel}"') :].split("</select>")[0]
    assert "free then" not in field
    assert '<option value="remove" selected>' in field
    assert f'<option value="person:{ulrik}">{cast.ULRIK.name}, {words} 11 May 2027, 09:00–10:00' in field


def test_taking_somebodys_own_time_asks_for_a_reason_of_its_own(case: Case) -> None:
    busy_in_own_calendar(case, cast.ULRIK)
    before = stops(case)
    form = {
        "who": f"person:{user_id(case, cast.OLA)}",
        "on": "2027-05-11",
        "reason": "Ola is ill",
        f"stop-{ids(case)['Tunnel']}": f"person:{user_id(case, cast.ULRIK)}",
    }
    browser = case.browser(cast.OLA)
    answer = browser.post(case.url("/what-falls"), data=form)
    assert (answer.status_code, stops(case)) == (409, before)
    assert answer.text.count("Say why it is used all the same.") == 2  # in the summary and beside the field
    assert 'name="why-busy"' in answer.text
    assert f'value="person:{user_id(case, cast.ULRIK)}" selected' in answer.text
    assert browser.post(case.url("/what-falls"), data=form | {"why-busy": "He moves it"}).status_code == 303
    assert stops(case)["Tunnel"] == ("hold", "byutvikling", cast.ULRIK.name)
    with case.store() as session:
        assert find_visit(session, case.ref).activities[-1].reason == "Ola is ill\nHe moves it"
