"""The calendar pages: every kind, every view, an address for each, and only what the reader may see."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.people.absences import enter_absence
from app.people.models import Place
from app.people.quiet import enter_quiet_period
from app.visits.models import Visit
from app.web.calendar import days
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.harness.browser import OpenPage
from tests.web.office import Store, counted_queries, find_visit, open_office, refs_in, user_called, words_of

VIEWS = ("month", "week", "day", "list")
DATE = "date=2027-05-10"


def address_of(kind: str, store: Store, ref: str) -> str:
    """The calendar of that kind that shows the visit's stop."""
    with store() as session:
        visit = find_visit(session, ref)
        stop = visit.appointments[0]
        return {
            "all": "/calendar",
            "visit": f"/visits/{ref}/calendar",
            "person": f"/calendar/people/{stop.contact_id}",
            "host": f"/calendar/hosts/{stop.host_id}",
            "mine": "/calendar/mine",
        }[kind]


@pytest.mark.parametrize("kind", ["all", "visit", "person", "host", "mine"])
def test_every_calendar_shows_the_stop_in_every_view(
    app: Flask, store: Store, clock: time_machine.Traveller, kind: str
) -> None:
    office = open_office(app, store)
    with store() as session:
        ref = make_visit("planned", user=user_called(session, cast.OLA)).ref
    url = address_of(kind, store, ref)
    for view in VIEWS:
        page = office.browser(cast.OLA).get(f"{url}?view={view}&{DATE}").text
        assert refs_in(page)[0] == ref, view
        words = words_of(page)
        assert "09:00–11:00" in words
        assert "Hold" in words
        assert "Lapses on 25 January" in words  # ten working days after 11 January
        assert "Pipe renewal on site" in words
        assert "Gemeente Utrecht" in words, view


