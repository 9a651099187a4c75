"""Find times and suggest a programme: what the lead host sees, and what one click does."""

from __future__ import annotations

import re
from datetime import date, datetime
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from markupsafe import escape
from playwright.sync_api import expect

from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.time import from_venue, in_venue
from app.people.actors import by_user
from app.visits import lifecycle
from tests import cast
from tests.factories import make_appointment
from tests.harness.browser import DESK, PHONE, OpenPage
from tests.web.hosting import Case, Store, find_visit, open_case
from tests.web.office import user_called


def asks(*stops: dict[str, str], **rules: str) -> str:
    """The address's values for these stops."""
    values = {f"stops-{n}-{name}": value for n, stop in enumerate(stops) for name, value in stop.items()}
    return urlencode(values | {"stay": "1", "most": "4", "lunch": "yes", "search": "yes"} | rules)


PIPES = {"title": "Pipes on site", "host": "byutvikling", "minutes": "90", "contact": "", "place": "svartediket"}
PUMPS = {"title": "Fire pumps", "host": "brannvesen", "minutes": "60", "contact": "", "place": "hovedbrannstasjonen"}


def held(case: Case) -> list[tuple[str, str, str]]:
    with case.store() as session:
        return [(s.title, s.status, s.answer) for s in find_visit(session, case.ref).appointments if not s.is_cancelled]


def first_choice(page: str) -> str:
    found = re.search(r'name="programme" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_the_visits_page_leads_to_both(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    page = case.browser(cast.OLA).get(case.url()).text
    assert case.url("/times") in page
    assert case.url("/suggest") in page


def test_each_host_that_takes_part_has_a_stop_to_begin_with(app: Flask, store: Store) -> None:
    """The lead host first; every stop's host can be changed."""
    case = open_case(app, store, "claimed")
    with store() as session:
        visit, fire = find_visit(session, case.ref), cast.host("brannvesen")
        lifecycle.join(visit, fire, by=by_user(*cast.bring(cast.BRITA), fire))
    page = BeautifulSoup(case.browser(cast.OLA).get(case.url("/suggest")).data, "html.parser")
    chosen = [page.select(f"[name=stops-{number}-host] [selected]")[0]["value"] for number in range(3)]
    assert chosen == ["byutvikling", "brannvesen", "byutvikling"]


def test_three_programmes_and_using_one_holds_all_its_stops(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola, address = case.browser(cast.OLA), case.url("/suggest?" + asks(PIPES, PUMPS))
    page = ola.get(address).text
    assert len(re.findall(r'name="programme"', page)) == 3
    for card in re.findall(r'<section class="card.*?</section>', page, re.DOTALL):  # who, and where
        assert "<bdi>Bergen Fire Department</bdi> · <bdi>Bergen main fire station</bdi>" in card
    assert held(case) == []
    answer = ola.post(address, data={"programme": first_choice(page)})
    assert (answer.status_code, answer.location) == (303, case.url("#programme"))
    assert sorted(held(case)) == [("Fire pumps", "hold", "asked"), ("Pipes on site", "hold", "accepted")]


def test_a_wish_for_one_day_without_a_time_is_that_day_at_any_time(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola, days = case.browser(cast.OLA), set[str]()
    week = {"first_on": "2027-05-10", "last_on": "2027-05-14"}
    for day in ("2027-05-10", "2027-05-11"):
        answer = ola.get(case.url("/suggest?" + asks(PIPES | {"on": day, "starts": ""}, **week)))
        page = BeautifulSoup(answer.data, "html.parser")
        found = {str(one["datetime"])[:10] for one in page.select(".time time")}
        assert (answer.status_code, len(found)) == (200, 1)
        days |= found
    assert days == {"2027-05-10", "2027-05-11"}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "A fixed time needs its day too. A day without a time means any time on that day."),
        ("nb", "Et fast tidspunkt må også ha en dag. En dag uten tidspunkt betyr når som helst den dagen."),
        ("nn", "Eit fast tidspunkt må òg ha ein dag. Ein dag utan tidspunkt tyder når som helst den dagen."),
    ],
)
def test_a_time_without_its_day_is_refused_beside_the_day(app: Flask, store: Store, language: str, words: str) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        user_called(session, cast.OLA).language = language
    answer = case.browser(cast.OLA).get(case.url("/suggest?" + asks(PIPES | {"starts": "10:00"})))
    page = BeautifulSoup(answer.data, "html.parser")
    field = page.select_one("[name=stops-0-on]")
    assert field is not None
    assert (answer.status_code, field.get("aria-invalid")) == (422, "true")
    assert words in page.get_text()
    assert page.select_one("[name=stops-0-starts]")["value"] == "10:00"  # type: ignore[index]


