"""Another contact person by a button: what is in the way of each is said before anybody is chosen."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.calendars.models import BusyBlock, ExternalCalendar
from app.people.models import Absence, User
from tests import cast
from tests.factories import make_appointment
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.office import counted_queries
from tests.web.stop_forms import other_visit, user_id

PIPE = "Pipe renewal on site"


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    """Pipes on Monday 9-11 with Ola; Ulrik could."""
    return open_case(app, store, "planned")


def number_of(case: Case, title: str = PIPE) -> int:
    with case.store() as session:
        return next(one.id for one in find_visit(session, case.ref).appointments if one.title == title)


def people_form(case: Case, title: str = PIPE) -> str:
    """The form of the stop's other contact persons, as text with its buttons' values."""
    page = case.browser(cast.OLA).get(case.url("/arrange")).text
    (form,) = re.findall(rf'<form[^>]*action="[^"]*/{number_of(case, title)}/contact".*?</form>', page, re.S)
    return str(form)


def busy(case: Case, person: cast.Person, kind: str) -> None:
    owner = int(user_id(case, person))
    with case.store() as session:
        user = session.get_one(User, owner)
        visit = find_visit(session, case.ref)
        starts, ends = visit.appointments[0].starts_at, visit.appointments[0].ends_at
        if kind == "away":
            session.add(
                Absence(user_id=owner, starts_on=date(2027, 5, 10), ends_on=date(2027, 5, 10), created_at=starts)
            )
        elif kind == "hours":
            user.opening_hours = {"mon": ["13:00", "15:00"]}
        elif kind == "stop":
            make_appointment(visit, user=visit.lead_user, contact=user, start="10:30", end="11:30", title="Talk")
        else:
            calendar = ExternalCalendar(user_id=owner, sealed_url="x", due_at=starts, created_at=starts)
            session.add(calendar)
            session.flush()
            session.add(BusyBlock(calendar_id=calendar.id, starts_at=starts, ends_at=ends))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("away", "Ulrik Utvikling is away that day."),
        ("hours", "Outside the hours of Ulrik Utvikling: 13:00–15:00."),
        ("imported", "Ulrik Utvikling is busy then in their own calendar, 09:00–11:00."),
    ],
)
def test_what_is_in_the_way_of_a_person_stands_beside_their_button(case: Case, kind: str, said: str) -> None:
    assert "In the way" not in people_form(case)
    busy(case, cast.ULRIK, kind)
    form = people_form(case)
    (described,) = re.findall(rf'<button[^>]*value="{user_id(case, cast.ULRIK)}"[^>]*aria-describedby="([^"]*)"', form)
    beside = form.split(f'id="{described}"')[1].split("</ul>")[0]
    assert said in beside


def test_person_who_is_taken_has_no_button_but_a_reason(case: Case) -> None:
    busy(case, cast.ULRIK, "stop")
    form = people_form(case)
    assert "Ulrik Utvikling is taken: “Talk”" in form
    assert f'value="{user_id(case, cast.ULRIK)}"' not in form
    assert "taken" not in people_form(case, "Talk").split("Ola Overvann")[0]  # by itself nobody is


def test_of_a_visit_that_the_reader_may_not_see_only_the_time_is_told(case: Case) -> None:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        ulrik = session.scalars(select(User).where(User.email == cast.ULRIK.email)).one()
        visit.appointments[0].contact = ulrik
    other_visit(case, seen=False)
    form = people_form(case)
    assert "Ola Overvann is busy Monday 10 May 2027, 10:00–12:00, Bergen." in form
    assert "Harbour walk" not in form


def test_people_take_as_many_queries_for_one_as_for_five(case: Case) -> None:
    def taken() -> int:
        with counted_queries(case.app) as seen:
            assert case.browser(cast.OLA).get(case.url("/arrange")).status_code == 200
        return len(seen)

    busy(case, cast.ULRIK, "away")
    taken()
    before = taken()
    with case.store() as session:
        visit = find_visit(session, case.ref)
        for number in range(4):
            make_appointment(visit, user=visit.lead_user, day=date(2027, 5, 18 + number), title=f"Stop {number}")
    assert taken() == before
