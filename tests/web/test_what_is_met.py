"""What a stop meets is said before a swap, after every save however it was made, and beside the stop from then on."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.models import Absence, User
from tests import cast
from tests.factories import make_appointment
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.office import counted_queries
from tests.web.stop_forms import WALL, user_id

OUTSIDE = "Outside the hours of"


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    """Pipes on Monday 9-11 with Ola, and a lunch 12-13 with Ulrik."""
    case = open_case(app, store, "planned")
    with store() as session:
        visit = find_visit(session, case.ref)
        make_appointment(visit, user=visit.lead_user, contact=ulrik(session), start="12:00", end="13:00", title="Lunch")
    return case


def ulrik(session: Session) -> User:
    return session.scalars(select(User).where(User.email == cast.ULRIK.email)).one()


def ids(case: Case) -> dict[str, int]:
    with case.store() as session:
        return {one.title: one.id for one in find_visit(session, case.ref).appointments}


def away(case: Case, person: cast.Person, day: date) -> None:
    owner = int(user_id(case, person))
    with case.store() as session:
        session.add(Absence(user_id=owner, starts_on=day, ends_on=day, created_at=cast.MONDAY))


def saved(case: Case, end: str, **form: str) -> tuple[str, str]:
    """The warnings after the save, and the whole page it leads to."""
    browser = case.browser(cast.OLA)
    answer = browser.post(case.url(end), data=form)
    assert answer.status_code == 303
    page = browser.get(answer.location).text
    alerts = page.split('<div class="ds-alert" data-color="warning"><p>')[1:]
    return " ".join(alert.split("</p>")[0] for alert in alerts), page


@pytest.mark.parametrize(
    ("times", "met"),
    [
        ({"starts": "20:00", "ends": "21:00"}, OUTSIDE),
        ({"on": "2027-03-28", "starts": "01:30", "ends": "01:50"}, "Sunday 28 March 2027 falls on a weekend"),
        ({"on": "2027-05-17"}, "is a public holiday: Constitution Day"),
        ({"starts": "12:30", "ends": "13:30"}, "The delegation is at “Lunch” then, 12:00–13:00."),
    ],
)
def test_form_of_a_stop_says_after_saving_what_it_meets(case: Case, times: dict[str, str], met: str) -> None:
    warning, page = saved(case, "/appointments/new", **WALL | {"title": "Tour"} | times)
    assert "“Tour”" in warning
    assert met in warning
    assert "Tour is held" in page or "Tour is in the programme." in page
    warning, _page = saved(case, f"/appointments/{ids(case)['Tour']}", **WALL | {"title": "Tour"} | times)
    assert met in warning


def test_stop_that_meets_nothing_is_saved_without_a_warning(case: Case) -> None:
    form = WALL | {"title": "Tour", "on": "2027-05-11"}
    warning, page = saved(case, "/appointments/new", **form)
    assert warning == ""
    assert page.count("In the way") == 0


def test_minute_buttons_say_what_the_stop_meets_now(case: Case) -> None:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        make_appointment(visit, user=visit.lead_user, start="13:00", end="14:00", title="Walk")
    warning, page = saved(case, f"/appointments/{ids(case)['Walk']}/step", step="earlier-30")
    assert "The delegation is at “Lunch” then, 12:00–13:00." in warning
    assert "Changed:" in page


def test_typed_move_says_what_the_stop_meets_now(case: Case) -> None:
    form = {"on": "2027-05-10", "starts": "20:00", "ends": "21:00"}
    assert OUTSIDE in saved(case, f"/appointments/{ids(case)['Lunch']}/move-to", **form)[0]


def test_person_who_is_away_is_named_after_being_chosen_and_no_more_after_undo(case: Case) -> None:
    away(case, cast.ULRIK, date(2027, 5, 10))
    number = ids(case)["Pipe renewal on site"]
    warning, page = saved(case, f"/appointments/{number}/contact", contact=user_id(case, cast.ULRIK))
    assert f"{cast.ULRIK.name} is away that day." in warning
    undo = page.split("/undo/")[1].split('"')[0]
    assert saved(case, f"/undo/{undo}")[0] == ""


def swapped_onto_each_other(case: Case) -> tuple[int, int]:
    """A short stop on Tuesday, and one after it: on Tuesday the long pipes reach into that."""
    with case.store() as session:
        visit = find_visit(session, case.ref)
        day = date(2027, 5, 11)
        make_appointment(visit, user=visit.lead_user, day=day, start="15:00", end="15:30", title="Short")
        make_appointment(
            visit, user=visit.lead_user, contact=ulrik(session), day=day, start="15:30", end="16:00", title="Tea"
        )
    return ids(case)["Short"], ids(case)["Pipe renewal on site"]


def test_swap_tells_before_and_after_what_both_meet(case: Case) -> None:
    short, pipe = swapped_onto_each_other(case)
    query = {"appointment": str(short), "other": str(pipe)}
    told = case.browser(cast.OLA).get(case.url("/conflicts"), query_string=query).json
    met = "“Pipe renewal on site”: The delegation is at “Tea” then, 15:30–16:00."
    assert met in told["sentences"]
    assert (told["refused"], told["words"]) == (False, "You can save this; mind:")
    warning, page = saved(case, f"/appointments/{short}/swap", other=str(pipe))
    assert "“Pipe renewal on site”: " in warning
    assert "The delegation is at “Tea” then, 15:30–16:00." in warning
    assert "Changed:" in page


def test_swap_looks_at_both_where_they_will_be(case: Case) -> None:
    """Neighbours of one person that change places are not in each other's way, and a stop is none for itself."""
    with case.store() as session:
        visit = find_visit(session, case.ref)
        make_appointment(visit, user=visit.lead_user, day=date(2027, 5, 12), start="09:00", end="10:00", title="One")
        make_appointment(visit, user=visit.lead_user, day=date(2027, 5, 12), start="10:00", end="12:00", title="Two")
    query = {"appointment": str(ids(case)["One"]), "other": str(ids(case)["Two"])}
    told = case.browser(cast.OLA).get(case.url("/conflicts"), query_string=query).json
    assert (told["sentences"], told["words"]) == ([], "Nothing is in the way.")


