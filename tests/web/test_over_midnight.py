"""Stops that go on past midnight: typed, stepped, swapped, run late, and what /conflicts says of them."""

from __future__ import annotations

import re
from datetime import date

import pytest
import time_machine
from flask import Flask

from tests import cast
from tests.factories import make_appointment
from tests.web.hosting import Case, Store, find_visit
from tests.web.office import words_of
from tests.web.stop_forms import NEXT_DAY, open_late_case, stop_url, times, typed, wall


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    return open_late_case(app, store)


@pytest.mark.parametrize(
    ("starts", "ends", "after"),
    [
        ("23:30", "00:20", "10 23:30 - 11 00:20"),
        ("22:00", "00:00", "10 22:00 - 11 00:00"),
        ("14:00", "00:00", "10 14:00 - 11 00:00"),
        ("22:00", "06:00", "10 22:00 - 11 06:00"),
    ],
)
def test_end_at_or_before_the_start_is_on_the_next_day_in_every_form(
    case: Case, starts: str, ends: str, after: str
) -> None:
    browser = case.browser(cast.OLA)
    assert browser.post(stop_url(case), data=typed(case, starts, ends)).status_code == 303
    assert times(case) == after
    again = browser.get(stop_url(case)).text
    assert f'value="{starts}"' in again
    assert f'value="{ends}"' in again
    assert ("It goes on until" in again) is (ends != "00:00")
    assert browser.post(stop_url(case, "/move-to"), data={"on": "2027-05-12", "starts": starts, "ends": ends})
    assert times(case) == after.replace("11 ", "13 ").replace("10 ", "12 ")


@pytest.mark.parametrize(("starts", "ends"), [("13:00", "12:00"), ("22:00", "06:01"), ("22:00", "22:00")])
def test_nights_of_more_than_eight_hours_are_refused_in_words(case: Case, starts: str, ends: str) -> None:
    browser = case.browser(cast.OLA)
    for answer in (
        browser.post(stop_url(case), data=typed(case, starts, ends)),
        browser.post(stop_url(case, "/move-to"), data={"on": "2027-05-10", "starts": starts, "ends": ends}),
    ):
        assert answer.status_code == 422
        assert "Only a stop of at most 8 hours may go on past midnight." in answer.text
    assert times(case) == "10 23:10 - 11 00:00"


def test_what_goes_on_past_midnight_says_so(case: Case) -> None:
    browser = case.browser(cast.OLA)
    assert "23:10–24:00" in browser.get(case.url()).text
    assert browser.post(stop_url(case, "/step"), data={"step": "longer-30"}).status_code == 303
    assert browser.post(stop_url(case, "/step"), data={"step": "shorter-10"}).status_code == 303
    assert times(case) == "10 23:10 - 11 00:20"
    for page in (case.url(), case.url("/arrange"), case.url("/programme")):
        assert NEXT_DAY in browser.get(page).text, page
    browser.set_cookie("lang", "nn")
    assert "kl. 23.10–0.20 neste dag" in browser.get(case.url()).text


def test_fields_of_the_end_are_described_by_what_an_early_end_means(case: Case) -> None:
    for page in (stop_url(case), case.url("/appointments/new"), case.url("/arrange")):
        text = case.browser(cast.OLA).get(page).text
        ends = re.findall(r'<input[^>]* name="ends"[^>]*>', text)
        named = [name for field in ends for name in re.findall(r'aria-describedby="([^"]*)"', field)[0].split()]
        for name in named:
            assert re.search(
                rf'id="{name}"[^>]*>[^<]*(<[^/][^<]*)*An end at or before the start is on the next day', text
            ), page
        assert len(named) == len(ends) > 0