def test_foreign_and_missing_calendars_are_the_same_404(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        siri = user_called(session, cast.SIRI)
        ref = make_visit("planned", user=siri, organisation="Tartu", themes=[], purpose="Fish.").ref
        foreign = [f"/calendar/people/{siri.id}", f"/calendar/hosts/{siri.hosts[0].id}", f"/visits/{ref}/calendar"]
        with_offer = {offer.host.slug for offer in find_visit(session, ref).offers}
    missing = ["/calendar/people/99999", "/calendar/hosts/99999", "/calendar/places/99999", "/visits/ZZZ-ZZZ/calendar"]
    missing += ["/calendar/open", "/calendar/open?of=host-x", "/calendar/open?of=visit-1"]
    reader = cast.BRITA if "brannvesen" not in with_offer else cast.OLA
    for path in foreign + missing:
        assert office.browser(reader).get(path).status_code == 404, path
    for path in foreign:
        assert office.browser().get(path).status_code == 200, path


def test_place_shows_other_hosts_visits_as_busy_only(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        siri = user_called(session, cast.SIRI)
        place = session.scalars(select(Place).order_by(Place.id)).first()
        assert place is not None
        visit = make_visit("claimed", user=siri, organisation="Tartu Linnavalitsus", themes=[], purpose="Fish.")
        make_appointment(visit, user=siri, place=place, title="Secret supper")
        for offer in visit.offers:
            session.delete(offer)
        url = f"/calendar/places/{place.id}"
    for view in VIEWS:
        page = office.browser(cast.OLA).get(f"{url}?view={view}&{DATE}").text
        assert "Busy" in words_of(page), view
        assert [word for word in ("Secret supper", "Tartu", "Siri") if word in page] == [], view
        assert refs_in(page) == []
        assert "Secret supper" in office.browser().get(f"{url}?view={view}&{DATE}").text


def test_filter_is_part_of_every_address_on_the_page(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        ola, siri = user_called(session, cast.OLA), user_called(session, cast.SIRI)
        held = make_visit("planned", user=ola).ref
        sure = make_visit("confirmed", user=siri, organisation="Tartu", themes=[], purpose="Fish.").ref
        slug = siri.hosts[0].slug
    browser = office.browser()
    only_sure = browser.get(f"/calendar?view=week&{DATE}&status=confirmed&host={slug}").text
    assert refs_in(only_sure) == [sure]
    for link in ("view=week&amp;date=2027-05-03", "view=week&amp;date=2027-05-17", "view=list&amp;date=2027-05"):
        assert f'href="/calendar?{link}&amp;status=confirmed&amp;host={slug}"' in only_sure, link
    assert refs_in(browser.get(f"/calendar?view=list&{DATE}&status=hold").text) == [held]
    wrong = browser.get(f"/calendar?view=list&{DATE}&theme=no-such-theme")
    assert (wrong.status_code, refs_in(wrong.text)) == (200, [])
    assert "There is no “no-such-theme” here." in words_of(wrong.text)


def test_visits_calendar_opens_where_its_programme_begins(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        ref = make_visit("planned", user=user_called(session, cast.OLA)).ref
    assert "May 2027" in words_of(office.browser(cast.OLA).get(f"/visits/{ref}/calendar").text)


def test_cancelled_stop_is_told_by_word_when_asked_for(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("planned", user=user_called(session, cast.OLA))
        visit.appointments[0].status = "cancelled"
        ref = visit.ref
    url = f"/visits/{ref}/calendar?view=list&{DATE}"
    browser = office.browser(cast.OLA)
    assert "Pipe renewal" not in words_of(browser.get(url).text)
    assert "Pipe renewal on site Cancelled" in words_of(browser.get(url + "&status=cancelled").text)


def test_full_day_leads_to_the_day(app: Flask, store: Store) -> None:
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("planned", user=user_called(session, cast.OLA))
        for number in range(8):
            _stop_at(visit, session, number)
    browser = office.browser()
    month = browser.get(f"/calendar?{DATE}").text
    assert "+5 more" in words_of(month)
    assert 'class="more" href="/calendar?view=day&amp;date=2027-05-10"' in month
    assert words_of(browser.get(f"/calendar?view=list&{DATE}").text).count("Stop number") == 8


@pytest.mark.parametrize("width", [1060, 700], ids=["landscape", "portrait"])
def test_printed_week_has_every_stop_once_however_many_are_at_once(
    app: Flask, store: Store, open_page: OpenPage, width: int
) -> None:
    """Paper has no clock but the list of each day, on broad paper the days side by side."""
    office = open_office(app, store)
    people = (cast.OLA, cast.BRITA, cast.SIRI, cast.KARI)
    with store() as session:
        visit = make_visit("claimed", user=user_called(session, cast.OLA))
        for number, person in enumerate(people):
            user = user_called(session, person)
            make_appointment(visit, user=user, title=f"Stop number {number}", host=visit.lead_host)
    page = open_page(f"/calendar?view=week&{DATE}", width=width, user=office.sessions[cast.KARI.email])
    page.emulate_media(media="print")
    for number in range(len(people)):
        expect(page.get_by_text(f"Stop number {number}").filter(visible=True)).to_have_count(1)
    expect(page.get_by_text("more –")).to_be_hidden()


@pytest.mark.parametrize("of_visit", [False, True], ids=["all", "visit"])
def test_printed_month_has_every_stop_of_a_full_day_once(
    app: Flask, store: Store, open_page: OpenPage, of_visit: bool
) -> None:
    """The table has room for four; the others stand in a list below it, on paper alone."""
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("claimed", user=user_called(session, cast.OLA))
        for number in range(8):
            _stop_at(visit, session, number)
        path = f"/visits/{visit.ref}/calendar" if of_visit else "/calendar"
    page = open_page(f"{path}?view=month&{DATE}", width=718, user=office.sessions[cast.KARI.email])
    below = page.get_by_role("region", name="More on full days")
    expect(below).to_be_hidden()
    page.emulate_media(media="print")
    for number in range(8):
        expect(page.get_by_text(f"Stop number {number}").filter(visible=True)).to_have_count(1)
    expect(below.get_by_role("listitem")).to_have_count(4)


def test_month_prints_at_most_forty_more_of_a_day_and_says_where_the_rest_is(
    app: Flask, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(days, "MOST_PRINTED", 3)
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("claimed", user=user_called(session, cast.OLA))
        for number in range(8):
            _stop_at(visit, session, number)
    month = office.browser().get(f"/calendar?{DATE}").text
    address = f"{app.config['BASE_URL']}/calendar?view=day&date=2027-05-10"
    assert f"1 more stands at {address}" in words_of(month)
    assert words_of(month).count("Stop number") == 7


def _stop_at(visit: Visit, session: object, number: int) -> None:
    user = user_called(session, cast.OLA)  # type: ignore[arg-type]
    hour = 12 + number
    make_appointment(visit, user=user, start=f"{hour}:00", end=f"{hour}:45", title=f"Stop number {number}")


@pytest.mark.parametrize(
    ("view", "reader"), [("month", cast.KARI), ("week", cast.KARI), ("list", cast.OLA)], ids=["month", "week", "list"]
)
def test_page_asks_as_often_for_thirty_stops_as_for_one(
    app: Flask, store: Store, clock: time_machine.Traveller, view: str, reader: cast.Person
) -> None:
    office = open_office(app, store)
    with store() as session:
        visit = make_visit("planned", user=user_called(session, cast.OLA))
        ref = visit.ref
    counts = []
    for stops in (1, 3, 30):
        with store() as session:
            visit, ola = find_visit(session, ref), user_called(session, cast.OLA)
            for number in range(len(visit.appointments), stops):
                day = date(2027, 5, 11 + number % 3)
                clock_of = divmod(8 * 60 + number // 3 * 30, 60)
                start, end = f"{clock_of[0]}:{clock_of[1]:02d}", f"{clock_of[0]}:{clock_of[1] + 25:02d}"
                make_appointment(visit, user=ola, day=day, start=start, end=end)
        browser = office.browser(reader)
        browser.get(f"/calendar?view={view}&{DATE}")
        with counted_queries(app) as seen:
            assert browser.get(f"/calendar?view={view}&{DATE}").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] == counts[2], counts


@pytest.mark.parametrize("view", VIEWS)
def test_absences_and_quiet_periods_stand_beside_the_days(app: Flask, store: Store, view: str) -> None:
    office = open_office(app, store)
    with store() as session:
        ola = user_called(session, cast.OLA)
        span = (date(2027, 5, 10), date(2027, 5, 12))
        enter_absence(ola, span, by=ola, at=cast.MONDAY)
        enter_quiet_period(ola.hosts[0], span, note="moving house", by=ola, at=cast.MONDAY)
        url = f"/calendar/people/{ola.id}?view={view}&{DATE}"
    words = words_of(office.browser(cast.OLA).get(url).text)
    assert "Away: Ola Overvann" in words
    assert "No visits: Department of Urban Development" in words
    assert "moving house" not in words
