"""What the calendar's pages look like where room is scarce: a phone, paper, a short stop; headings; every view."""

from __future__ import annotations

from datetime import datetime, time

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.core.time import from_venue, now, venue_date
from app.people.links import mint_link
from tests import cast
from tests.factories import WATER, make_appointment, make_visit
from tests.harness.browser import DESK, PHONE, OpenPage
from tests.web.office import Store, open_office, user_called, words_of

# The lines of a stop on the board that are drawn, and whether one of them is cut.
LINES = """li => {
  const box = li.getBoundingClientRect(), lines = [...li.querySelectorAll('a > *')].filter(e => e.offsetHeight)
  return [lines.length, lines.some(e => e.getBoundingClientRect().bottom > box.bottom)]
}"""


def test_short_stop_on_the_board_has_fewer_lines_and_none_is_cut(app: Flask, store: Store, open_page: OpenPage) -> None:
    office = open_office(app, store)
    titles = {"09:15": "Quarter", "10:30": "Half an hour", "11:45": "Three quarters", "13:15": "Long"}
    with store() as session:
        ola = user_called(session, cast.OLA)
        visit = make_visit("claimed", user=ola)
        for end, title in titles.items():
            hour = int(end[:2]) - (title == "Long")
            make_appointment(visit, user=ola, start=f"{hour:02d}:00", end=end, title=f"{title}, {'and more ' * 9}")
        path = f"/visits/{visit.ref}/arrange"
    page = open_page(path, user=office.sessions[cast.OLA.email])
    stops = page.locator(".board-stop")
    expect(stops).to_have_count(4)
    assert [stops.nth(number).evaluate(LINES) for number in range(4)] == [
        [2, False],
        [2, False],
        [2, False],
        [3, False],
    ]
    heights = [stops.nth(number).locator("strong").bounding_box() for number in range(4)]
    assert all(box is not None and box["height"] < 25 for box in heights[:3])  # one line each


@pytest.mark.parametrize("language", ["en", "nb", "nn"])
def test_phone_has_other_weeks_on_one_line_and_the_views_on_another(
    app: Flask, store: Store, open_page: OpenPage, language: str
) -> None:
    office = open_office(app, store)
    path = f"/calendar?view=week&date=2027-05-10&lang={language}"
    page = open_page(path, width=PHONE, user=office.sessions[cast.KARI.email])
    for bar in page.locator(".calendar-tools nav").all():
        tops = bar.locator(".ds-button").evaluate_all("all => all.map(e => Math.round(e.getBoundingClientRect().top))")
        assert len(set(tops)) == 1, (language, tops)


def test_paper_of_the_day_has_numbers_and_addresses_for_buttons(app: Flask, store: Store, open_page: OpenPage) -> None:
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("planned", user=user_called(session, cast.OLA), contact_phone="030 286 00 00")
        noon = from_venue(datetime.combine(venue_date(now()), time(12)))
        visit.appointments[0].starts_at, visit.appointments[0].ends_at = noon, noon.replace(minute=45)
    page = open_page("/today", user=office.sessions[cast.OLA.email])
    buttons, map_link = page.locator(".reach .ds-button"), page.get_by_role("link", name="Map")
    address, number = (
        page.get_by_text(WATER.contact_email),
        page.locator(".reach span > bdi").get_by_text("030 286 00 00"),
    )
    expect(buttons.first).to_be_visible()
    expect(address).to_be_hidden()
    page.emulate_media(media="print")
    for hidden in (*buttons.all(), map_link):
        expect(hidden).to_be_hidden()
    for shown in (address, number):
        expect(shown).to_be_visible()


def test_paper_of_the_visitors_programme_has_the_address_but_no_map_to_press(
    app: Flask, store: Store, open_page: OpenPage
) -> None:
    open_office(app, store)
    with store() as session:
        visit = make_visit("proposed", user=user_called(session, cast.OLA))
        path = f"/v/{mint_link('visit', visit.id, at=now())}/programme"
    page = open_page(path)
    expect(page.get_by_role("link", name="Map")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Map")).to_be_hidden()
    expect(page.get_by_text("Øvre Dreggsallmenningen", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/calendar?view=list&date=2027-05-10", "Mandag 10. mai 2027"),
        ("/calendar?view=day&date=2027-05-10", "Mandag 10. mai 2027"),
        ("/visits/{ref}/programme", "Mandag 10. mai 2027"),
    ],
)
def test_heading_that_is_a_day_begins_with_a_capital_letter(app: Flask, store: Store, path: str, heading: str) -> None:
    office = open_office(app, store)
    with store() as session:
        ref = make_visit("planned", user=user_called(session, cast.OLA)).ref
    page = office.browser(cast.ULRIK).get(path.format(ref=ref)).text
    assert heading in words_of(page)


def test_visits_calendar_leads_back_to_the_visit_by_the_name_of_who_comes(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        ref = make_visit("planned", user=user_called(session, cast.OLA)).ref
    page = office.browser(cast.OLA).get(f"/visits/{ref}/calendar").text
    assert f'href="/visits/{ref}">{WATER.organisation}</a>' in page


@pytest.mark.browser
@pytest.mark.one_engine
@pytest.mark.parametrize(("language", "width"), [("en", DESK), ("nb", PHONE)])
def test_calendars_are_accessible_in_every_view(
    app: Flask, store: Store, open_page: OpenPage, axe: object, language: str, width: int
) -> None:
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("planned", user=user_called(session, cast.OLA))
        for number in range(8):
            make_appointment(
                visit, user=user_called(session, cast.OLA), start=f"{12 + number}:00", end=f"{12 + number}:45"
            )
    page = open_page("/calendar?date=2027-05-10", language=language, width=width, user=office.sessions[cast.OLA.email])
    for view in ("month", "week", "day", "list"):
        page.goto(f"/calendar?date=2027-05-10&view={view}")
        axe(page)  # type: ignore[operator]
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    assert page.locator(".programme > li").count() == 9
