"""The programme: appointments with their errors beside the field, changing, proposing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from markupsafe import escape
from sqlalchemy import select

from app.core.time import from_venue, in_venue
from app.people.actors import by_user
from app.people.models import Place
from app.people.users import create_user
from app.visits import lifecycle
from tests import cast
from tests.factories import make_appointment
from tests.web.hosting import Store, find_visit, open_case
from tests.web.stop_forms import WALL, other_visit, planned, user_id


def test_form_starts_on_the_first_wished_day_with_the_reader_as_contact(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    page = case.browser(cast.OLA).get(case.url("/appointments/new")).text
    assert 'value="2027-05-10"' in page
    assert f'selected value="{user_id(case, cast.OLA)}"' in page


@pytest.mark.parametrize("name", ["title", "place_text", "note"])
def test_markup_is_refused_beside_its_field_as_in_the_visitors_form(app: Flask, store: Store, name: str) -> None:
    case = open_case(app, store, "claimed")
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | {name: "<b>Tour</b>"})
    assert (answer.status_code, planned(case)) == (422, [])
    assert answer.text.count(str(escape("Write it as plain text, without tags such as <b> or <script>."))) == 2
    assert str(escape("<b>Tour</b>")) in answer.text


def test_own_appointment_is_a_hold_that_needs_no_answer(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL)
    assert (answer.status_code, answer.location) == (303, case.url("#programme"))
    assert planned(case) == [("Pipe renewal on site", "byutvikling", "hold", "accepted")]
    with store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        assert in_venue(stop.starts_at).isoformat() == "2027-05-10T09:00:00+02:00"
        assert in_venue(stop.ends_at).isoformat() == "2027-05-10T11:00:00+02:00"


def test_save_and_add_another_returns_to_the_form(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | {"more": "yes"})
    assert answer.location == case.url("/appointments/new")
    page = case.browser(cast.OLA).get(answer.location).text
    assert 'value="11:00"' in page  # where the last one ended


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Say in a few words what happens."),
        ({"title": "x" * 100_000}, "Write at most 200 characters."),
        ({"on": ""}, "Choose the day."),
        ({"on": "10 May"}, "Write the date as 2027-06-08."),
        ({"on": "0001-01-01"}, "Choose a date after the year 2000 and before 2200."),
        ({"on": "9999-12-31"}, "Choose a date after the year 2000 and before 2200."),
        ({"starts": "25:00"}, "Write the time as 09:30."),
        (
            {"ends": "09:00"},
            "The end must be later than the start. Only a stop of at most 8 hours may go on past midnight.",
        ),
        ({"host": "no-such-host"}, "Choose one of the answers in the list."),
        ({"contact": "999999"}, "Choose one of the answers in the list."),
        ({"place": "no-such-place"}, "Choose one of the answers in the list."),
        ({"on": "2027-03-28", "starts": "02:30", "ends": "04:00"}, "This time does not exist that night"),
        ({"note": "x" * 5_001}, "Write at most 5000 characters."),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_kept(
    app: Flask, store: Store, changes: dict[str, str], words: str
) -> None:
    case = open_case(app, store, "claimed")
    data = WALL | {"note": "Bring <3 boots & a coat"} | changes
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=data)
    assert answer.status_code == 422
    assert answer.text.count(words) == 2  # in the summary and at the field
    typed = {name: value for name, value in data.items() if name in ("title", "place_text", "on", "starts", "ends")}
    assert [name for name, value in typed.items() if f'value="{value}"' not in answer.text] == []
    assert escape(data["note"]) in answer.text
    assert planned(case) == []


def test_time_that_happens_twice_is_the_first_one_and_said_so(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    ola.post(case.url("/appointments/new"), data=WALL | {"on": "2027-10-31", "starts": "02:30", "ends": "04:00"})
    assert "shows this hour twice" in ola.get(case.url()).text
    with store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        assert stop.starts_at.isoformat() == "2027-10-31T00:30:00+00:00"


def test_person_of_another_host_is_refused_beside_the_person(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    data = WALL | {"contact": user_id(case, cast.BRITA)}
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=data)
    assert answer.status_code == 422
    assert answer.text.count("This person does not belong to") == 2
    assert planned(case) == []


def test_big_change_after_confirmation_leads_to_a_new_proposal(app: Flask, store: Store) -> None:
    with time_machine.travel(cast.MONDAY + timedelta(days=1), tick=False):
        case = open_case(app, store, "confirmed")
        ola = case.browser(cast.OLA)
        with store() as session:
            url = case.url(f"/appointments/{find_visit(session, case.ref).appointments[0].id}")
        assert ola.get(case.url("/propose")).status_code == 409  # nothing to ask about
        ola.post(url, data=WALL | {"on": "2027-05-11", "contact": user_id(case, cast.OLA)})
        page = ola.get(case.url()).text
        assert "This is a big change for the visitor: propose the programme again." in page
        assert ola.post(case.url("/propose"), data={"text": "One day later."}).status_code == 303
        with store() as session:
            assert find_visit(session, case.ref).status == "proposed"


def test_stop_keeps_a_host_and_a_place_that_were_retired_since(app: Flask, store: Store) -> None:
    """Whoever only writes a note must not move the delegation to another host or to nowhere."""
    case = open_case(app, store, "claimed")
    with store() as session:
        visit = find_visit(session, case.ref)
        place, other = session.scalars(select(Place)).first(), cast.host("brannvesen")
        stop = make_appointment(visit, user=visit.lead_user, host=other, place=place)
        assert place is not None
        place.retired_at = other.retired_at = cast.MONDAY
        url, kept = case.url(f"/appointments/{stop.id}"), {"host": other.slug, "place": place.slug}
    ola = case.browser(cast.OLA)
    page = ola.get(url).text
    assert page.count("(retired)</option>") == 2
    for slug in kept.values():
        assert f'<option selected value="{slug}">' in page
        assert f'value="{slug}"' not in ola.get(case.url("/appointments/new")).text
    data = WALL | kept | {"place_text": "", "note": "Bring boots"}
    assert ola.post(url, data=data).status_code == 303
    with store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        assert stop.place is not None
        assert (stop.host.slug, stop.place.slug, stop.note) == (kept["host"], kept["place"], "Bring boots")


@pytest.mark.parametrize("gone", ["to another host", "altogether"])
def test_stop_keeps_a_contact_person_who_has_left_since(app: Flask, store: Store, gone: str) -> None:
    """Whoever only writes a note must not leave the delegation without anybody; who left is offered nowhere else."""
    case = open_case(app, store, "claimed")
    with store() as session:
        visit = find_visit(session, case.ref)
        left = create_user("bente@example.org", name="Bente Vik", hosts=["byutvikling"], at=cast.MONDAY)
        stop = make_appointment(visit, user=left, place=None)
        url, number = case.url(f"/appointments/{stop.id}"), str(left.id)
        if gone == "altogether":
            left.deactivated_at = cast.MONDAY
        else:
            left.memberships[0].host = cast.host("brannvesen")
    ola = case.browser(cast.OLA)
    page = ola.get(url).text
    assert f'<option selected value="{number}">Bente Vik (not there any more)</option>' in page
    assert "not there any more" not in ola.get(case.url("/appointments/new")).text
    data = WALL | {"host": "byutvikling", "contact": number, "place_text": "", "note": "Bring boots"}
    assert ola.post(url, data=data).status_code == 303
    with store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        assert (str(stop.contact_id), stop.note) == (number, "Bring boots")
    moved = ola.post(url, data=data | {"host": "byradsleder"})
    assert moved.status_code == 422
    assert "This person does not belong to" in moved.text


def test_removed_appointment_is_cancelled_and_cannot_be_changed_again(app: Flask, store: Store) -> None:
    case = open_case(app, store, "planned")
    ola = case.browser(cast.OLA)
    with store() as session:
        url = case.url(f"/appointments/{find_visit(session, case.ref).appointments[0].id}")
    assert ola.post(url + "/remove", data={"reason": "Rain"}).status_code == 303
    assert planned(case) == [("Pipe renewal on site", "byutvikling", "cancelled", "accepted")]
    assert ola.post(url, data=WALL).status_code == 409


def test_empty_programme_cannot_be_proposed(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    assert "There is nothing to propose yet." in ola.get(case.url("/propose")).text
    assert ola.post(case.url("/propose")).status_code == 422


def test_proposing_shows_what_the_visitor_sees_without_notes(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    ola.post(case.url("/appointments/new"), data=WALL | {"note": "Keys from the porter"})
    preview = ola.get(case.url("/propose")).text
    assert ("Pipe renewal on site" in preview, "Keys from the porter" in preview) == (True, False)
    assert ola.post(case.url("/propose"), data={"text": ""}).status_code == 303
    assert planned(case)[0][2] == "tentative"


def test_appointment_of_another_visit_is_not_found(app: Flask, store: Store) -> None:
    case = open_case(app, store, "planned")
    ref = other_visit(case, seen=True, day=date(2027, 5, 11))
    with store() as session:
        number = find_visit(session, case.ref).appointments[0].id
    ola = case.browser(cast.OLA)
    assert ola.get(f"/visits/{ref}/appointments/{number}").status_code == 404
    assert ola.get(case.url("/appointments/99999999999999999999")).status_code == 404


def test_moved_elsewhere_by_another_while_the_form_was_open_stays_consistent(app: Flask, store: Store) -> None:
    case = open_case(app, store, "planned")
    with store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        url = case.url(f"/appointments/{stop.id}")
        day = date(2027, 5, 12)
        plan = lifecycle.Plan(
            title=stop.title,
            host=stop.host,
            starts_at=from_venue(datetime(day.year, day.month, day.day, 13)),
            ends_at=from_venue(datetime(day.year, day.month, day.day, 14)),
        )
        lifecycle.move_appointment(stop, plan, by=by_user(stop.contact, stop.host))
    assert case.browser(cast.OLA).post(url, data=WALL).status_code == 303
    assert len(planned(case)) == 1
