"""In a browser: the form that another person was faster than, and the board that was moved under one's hands."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests import cast
from tests.harness.browser import DESK, PHONE, OpenPage
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.office import open_office, user_called
from tests.web.stop_forms import WALL, user_id
from tests.web.test_calendar_own import busy, own_calendar, wall

Axe = Callable[[Page], None]


def _look(page: Page, name: str) -> None:
    if where := os.environ.get("LOOK"):
        page.screenshot(path=f"{where}/{name}.png", full_page=True)


def _moved_to(case: Case, clock: str) -> None:
    """Ulrik moves the stop, from wherever it is."""
    reader = case.browser(cast.ULRIK)
    with case.store() as session:
        number = find_visit(session, case.ref).appointments[0].id
    url = case.url(f"/appointments/{number}/move-to")
    ends = f"{int(clock[:2]) + 1:02d}:30"
    assert reader.post(url, data={"on": "2027-05-10", "starts": clock, "ends": ends}).status_code == 303


def _times(case: Case) -> str:
    with case.store() as session:
        stop = find_visit(session, case.ref).appointments[0]
        return f"{stop.starts_at:%H:%M}"


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    """A claimed visit with one stop of Ola's at 9 to 11."""
    case = open_case(app, store, "claimed")
    case.browser(cast.OLA).post(case.url("/appointments/new"), data=WALL | {"contact": user_id(case, cast.OLA)})
    return case


@pytest.mark.parametrize(("language", "width"), [("en", DESK), ("nn", PHONE)])
def test_form_says_what_it_is_now_and_takes_theirs(
    case: Case, open_page: OpenPage, axe: Axe, language: str, width: int
) -> None:
    with case.store() as session:
        number = find_visit(session, case.ref).appointments[0].id
        user_called(session, cast.OLA).language = language
        session.commit()
    path = case.url(f"/appointments/{number}")
    page = open_page(path, user=case.sessions[cast.OLA.email], width=width, language=language)
    _moved_to(case, "13:00")
    page.fill("#starts", "15:00")
    page.fill("#ends", "16:00")
    page.fill("#note", "Ring the bell")
    page.locator("main form.form button[type=submit]").first.click()
    expect(page.locator("#on-error")).to_contain_text("Ulrik Utvikling")
    expect(page.locator("#starts")).to_have_value("15:00")
    axe(page)
    _look(page, f"clash-{language}-{width}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("button[name=theirs]").click()
    assert _times(case) == "11:00"  # UTC: theirs
    with case.store() as session:
        assert find_visit(session, case.ref).appointments[0].note == "Ring the bell"


def test_key_on_a_board_that_was_moved_changes_nothing_and_says_so(case: Case, open_page: OpenPage, axe: Axe) -> None:
    page = open_page(case.url("/arrange"), user=case.sessions[cast.OLA.email])
    _moved_to(case, "13:00")
    page.locator(".board-stop a").focus()
    for key in (" ", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press(" ")
    expect(page.locator("[data-error-summary]")).to_contain_text("Ulrik Utvikling changed this")
    assert _times(case) == "11:00"
    axe(page)
    _look(page, "board-stale")
    page.get_by_role("button", name="Save mine").click()
    assert _times(case) == "07:30"  # UTC: 9:30, as it was put down


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_own_busy_times_on_the_calendar(app: Flask, store: Store, open_page: OpenPage, axe: Axe, width: int) -> None:
    office = open_office(app, store)
    with store() as session:
        ola = user_called(session, cast.OLA)
        calendar = own_calendar(ola)
        busy(session, calendar, wall("09:00"), wall("11:00"))
        busy(session, calendar, wall("13:00", 11), wall("14:00", 11), tentative=True)
        busy(session, calendar, wall("00:00", 12), wall("00:00", 13))
    for view in ("month", "week", "day", "list"):
        path = f"/calendar/mine?view={view}&date=2027-05-10"
        page = open_page(path, user=office.sessions[cast.OLA.email], width=width)
        expect(page.locator("[data-own]").first).to_be_attached()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
        _look(page, f"own-{view}-{width}")
