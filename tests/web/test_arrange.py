"""The arranging page without a browser: its forms, what they refuse, and what a preview tells to whom."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.time import in_venue
from app.people.models import User
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.web.hosting import Case, Store, find_visit, open_case


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    """Pipes on Monday 9-11 and lunch 12-13, both Ola's."""
    case = open_case(app, store, "planned")
    with store() as session:
        visit = find_visit(session, case.ref)
        make_appointment(visit, user=visit.lead_user, start="12:00", end="13:00", title="Lunch")
    return case


def ids(case: Case) -> dict[str, int]:
    with case.store() as session:
        return {one.title: one.id for one in find_visit(session, case.ref).appointments}


def times(case: Case) -> dict[str, str]:
    with case.store() as session:
        return {
            one.title: f"{in_venue(one.starts_at):%d %H:%M}-{in_venue(one.ends_at):%H:%M}"
            for one in find_visit(session, case.ref).appointments
        }


def send(case: Case, title: str, verb: str, person: cast.Person = cast.OLA, **form: str) -> tuple[int, str, str]:
    url = case.url(f"/appointments/{ids(case)[title]}/{verb}")
    answer = case.browser(person).post(url, data=form)
    return answer.status_code, answer.location or "", answer.text


def user_id(case: Case, person: cast.Person) -> int:
    with case.store() as session:
        return session.scalars(select(User.id).where(User.email == person.email)).one()


def own_calendar(case: Case, starts_at: datetime, *, hours: float = 1) -> None:
    """An hour in Ola's own calendar, or as many."""
    ola = user_id(case, cast.OLA)
    with case.store() as session:
        calendar = ExternalCalendar(user_id=ola, sealed_url="x", due_at=cast.MONDAY, created_at=cast.MONDAY)
        session.add(calendar)
        session.flush()
        session.add(BusyBlock(calendar_id=calendar.id, starts_at=starts_at, ends_at=starts_at + timedelta(hours=hours)))


@pytest.mark.parametrize(
    ("step", "after"),
    [
        ("earlier-10", "10 11:50-12:50"),
        ("later-30", "10 12:30-13:30"),
        ("shorter-15", "10 12:00-12:45"),
        ("longer-30", "10 12:00-13:30"),
    ],
)
def test_steps_of_minutes(case: Case, step: str, after: str) -> None:
    status, location, _text = send(case, "Lunch", "step", step=step)
    assert (status, times(case)["Lunch"]) == (303, after)
    assert "Undo" in case.browser(cast.OLA).get(location).text


def test_step_that_no_button_offers_changes_nothing(case: Case) -> None:
    before = times(case)
    assert [send(case, "Lunch", "step", step=step)[0] for step in ("earlier-999", "", "later")] == [422] * 3
    send(case, "Lunch", "step", step="shorter-30")
    assert send(case, "Lunch", "step", step="shorter-30")[0] == 422  # nothing would be left
    assert times(case) == before | {"Lunch": "10 12:00-12:30"}


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"on": "2027-05-11", "starts": "x", "ends": "13:00"}, 422, "Write the time as 09:30."),
        ({"on": "2027-05-11", "starts": "13:00", "ends": "12:00"}, 422, "The end must be later than the start"),
        ({"on": "2027-05-10", "starts": "10:30", "ends": "11:30"}, 409, "is taken"),
        ({"on": "2020-05-10", "starts": "10:30", "ends": "11:30"}, 422, "This day and time are past."),
    ],
)
def test_refused_move_keeps_what_was_typed(case: Case, form: dict[str, str], status: int, words: str) -> None:
    before = times(case)
    answered, _location, text = send(case, "Lunch", "move-to", **form)
    assert (answered, words in text, times(case)) == (status, True, before)
    assert f'value="{form["starts"]}"' in text
    assert f'value="{form["on"]}"' in text


def test_contact_person_changes_with_one_click_among_the_hosts_own(case: Case) -> None:
    ulrik, brita = user_id(case, cast.ULRIK), user_id(case, cast.BRITA)
    assert send(case, "Lunch", "contact", contact=str(brita))[0] == 422
    assert send(case, "Lunch", "contact", contact=str(ulrik))[0] == 303
    with case.store() as session:
        stop = next(one for one in find_visit(session, case.ref).appointments if one.title == "Lunch")
        assert stop.contact_id == ulrik


def test_swap_needs_another_stop_of_the_same_visit(case: Case) -> None:
    with case.store() as session:
        ola = find_visit(session, case.ref).lead_user
        foreign = make_appointment(make_visit("claimed", user=ola), user=ola, day=date(2027, 5, 12)).id
    assert [send(case, "Lunch", "swap", other=str(other))[0] for other in (foreign, "x", "")] == [404, 404, 404]
    assert send(case, "Lunch", "swap", other=str(ids(case)["Lunch"]))[0] == 422
    assert send(case, "Lunch", "swap", other=str(ids(case)["Pipe renewal on site"]))[0] == 303
    assert times(case) == {"Lunch": "10 09:00-10:00", "Pipe renewal on site": "10 11:00-13:00"}


