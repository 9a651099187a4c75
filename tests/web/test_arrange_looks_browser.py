"""How a programme is drawn in a real browser: on a phone, side by side, its status, and what is in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.people.models import User
from tests import cast
from tests.factories import make_appointment
from tests.harness.browser import DESK, PHONE, OpenPage
from tests.web.hosting import Case, Store, find_visit
from tests.web.stop_forms import QUARTER, ola_is_away, open_lunch_case, stop

pytestmark = [pytest.mark.browser, pytest.mark.one_engine]
Axe = Callable[[Page], None]


@pytest.fixture
def case(app: Flask, store: Store) -> Case:
    return open_lunch_case(app, store)


def test_board_on_a_phone_is_a_list_without_gaps_and_nothing_is_cut_off(case: Case, open_page: OpenPage) -> None:
    """Stops at their heights on the clock would leave half a day empty and a long title without room."""
    with case.store() as session:
        visit = find_visit(session, case.ref)
        title = "A title that goes on and on and needs more than one line of any telephone"
        make_appointment(visit, user=visit.lead_user, start="14:00", end="14:30", title=title)
    page = open_page(case.url("/arrange"), user=case.sessions[cast.OLA.email], width=PHONE)
    expect(page.locator("[data-board][data-live]")).to_have_count(1)
    cut = "stops => stops.filter(one => one.scrollHeight > one.clientHeight + 1).length"
    assert page.locator(".board-stop").evaluate_all(cut) == 0
    foot = "lists => lists.map(one => one.getBoundingClientRect().bottom)"
    filled = page.locator("[data-board] ol:has(li)")
    below = zip(filled.evaluate_all(foot), filled.locator("li:last-child").evaluate_all(foot), strict=True)
    assert [list_ends - stop_ends < QUARTER for list_ends, stop_ends in below] == [True]


def test_only_stops_at_the_same_time_share_the_width_of_a_day(case: Case, open_page: OpenPage) -> None:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        ulrik = session.scalars(select(User).where(User.email == cast.ULRIK.email)).one()
        make_appointment(visit, user=visit.lead_user, contact=ulrik, start="12:30", end="13:30", title="Beside it")
    page = open_page(case.url("/arrange"), user=case.sessions[cast.OLA.email])
    day = page.locator("[data-day='2027-05-10'] ol").bounding_box()
    assert day is not None
    shares = {}
    for title in ("Pipe", "Lunch", "Beside it"):
        box = stop(page, title).bounding_box()
        assert box is not None
        shares[title] = round(day["width"] / box["width"])
    assert shares == {"Pipe": 1, "Lunch": 2, "Beside it": 2}


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_every_card_says_that_something_is_in_the_way_however_short_it_is(
    case: Case, open_page: OpenPage, axe: Axe, width: int
) -> None:
    """A short card at a desk has only the sign; its words are read out all the same. Nothing is cut off."""
    with case.store() as session:
        visit = find_visit(session, case.ref)
        for start, end in (("13:00", "13:10"), ("13:30", "14:15"), ("14:30", "15:30")):
            make_appointment(visit, user=visit.lead_user, start=start, end=end, title=f"At {start}")
    page = open_page(case.url("/arrange"), user=case.sessions[cast.OLA.email], width=width)
    expect(page.locator(".board-stop .met")).to_have_count(0)
    ola_is_away(case)
    page.reload()
    signs = page.locator(".board-stop .met [aria-hidden]")
    expect(signs).to_have_count(5)
    for sign in signs.all():
        box, card = sign.bounding_box(), sign.locator("xpath=ancestor::li").bounding_box()
        assert box is not None
        assert card is not None
        assert card["y"] <= box["y"] + 1
        assert box["y"] + box["height"] <= card["y"] + card["height"] + 1
    expect(page.get_by_role("link", name="In the way")).to_have_count(5)
    cut = "stops => stops.filter(one => one.scrollHeight > one.clientHeight + 1).length"
    assert page.locator(".board-stop").evaluate_all(cut) == 0
    axe(page)


def test_typed_times_show_what_they_hit_beside_the_field(case: Case, open_page: OpenPage, axe: Axe) -> None:
    page = open_page(case.url("/appointments/new"), user=case.sessions[cast.OLA.email])
    with case.store() as session:
        ola = str(find_visit(session, case.ref).appointments[0].contact_id)
    page.get_by_label("Day").fill(date(2027, 5, 10).isoformat())
    page.get_by_label("From").fill("10:00")
    page.get_by_label("Until").fill("10:30")
    page.get_by_label("Contact person").select_option(ola)
    expect(page.locator("[data-conflicts-here]")).to_contain_text("Ola Overvann is taken: “Pipe renewal on site”")
    page.get_by_label("From").fill("20:00")
    page.get_by_label("Until").fill("21:00")
    expect(page.locator("[data-conflicts-here]")).to_contain_text("Outside the hours")
    axe(page)


def test_status_is_read_on_half_an_hour(case: Case, open_page: OpenPage) -> None:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        make_appointment(visit, user=visit.lead_user, start="13:15", end="13:45", title="Coffee")
    page = open_page(case.url("/arrange"), user=case.sessions[cast.OLA.email])
    expect(page.locator("[data-board][data-live]")).to_have_count(1)
    coffee = stop(page, "Coffee")
    whole, line = coffee.bounding_box(), coffee.locator(".time").bounding_box()
    assert whole is not None
    assert line is not None
    expect(coffee.locator(".time")).to_contain_text("Hold")
    assert line["y"] + line["height"] <= whole["y"] + whole["height"]


def test_status_stays_within_its_stop_where_two_share_a_day_of_the_week(case: Case, open_page: OpenPage) -> None:
    with case.store() as session:
        visit = find_visit(session, case.ref)
        ola, ulrik = cast.bring(cast.OLA, cast.ULRIK)
        ola.language = "nb"  # Reservasjon is longer than Hold
        make_appointment(visit, user=ulrik, start="09:00", end="11:00", title="Meanwhile")
    page = open_page(case.url("/calendar?view=week&date=2027-05-10"), user=case.sessions[cast.OLA.email])
    expect(page.locator(".time-grid .entry")).to_have_count(3)
    for entry in page.locator(".time-grid .entry").all():
        whole, mark = entry.bounding_box(), entry.locator(".status-mark").bounding_box()
        assert whole is not None
        assert mark is not None
        assert mark["x"] + mark["width"] <= whole["x"] + whole["width"]