def test_end_that_is_refused_is_described_by_the_error_and_the_hint(case: Case) -> None:
    answer = case.browser(cast.OLA).post(stop_url(case), data=typed(case, "22:00", "22:00"))
    (ends,) = re.findall(r'<input[^>]* name="ends"[^>]*>', answer.text)
    assert 'aria-describedby="ends-error ends-hint"' in ends
    moved = case.browser(cast.OLA).post(
        stop_url(case, "/move-to"), data={"on": "2027-05-10", "starts": "22:00", "ends": "22:00"}
    )
    number = stop_url(case).rsplit("/", 1)[1]
    assert f'aria-describedby="wrong-{number} ends-hint-{number}"' in moved.text


def test_swapped_over_midnight_can_still_be_renamed(case: Case) -> None:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        for day, start, end, title in ((12, "20:30", "23:45", "Dinner"), (13, "22:00", "22:30", "Stars")):
            make_appointment(visit, user=visit.lead_user, day=date(2027, 5, day), start=start, end=end, title=title)
    browser, dinner = case.browser(cast.OLA), stop_url(case, title="Dinner")
    other = stop_url(case, title="Stars").rsplit("/", 1)[1]
    assert browser.post(f"{dinner}/swap", data={"other": other}).status_code == 303
    assert times(case, "Dinner") == "13 22:00 - 14 01:15"
    data = typed(case, "22:00", "01:15") | {"on": "2027-05-13", "title": "Banquet"}
    assert browser.post(dinner, data=data).status_code == 303
    assert times(case, "Banquet") == "13 22:00 - 14 01:15"


def test_conflicts_see_who_is_there_until_after_midnight(case: Case) -> None:
    browser = case.browser(cast.OLA)
    browser.post(stop_url(case), data=typed(case, "23:10", "00:20") | {"contact": ""})
    asked = {"on": "2027-05-11", "starts": "00:00", "ends": "01:00", "host": "byutvikling", "contact": ""}
    found = browser.get(case.url("/conflicts"), query_string=asked).json
    assert f"The delegation is at “LateD” then, {NEXT_DAY}." in found["sentences"]
    asked |= {"on": "2027-05-10", "starts": "22:00", "ends": "00:30"}
    found = browser.get(case.url("/conflicts"), query_string=asked).json
    assert found["sentences"][0] == "It goes on until 00:30 the next day."
    assert [words for words in found["sentences"] if words.startswith("Outside the hours")]


def test_end_that_would_be_refused_is_said_while_it_is_typed(case: Case) -> None:
    asked = {"on": "2027-05-11", "starts": "09:00", "ends": "02:00", "host": "byutvikling"}
    found = case.browser(cast.OLA).get(case.url("/conflicts"), query_string=asked).json
    assert (found["refused"], found["words"]) == (True, "This cannot be saved:")
    assert found["sentences"] == [
        "The end must be later than the start. Only a stop of at most 8 hours may go on past midnight."
    ]
    half = case.browser(cast.OLA).get(case.url("/conflicts"), query_string=asked | {"ends": ""}).json
    assert (half["refused"], half["sentences"]) == (False, [])


def test_running_late_goes_past_midnight_as_previewed(case: Case) -> None:
    with time_machine.travel(wall(10, 23, 0), tick=False):
        browser, late = case.browser(cast.OLA), stop_url(case, "/running-late")
        page = words_of(browser.get(f"{late}?minutes=60").text)
        assert "23:10–24:00 Tuesday 11 May, 00:10–01:00, Bergen" in page
        assert "Move 1 stop" in page
        assert browser.post(late, data={"minutes": "60"}).status_code == 303
    assert times(case) == "11 00:10 - 11 01:00"


def test_stop_that_is_on_after_midnight_is_still_today(case: Case) -> None:
    late = stop_url(case, "/running-late")
    case.browser(cast.OLA).post(stop_url(case), data=typed(case, "23:30", "00:20"))
    with time_machine.travel(wall(11, 0, 10), tick=False):
        browser = case.browser(cast.OLA)
        assert late in browser.get("/today").text
        assert "Move 1 stop" in browser.get(f"{late}?minutes=15").text
        assert browser.post(late, data={"minutes": "15"}).status_code == 303
    assert times(case) == "10 23:45 - 11 00:35"
    with time_machine.travel(wall(11, 0, 35), tick=False):
        refused = browser.get(f"{late}?minutes=15").text
        assert "This stop is not today." in refused
        assert "Move 1 stop" not in refused
        assert browser.post(late, data={"minutes": "15"}).status_code == 409