def test_only_who_moved_it_can_undo_it_and_only_once(case: Case) -> None:
    _status, location, _text = send(case, "Lunch", "step", step="later-30")
    number = location.split("moved=")[1].split("#")[0]
    url = case.url(f"/undo/{number}")
    assert "Undo" not in case.browser(cast.ULRIK).get(location).text
    assert case.browser(cast.ULRIK).post(url).status_code == 403
    assert case.browser(cast.OLA).post(url).status_code == 303
    assert case.browser(cast.OLA).post(url).status_code == 409
    assert times(case)["Lunch"] == "10 12:00-13:00"


def test_asked_host_that_has_no_part_cannot_arrange(case: Case) -> None:
    assert case.browser(cast.BRITA).get(case.url("/arrange")).status_code == 403
    assert send(case, "Lunch", "step", cast.BRITA, step="later-30")[0] == 403


def test_preview_of_a_strange_visit_tells_only_that_somebody_is_busy(case: Case) -> None:
    siri = user_id(case, cast.SIRI)
    with case.store() as session:
        person = session.get_one(User, siri)
        hidden = make_visit("claimed", user=person, organisation="Secret Society", themes=[], purpose="")
        for offer in [one for one in hidden.offers if one.host_id != person.hosts[0].id]:
            session.delete(offer)
        make_appointment(hidden, user=person, start="14:00", end="15:00", title="Secret talk")
    query = f"?on=2027-05-10&starts=14:30&ends=15:30&host=naeringsklyngene&contact={siri}"
    for reader, told in ((cast.OLA, False), (cast.KARI, True)):
        answer = case.browser(reader).get(case.url("/conflicts") + query)
        assert answer.json["refused"] is True
        text = " ".join(answer.json["sentences"])
        assert ("Secret" in text, cast.SIRI.name in text) == (told, True)


def test_preview_says_nothing_for_half_a_time_and_for_junk(case: Case) -> None:
    for query in ("", "?on=2027-05-10", "?on=x&starts=y&ends=z", "?on=2027-05-10&starts=09:00&ends=10:00&host=%00"):
        answer = case.browser(cast.OLA).get(case.url("/conflicts") + query)
        assert answer.status_code == 200
        assert "refused" in answer.json


def test_time_taken_in_an_own_calendar_asks_why_and_repeats_the_form(case: Case) -> None:
    own_calendar(case, datetime(2027, 5, 11, 10, tzinfo=UTC))  # 12-13 in Bergen
    form = {"on": "2027-05-11", "starts": "12:00", "ends": "13:00"}
    preview = case.browser(cast.OLA).get(
        case.url("/conflicts"), query_string=form | {"appointment": ids(case)["Lunch"]}
    )
    assert (preview.json["refused"], preview.json["reason"]) == (False, True)
    status, _location, text = send(case, "Lunch", "move-to", **form)
    assert (status, times(case)["Lunch"]) == (409, "10 12:00-13:00")
    assert 'type="hidden" name="starts" value="12:00"' in text
    assert send(case, "Lunch", "move-to", **form, reason="He takes the later tram")[0] == 303
    assert "He takes the later tram" in case.browser(cast.OLA).get(case.url()).text


def test_form_of_an_appointment_asks_why_too(case: Case) -> None:
    own_calendar(case, datetime(2027, 5, 11, 10, tzinfo=UTC))
    form = {"title": "Tour", "on": "2027-05-11", "starts": "12:00", "ends": "13:00", "host": "byutvikling"}
    form |= {"contact": str(user_id(case, cast.OLA)), "place": "", "place_text": "", "note": ""}
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=form)
    assert (answer.status_code, 'value="Tour"' in answer.text) == (409, True)
    assert answer.text.count("Say why it is used all the same.") == 2
    answer = case.browser(cast.OLA).post(case.url("/appointments/new"), data=form | {"reason": "Agreed with him"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("on", "starts", "ends", "said"),
    [
        ("2027-01-20", "18:30", "19:00", "18:00–24:00"),
        ("2027-01-25", "22:10", "22:40", "22:00–24:00"),
        ("2027-01-25", "23:30", "23:59", "22:00–24:00"),
        ("2027-01-26", "09:00", "10:00", "00:00–09:30"),
        ("2027-01-28", "09:00", "10:00", "all day"),
        ("2027-01-29", "09:00", "10:00", "all day"),
    ],
)
def test_time_in_an_own_calendar_over_midnight_is_said_as_the_hours_of_that_day(
    case: Case, on: str, starts: str, ends: str, said: str
) -> None:
    own_calendar(case, datetime(2027, 1, 20, 17, tzinfo=UTC), hours=6)  # 18-24 in Bergen
    own_calendar(case, datetime(2027, 1, 25, 21, tzinfo=UTC), hours=11.5)
    own_calendar(case, datetime(2027, 1, 27, 23, tzinfo=UTC), hours=48)
    query = {"on": on, "starts": starts, "ends": ends, "appointment": str(ids(case)["Lunch"])}
    sentences = case.browser(cast.OLA).get(case.url("/conflicts"), query_string=query).json["sentences"]
    assert [one for one in sentences if "own calendar" in one] == [
        f"{cast.OLA.name} is busy then in their own calendar, {said}."
    ]