def test_a_programme_used_twice_is_used_once(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola, address = case.browser(cast.OLA), case.url("/suggest?" + asks(PIPES))
    choice = first_choice(ola.get(address).text)
    ola.post(address, data={"programme": choice})
    answer = ola.post(address, data={"programme": choice})
    assert answer.status_code == 303
    assert urlsplit(answer.location).path == case.url("/suggest")
    assert len(held(case)) == 1


def test_what_is_impossible_is_explained_with_changes_that_help(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    fixed = PIPES | {"on": "2027-05-10", "starts": "05:00"}
    page = ola.get(case.url("/suggest?" + asks(fixed, PUMPS))).text
    assert "No programme keeps every wish." in page
    host = "“Pipes on site”: Department of Urban Development"
    assert str(escape(f"{host} is only open 8:30–15:30, not the whole of the fixed time.")) in page
    assert "another day" not in page
    assert str(escape("“Pipes on site” at another time")) in page
    link = next(one for one in re.findall(r'href="([^"]*suggest\?[^"]*)"', page) if "stops-0-starts=&" in one)
    assert 'name="programme"' in ola.get(link.replace("&amp;", "&")).text


def test_on_two_days_only_the_stops_that_collide_are_named(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    stops = [
        PIPES | {"on": "2027-05-10", "starts": "10:00"},
        PUMPS | {"on": "2027-05-11", "starts": "10:00"},
        PUMPS | {"title": "Ladders", "on": "2027-05-10", "starts": "10:30"},
    ]
    page = BeautifulSoup(case.browser(cast.OLA).get(case.url("/suggest?" + asks(*stops, stay="2"))).data, "html.parser")
    (line,) = page.select("h3 + ul:not(.stack) li")
    day, sentence = line.get_text().split(": ", 1)
    assert day.startswith("Monday 10 May")
    assert sentence == "“Pipes on site” and “Ladders” are at the same time: 10:00–11:30 and 10:30–11:30."


@pytest.mark.parametrize("wrong", ["contact", "minutes", "days", "title"])
def test_wrong_values_are_told_beside_their_field_and_kept(app: Flask, store: Store, wrong: str) -> None:
    case = open_case(app, store, "claimed")
    stop, rules = dict(PIPES), {}
    if wrong == "contact":
        stop["contact"] = "999999"
    elif wrong == "minutes":
        stop["minutes"] = "soon"
    elif wrong == "days":
        rules = {"first_on": "2027-05-12", "last_on": "2027-05-10"}
    else:
        stop["title"] = ""
    answer = case.browser(cast.OLA).get(case.url("/suggest?" + asks(stop, **rules)))
    assert answer.status_code == 422
    assert "Something needs another look" in answer.text
    assert "svartediket" in answer.text


def test_what_is_no_number_is_told_once(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    page = case.browser(cast.OLA).get(case.url("/suggest?" + asks(PIPES | {"minutes": "abc"}))).text
    assert page.count("ds-validation-message") == 1
    values = {"title": "Pipes", "host": "byutvikling", "minutes": "abc", "contact": "", "place": ""}
    page = case.browser(cast.OLA).get(case.url("/times?" + urlencode(values))).text
    assert page.count("ds-validation-message") == 1


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_what_is_impossible_has_the_quotation_marks_of_the_language(app: Flask, store: Store, language: str) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    ola.get(f"/inbox?lang={language}")
    page = ola.get(case.url("/suggest?" + asks(PIPES | {"on": "2027-05-10", "starts": "05:00"}, PUMPS))).text
    assert "«Pipes on site»: " in page
    assert "“" not in page


def test_wrong_values_are_told_in_the_readers_language_and_say_of_which_stop(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    ola.get("/inbox?lang=nb")
    page = ola.get(case.url("/suggest?" + asks(PIPES, PUMPS | {"minutes": "5"}))).text
    assert "Programpost 2, Minutter: Tallet må være mellom 15 og 480." in page
    assert "must be" not in page


def test_a_time_in_the_hosts_own_calendar_can_be_left_out_of_account(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        own = ExternalCalendar(
            host_id=cast.host("byutvikling").id, sealed_url="x", due_at=cast.MONDAY, created_at=cast.MONDAY
        )
        session.add(own)
        session.flush()
        for day in (10, 11, 12):
            session.add(BusyBlock(calendar_id=own.id, starts_at=at_venue(day, 7), ends_at=at_venue(day, 18)))
    ola = case.browser(cast.OLA)
    page = ola.get(case.url("/suggest?" + asks(PIPES))).text
    assert str(escape("is not free at all (taken in their own calendar).")) in page
    assert "Although Department of Urban Development is taken" in page
    link = next(one for one in re.findall(r'href="([^"]*suggest\?[^"]*)"', page) if "ignore=imported-" in one)
    page = ola.get(link.replace("&amp;", "&")).text
    assert 'name="programme"' in page
    assert "own calendar is left out of account: ask them first." in page


def at_venue(day: int, hour: int) -> datetime:
    return from_venue(datetime(2027, 5, day, hour))


def test_only_those_who_lead_may_ask(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    for end in ("/suggest", "/times"):
        assert case.browser(cast.BRITA).get(case.url(end)).status_code in (403, 404, 409)


@pytest.mark.parametrize("title", ["Pipes", ""])
def test_where_no_time_is_free_it_is_said_why(app: Flask, store: Store, title: str) -> None:
    case = open_case(app, store, "claimed")
    with store():
        cast.host("byutvikling").opening_hours = {}
    values = {"title": title, "host": "byutvikling", "minutes": "60", "contact": "", "place": ""}
    answer = case.browser(cast.OLA).get(case.url("/times?" + urlencode(values)))
    assert answer.status_code == 200
    page = BeautifulSoup(answer.data, "html.parser").get_text(" ", strip=True)
    assert "There is no free time on the visitor's days." in page
    assert f"“{title or 'Stop'}”: Department of Urban Development has no opening hours on this day." in page


def test_where_the_visits_own_stops_leave_no_time_they_are_named_as_the_reason(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    with store() as session:
        visit = find_visit(session, case.ref)
        (ola,) = cast.bring(cast.OLA)
        for window in visit.windows[1:]:
            session.delete(window)
        visit.windows[0].starts_on = visit.windows[0].ends_on = date(2027, 5, 10)
        make_appointment(visit, user=ola, start="08:00", end="19:30", title="All day")
    values = {"title": "Pipes", "host": "byutvikling", "minutes": "60", "contact": "", "place": ""}
    page = case.browser(cast.OLA).get(case.url("/times?" + urlencode(values))).text
    assert "the visit's own stops leave no time for it." in str(BeautifulSoup(page, "html.parser").get_text())


def test_a_free_time_fills_the_form_of_an_appointment(app: Flask, store: Store) -> None:
    case = open_case(app, store, "claimed")
    ola = case.browser(cast.OLA)
    values = {"title": "Pipes", "host": "byutvikling", "minutes": "60", "contact": "", "place": "svartediket"}
    page = ola.get(case.url("/times?" + urlencode(values))).text
    address = re.search(r'href="([^"]*appointments/new\?[^"]*)"', page)
    assert address
    link = address[1].replace("&amp;", "&")
    wanted = parse_qs(urlsplit(link).query)
    form = ola.get(link).text
    assert f'value="{wanted["starts"][0]}"' in form
    assert 'value="Pipes"' in form
    data = {name: one[0] for name, one in wanted.items()} | {"place_text": "", "note": ""}
    assert ola.post(case.url("/appointments/new"), data=data).status_code == 303
    with store() as session:
        (stop,) = find_visit(session, case.ref).appointments
        assert f"{in_venue(stop.starts_at):%H:%M}" == wanted["starts"][0]


@pytest.mark.browser
@pytest.mark.one_engine
@pytest.mark.parametrize(("language", "width"), [("en", DESK), ("nn", PHONE)])
def test_suggestions_are_accessible(app: Flask, store: Store, open_page: OpenPage, axe, language, width) -> None:
    case = open_case(app, store, "claimed")
    page = open_page("/privacy", language=language, width=width, user=case.sessions[cast.OLA.email])
    impossible = asks(PIPES | {"on": "2027-05-10", "starts": "05:00"}, PUMPS)
    times = urlencode({"title": "Pipes", "host": "byutvikling", "minutes": "60", "contact": "", "place": "svartediket"})
    for end in ("/suggest", "/suggest?" + asks(PIPES, PUMPS), "/suggest?" + impossible, "/times?" + times):
        page.goto(case.url(end))
        expect(page.locator("h1")).to_have_count(1)
        axe(page)