def test_swap_onto_somebody_elses_time_is_refused_beforehand(case: Case) -> None:
    """The long one would reach into another stop of the same person."""
    short, pipe = swapped_onto_each_other(case)
    with case.store() as session:
        visit = find_visit(session, case.ref)
        make_appointment(visit, user=visit.lead_user, day=date(2027, 5, 11), start="16:00", end="17:00", title="Talk")
    query = {"appointment": str(short), "other": str(pipe)}
    told = case.browser(cast.OLA).get(case.url("/conflicts"), query_string=query).json
    assert told["refused"] is True
    assert "“Pipe renewal on site”: Ola Overvann is taken: “Talk”" in " ".join(told["sentences"])


@pytest.mark.parametrize("other", ["", "0", "x", "99999999"])
def test_swap_with_nothing_tells_nothing(case: Case, other: str) -> None:
    query = {"appointment": str(ids(case)["Lunch"]), "other": other}
    answer = case.browser(cast.OLA).get(case.url("/conflicts"), query_string=query)
    assert (answer.status_code, answer.json["words"]) == (200, "")


def test_what_falls_says_what_the_new_person_meets(case: Case) -> None:
    with case.store() as session:
        ulrik(session).opening_hours = {"mon": ["13:00", "15:00"]}
    form = {
        "who": f"person:{user_id(case, cast.OLA)}",
        "reason": "Ill",
        f"stop-{ids(case)['Pipe renewal on site']}": f"person:{user_id(case, cast.ULRIK)}",
    }
    assert f"{OUTSIDE} {cast.ULRIK.name}: 13:00–15:00." in saved(case, "/what-falls", **form)[0]


def test_marks_stand_beside_the_stops_for_those_who_plan(case: Case) -> None:
    away(case, cast.OLA, date(2027, 5, 10))
    # in the list; when arranging on the board too, and beside Ola's button at the other stop
    for end, marks in (("", 1), ("/arrange", 3)):
        page = case.browser(cast.OLA).get(case.url(end)).text
        assert page.count("In the way") == marks
        assert "<li>Ola Overvann is away that day.</li>" in page
    asked = case.browser(cast.BRITA).get(case.url())
    assert (asked.status_code, "is away that day" in asked.text) == (200, False)


def test_marks_take_as_many_queries_for_one_stop_as_for_five(case: Case) -> None:
    def taken() -> int:
        with counted_queries(case.app) as seen:
            assert case.browser(cast.OLA).get(case.url()).status_code == 200
        return len(seen)

    away(case, cast.OLA, date(2027, 5, 10))
    taken()
    before = taken()
    with case.store() as session:
        visit = find_visit(session, case.ref)
        for number in range(4):
            make_appointment(visit, user=visit.lead_user, day=date(2027, 5, 17 + number), title=f"Stop {number}")
    assert taken() == before