@pytest.mark.parametrize(("clock", "shown"), [((10, 23, 20), True), ((11, 0, 5), True), ((11, 1, 11), False)])
def test_stop_that_was_moved_past_midnight_is_today_until_it_is_over(
    case: Case, clock: tuple[int, int, int], shown: bool
) -> None:
    with time_machine.travel(wall(10, 23, 0), tick=False):
        assert case.browser(cast.OLA).post(stop_url(case, "/running-late"), data={"minutes": "60"}).status_code == 303
    assert times(case) == "11 00:10 - 11 01:00"
    with time_machine.travel(wall(*clock), tick=False):
        page = case.browser(cast.OLA).get("/today").text
        now_or_next = re.findall(r'data-tone="waiting" id="next">.*?<bdi>(\w+)</bdi></h3>', page, re.S)
        assert now_or_next == (["LateD"] if shown else [])
        assert ("Tuesday 11 May, 00:10–01:00" in page) is (clock[0] == 10)


def test_stop_of_the_evening_before_has_its_date_on_the_page_of_the_day(case: Case) -> None:
    case.browser(cast.OLA).post(stop_url(case), data=typed(case, "23:30", "00:20"))
    with time_machine.travel(wall(11, 0, 10), tick=False):
        assert "Monday 10 May, 23:30 – Tuesday 11 May, 00:20, Bergen" in case.browser(cast.OLA).get("/today").text


def test_night_that_would_be_too_long_is_not_offered(case: Case) -> None:
    late = stop_url(case, "/running-late")
    case.browser(cast.OLA).post(stop_url(case), data=typed(case, "15:00", "23:45"))
    with time_machine.travel(wall(10, 14, 0), tick=False):
        browser = case.browser(cast.OLA)
        page = browser.get(f"{late}?minutes=30").text
        assert "a stop past midnight lasts at most 8 hours" in page
        assert "Move 1 stop" not in page
        assert browser.post(late, data={"minutes": "30"}).status_code == 409
        assert "Move 1 stop" in browser.get(f"{late}?minutes=15").text


def test_running_late_in_the_night_leaves_the_next_morning_alone(case: Case) -> None:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        for start, end, title in (("00:30", "01:30", "Stars"), ("09:00", "10:00", "Morning")):
            make_appointment(visit, user=visit.lead_user, day=date(2027, 5, 11), start=start, end=end, title=title)
    with time_machine.travel(wall(10, 23, 0), tick=False):
        browser, running_late = case.browser(cast.OLA), stop_url(case, "/running-late")
        page = words_of(browser.get(f"{running_late}?minutes=10").text)
        assert "Stars Tuesday 11 May, 00:30–01:30, Bergen Tuesday 11 May, 00:40–01:40, Bergen" in page
        assert browser.post(running_late, data={"minutes": "10"}).status_code == 303
    with time_machine.travel(wall(11, 0, 30), tick=False):
        late = stop_url(case, "/running-late", "Stars")
        assert browser.post(late, data={"minutes": "10"}).status_code == 303
    assert times(case) == "10 23:20 - 11 00:10"
    assert times(case, "Stars") == "11 00:50 - 11 01:50"
    assert times(case, "Morning") == "11 09:00 - 11 10:00"


@pytest.mark.parametrize(
    "asked", ["on=9999-12-31", "on=0001-01-01", "on=2027-05-10&starts=22:00%2B02:00&ends=01:00", "on=&starts=22:00"]
)
def test_form_opens_whatever_day_and_clock_its_address_says(case: Case, asked: str) -> None:
    answer = case.browser(cast.OLA).get(case.url(f"/appointments/new?starts=22:00&ends=00:30&{asked}"))
    assert answer.status_code == 200
