"""Stops that go on past midnight as the board and the calendar draw them: what is after midnight is on the next day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import cast
from tests.factories import make_appointment
from tests.harness.browser import DESK, OpenPage
from tests.web.hosting import Case, Store, find_visit
from tests.web.stop_forms import NEXT_DAY, open_late_case, stop_url, times, typed, wall


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    return open_late_case(app, store)


def columns(case: Case) -> dict[str, list[str]]:
    """By the board's day which stops stand there; of those that only go on there how long, in minutes."""
    page = case.browser(cast.OLA).get(case.url("/arrange")).text
    return {
        section[1:11]: [
            f"{title} {lasts}" if rest else title
            for rest, lasts, title in re.findall(
                r'<li class="board-stop"( data-rest)?.*? data-minutes="(\d+)".*?<bdi>(.*?)</bdi>',
                section.split("</section>")[0],
                re.S,
            )
        ]
        for section in page.split("<section data-day=")[1:]
    }


@pytest.mark.parametrize(("ends", "rest"), [("00:20", ["LateD 20"]), ("00:00", []), ("07:10", ["LateD 430"])])
def test_board_draws_what_is_after_midnight_on_the_next_day(case: Case, ends: str, rest: list[str]) -> None:
    case.browser(cast.OLA).post(stop_url(case), data=typed(case, "23:30", ends))
    board = columns(case)
    assert board["2027-05-10"] == ["Pipe renewal on site", "LateD"]
    assert board["2027-05-11"] == rest
    page = case.browser(cast.OLA).get(case.url("/arrange")).text
    assert ('data-starts="0"' in page) is bool(rest)


def test_board_of_a_week_has_the_night_after_it_too(case: Case) -> None:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        for number in range(1, 7):
            day = date(2027, 5, 10 + number)
            late = make_appointment(
                visit, user=visit.lead_user, day=day, start="22:00", end="23:00", title=f"D{number}"
            )
        late.ends_at = wall(17, 1, 0)
    board = columns(case)
    assert (len(board), board["2027-05-17"]) == (8, ["D6 60"])


@pytest.mark.parametrize("view", ["week", "day"])
def test_calendar_draws_what_is_after_midnight_on_the_next_day(case: Case, view: str) -> None:
    case.browser(cast.OLA).post(stop_url(case), data=typed(case, "23:30", "00:20"))
    page = case.browser(cast.OLA).get(f"{case.url('/calendar')}?view={view}&date=2027-05-11").text
    assert page.count('<bdi class="what">LateD</bdi>') == (2 if view == "week" else 1)
    entries = re.findall(r'<a class="entry".*?<time[^>]*>(.*?)</time>.*?<bdi class="what">(.*?)</bdi>', page, re.S)
    said = [clock for clock, title in entries if title == "LateD"]
    assert said == (["23:30–00:20 the next day", "until 00:20"] if view == "week" else ["until 00:20"])
    assert 'data-row="1" data-span="2"' in page


@pytest.mark.browser
@pytest.mark.one_engine
@pytest.mark.parametrize(("ends", "said"), [("00:00", "23:10–24:00"), ("00:20", NEXT_DAY)])
def test_board_keeps_how_long_a_late_stop_is(case: Case, open_page: OpenPage, ends: str, said: str) -> None:
    case.browser(cast.OLA).post(stop_url(case), data=typed(case, "23:10", ends))
    page = open_page(case.url("/arrange"), user=case.sessions[cast.OLA.email])
    page.set_viewport_size({"width": DESK, "height": 2000})
    page.locator(".board-stop:not([data-rest])").filter(has_text="LateD").locator("a").focus()
    page.keyboard.press(" ")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-board-says]")).to_contain_text(f"Tue 11 May 2027, {said}.")
    with page.expect_navigation():
        page.keyboard.press(" ")
    assert times(case) == f"11 23:10 - 12 {ends}"


@pytest.mark.browser
@pytest.mark.one_engine
def test_rest_of_a_night_is_drawn_from_midnight_and_goes_while_its_stop_is_held(
    case: Case, open_page: OpenPage, axe: Callable[[Page], None]
) -> None:
    case.browser(cast.OLA).post(stop_url(case), data=typed(case, "23:10", "01:10"))
    page = open_page(case.url("/arrange"), user=case.sessions[cast.OLA.email])
    page.set_viewport_size({"width": DESK, "height": 2600})
    axe(page)
    rest = page.locator("[data-rest]")
    expect(rest).to_have_count(1)
    box, column = rest.bounding_box(), page.locator("[data-day='2027-05-11'] ol").bounding_box()
    assert box is not None
    assert column is not None
    assert (round(box["y"] - column["y"]), round(box["height"])) == (0, 84)  # 70 minutes
    page.locator(".board-stop:not([data-rest])").filter(has_text="LateD").locator("a").focus()
    page.keyboard.press(" ")
    expect(rest).to_be_hidden()
    page.keyboard.press("Escape")
    expect(rest).to_be_visible()
