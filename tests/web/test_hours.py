"""Pages of somebody's time: hours, quiet periods and own calendars, whose address nobody ever sees again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import scheduler
from app.calendars.models import ExternalCalendar
from app.core.time import from_venue
from app.people.models import Host, QuietPeriod
from app.visits.conflicts import conflicts_of
from app.visits.stops import Plan
from tests import cast
from tests.calendars.spellings import spellings
from tests.factories import make_visit
from tests.harness.internet import ALLOWED, small_internet
from tests.web.office import Office, Store, open_office, user_called, words_of

pytestmark = pytest.mark.usefixtures("clock")
SECRET = "https://calendar.example.org/private-3f9c2b7e51/basic.ics"
ENDS = ("opens", "closes")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@pytest.fixture
def office(app: Flask, store: Store) -> Office:
    return open_office(app, store)


def key(store: Store, whom: cast.Person | str) -> str:
    with store() as session:
        if isinstance(whom, str):
            return f"host-{cast.host(whom).id}"
        return f"person-{user_called(session, whom).id}"


def week(**days: tuple[str, str]) -> dict[str, str]:
    spans = {day: days.get(day, ("", "")) for day in DAYS}
    return {f"{day}-{end}": value for day, span in spans.items() for end, value in zip(ENDS, span, strict=True)}


def add(office: Office, store: Store, whom: cast.Person | str) -> int:
    data = {"calendar-who": key(store, whom), "calendar-url": SECRET}
    return int(office.browser(cast.OLA).post("/inbox/calendars", data=data).status_code)


def calendars(store: Store) -> list[int]:
    with store() as session:
        return list(session.scalars(select(ExternalCalendar.id).order_by(ExternalCalendar.id)))


def test_member_has_own_hours_and_gives_them_up(office: Office, store: Store) -> None:
    browser = office.browser(cast.OLA)
    assert "As the host has them" in words_of(browser.get("/inbox/hours").text)
    data = week(mon=("08:00", "12:00"), tue=("8", "12.00"), thu=("10:30", "14:00"))
    assert browser.post("/inbox/hours/mine", data=data).status_code == 303
    page = words_of(browser.get("/inbox/hours").text)
    assert "Monday–Tuesday 08:00–12:00 Thursday 10:30–14:00" in page
    assert 'value="10:30"' in browser.get("/inbox/hours/mine").text
    with store() as session:
        ola = user_called(session, cast.OLA)
        assert ola.opening_hours == {"mon": ["08:00", "12:00"], "tue": ["08:00", "12:00"], "thu": ["10:30", "14:00"]}
    assert browser.post("/inbox/hours/mine/as-host").status_code == 303
    with store() as session:
        assert user_called(session, cast.OLA).opening_hours is None


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (("08:00", ""), "Write both times, or none where the day is closed."),
        (("", "12:00"), "Write both times, or none where the day is closed."),
        (("12:00", "08:00"), "The second time must be later than the first."),
        (("noon", "13:00"), "Write the time as 09:30."),
    ],
)
def test_hours_that_cannot_be_are_refused_and_kept(office: Office, day: tuple[str, str], words: str) -> None:
    answer = office.browser(cast.OLA).post("/inbox/hours/mine", data=week(wed=day, fri=("09:00", "11:00")))
    told = re.search(f"Wednesday, (From|To): {re.escape(words)}", words_of(answer.text))
    assert (answer.status_code, bool(told)) == (422, True)
    assert all(f'value="{typed}"' in answer.text for typed in (*day, "11:00") if typed)


def test_a_day_may_open_twice_for_person_and_host(office: Office, store: Store) -> None:
    browser = office.browser(cast.OLA)
    data = week(mon=("08:00", "11:00"), tue=("08:00", "11:00")) | again(mon=("12:00", "15:00"), tue=("12", "15"))
    with store():
        ours = cast.host("byutvikling").id
    assert browser.post("/inbox/hours/mine", data=data).status_code == 303
    assert browser.post(f"/inbox/hours/hosts/{ours}", data=data).status_code == 303
    page = words_of(browser.get("/inbox/hours").text)
    assert page.count("Monday–Tuesday 08:00–11:00 and 12:00–15:00") == 2
    with store() as session:
        spans = {day: ["08:00", "11:00", "12:00", "15:00"] for day in ("mon", "tue")}
        assert (user_called(session, cast.OLA).opening_hours, cast.host("byutvikling").opening_hours) == (spans, spans)
        host = cast.host("byutvikling")
        at = from_venue(datetime(2027, 5, 10, 10, 30))
        visit = make_visit("claimed", user=user_called(session, cast.OLA))
        told = {one.kind for one in conflicts_of(visit, plan_at(host, at))}
        assert "hours" in told  # it would go on while they are closed
    page = browser.get("/inbox/hours/mine").text
    assert 'name="mon-closes_again"' in page
    assert page.count('value="15:00"') == 2


def test_who_is_closed_every_day_is_named_so_while_a_stop_is_edited(office: Office, store: Store) -> None:
    browser = office.browser(cast.OLA)
    with store():
        ours = cast.host("byutvikling").id
    assert browser.post("/inbox/hours/mine", data=week()).status_code == 303
    assert browser.post(f"/inbox/hours/hosts/{ours}", data=week()).status_code == 303
    assert words_of(browser.get("/inbox/hours").text).count("Closed every day") == 2
    with store() as session:
        host, ola = cast.host("byutvikling"), user_called(session, cast.OLA)
        plan = replace(plan_at(host, from_venue(datetime(2027, 5, 10, 10))), contact=ola)
        found = conflicts_of(make_visit("claimed", user=ola), plan)
        assert [one.whose for one in found if one.kind == "hours"] == [host, ola]


def plan_at(host: Host, starts_at: datetime) -> Plan:
    return Plan(title="Pipes", host=host, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2))


def again(**days: tuple[str, str]) -> dict[str, str]:
    return {f"{day}-{end}_again": value for day, span in days.items() for end, value in zip(ENDS, span, strict=True)}


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (("08:00", "12:00"), ("11:00", "15:00"), "The second opening must be later than the first one ends."),
        (("", ""), ("12:00", "15:00"), "Write the first times of the day first."),
        (("08:00", "11:00"), ("12:00", ""), "Write both times, or none where the day is closed."),
    ],
)
def test_a_second_opening_that_cannot_be_is_refused(
    office: Office, first: tuple[str, str], second: tuple[str, str], words: str
) -> None:
    answer = office.browser(cast.OLA).post("/inbox/hours/mine", data=week(wed=first) | again(wed=second))
    assert (answer.status_code, f"Wednesday, To: {words}" in words_of(answer.text)) == (422, True)


def test_two_calendars_on_one_server_can_be_told_apart(office: Office, store: Store) -> None:
    browser = office.browser(cast.OLA)
    for name, secret in (("Work", "a" * 28 + "77f1"), ("Band", "b" * 28 + "03c9")):
        url = f"https://calendar.example.org/private-{secret}/basic.ics"
        data = {"calendar-who": key(store, cast.OLA), "calendar-url": url, "calendar-name": name}
        assert browser.post("/inbox/calendars", data=data).status_code == 303
    page = words_of(browser.get("/inbox/hours").text)
    assert "Work · https://calendar.example.org/…77f1" in page
    assert "Band · https://calendar.example.org/…03c9" in page
    assert "aaaa" not in page


def test_members_change_their_hosts_hours_and_caps_and_no_others(office: Office, store: Store) -> None:
    with store():
        ours, theirs = cast.host("byutvikling").id, cast.host("brannvesen").id
    browser = office.browser(cast.OLA)
    data = {**week(mon=("09:00", "15:00")), "daily_cap": "2", "weekly_cap": "", "monthly_cap": "9"}
    assert browser.post(f"/inbox/hours/hosts/{ours}", data=data).status_code == 303
    assert browser.post(f"/inbox/hours/hosts/{theirs}", data=data).status_code == 404
    assert browser.get(f"/inbox/hours/hosts/{theirs}").status_code == 404
    with store():
        host = cast.host("byutvikling")
        assert host.opening_hours == {"mon": ["09:00", "15:00"]}
        assert (host.daily_cap, host.weekly_cap, host.monthly_cap) == (2, None, 9)
    assert "At most 2 visits a day" in words_of(browser.get("/inbox/hours").text)


def test_quiet_periods_are_entered_and_removed_by_those_concerned(office: Office, store: Store) -> None:
    browser = office.browser(cast.OLA)
    data = {"quiet-who": key(store, "byutvikling"), "quiet-starts_on": "2027-05-03", "quiet-note": "Budget"}
    assert browser.post("/inbox/quiet-periods", data={**data, "quiet-ends_on": "2027-05-07"}).status_code == 303
    assert "3–7 May 2027 Budget" in words_of(browser.get("/inbox/hours").text)
    answer = browser.post("/inbox/quiet-periods", data={**data, "quiet-ends_on": "2027-05-01"})
    assert (answer.status_code, "The last day is before the first." in words_of(answer.text)) == (422, True)
    with store() as session:
        one = session.scalars(select(QuietPeriod.id)).one()
    assert office.browser(cast.BRITA).post(f"/inbox/quiet-periods/{one}/remove").status_code == 404
    assert office.browser(cast.ULRIK).post(f"/inbox/quiet-periods/{one}/remove").status_code == 303
    other = {**data, "quiet-who": key(store, "brannvesen")}
    assert browser.post("/inbox/quiet-periods", data=other).status_code == 422


def test_address_is_masked_everywhere_and_for_everybody(office: Office, store: Store, app: Flask) -> None:
    assert (add(office, store, cast.OLA), add(office, store, "byutvikling")) == (303, 303)
    with store():
        host = cast.host("byutvikling").id
    paths = ("/inbox/hours", "/inbox", "/account", f"/admin/hosts/{host}", f"/admin/hosts/{host}/hours", "/visits")
    seen = {person.name: [office.browser(person).get(path).text for path in paths] for person in cast.EVERYBODY}
    assert [name for name, pages in seen.items() if "private-3f9c2b7e51" in "".join(pages)] == []
    masked = [name for name, pages in seen.items() if "https://calendar.example.org/…" in "".join(pages)]
    assert masked == [cast.ADA.name, cast.OLA.name, cast.ULRIK.name]  # her own host's, his own, his host's
    assert seen[cast.ULRIK.name][0].count("calendar.example.org") == 1


def test_calendars_are_fetched_and_removed_only_by_those_concerned(office: Office, store: Store) -> None:
    add(office, store, cast.OLA)
    add(office, store, "byutvikling")
    own, ours = calendars(store)
    for person, path, status in (
        (cast.ULRIK, f"/inbox/calendars/{own}/remove", 404),
        (cast.ULRIK, f"/inbox/calendars/{own}/fetch", 404),
        (cast.BRITA, f"/inbox/calendars/{ours}/remove", 404),
        (cast.ADA, f"/admin/hosts/calendars/{own}/remove", 404),
        (cast.ADA, f"/admin/hosts/calendars/{own}/fetch", 404),
        (cast.ADA, f"/admin/hosts/calendars/{ours}/fetch", 303),
        (cast.ULRIK, f"/inbox/calendars/{ours}/fetch", 303),
        (cast.ADA, f"/admin/hosts/calendars/{ours}/remove", 303),
        (cast.OLA, f"/inbox/calendars/{own}/remove", 303),
    ):
        assert (path, office.browser(person).post(path).status_code) == (path, status)
    assert calendars(store) == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "Paste the address of the calendar."),
        ("calendar.example.org/x", "Write the whole address, beginning with https:// or webcal://."),
        ("file:///etc/passwd", "Write the whole address, beginning with https:// or webcal://."),
        ("https://ola:secret@calendar.example.org/", "This address cannot be used."),
        ("https://calendar.example.org:22/", "This address cannot be used."),
    ],
)
def test_addresses_that_cannot_be_are_refused_with_words(office: Office, store: Store, url: str, words: str) -> None:
    data = {"calendar-who": key(store, cast.OLA), "calendar-url": url}
    answer = office.browser(cast.OLA).post("/inbox/calendars", data=data)
    assert (answer.status_code, words in words_of(answer.text), calendars(store)) == (422, True, [])


def test_administrator_keeps_a_hosts_calendar_and_quiet_periods(office: Office, store: Store) -> None:
    with store():
        url = f"/admin/hosts/{cast.host('byutvikling').id}"
    browser = office.browser(cast.ADA)
    data = {"calendar-who": key(store, "byutvikling"), "calendar-url": SECRET}
    assert browser.post(f"{url}/calendars", data=data).status_code == 303
    data = {"quiet-who": key(store, "byutvikling"), "quiet-starts_on": "2027-05-03", "quiet-note": "Budget"}
    assert browser.post(f"{url}/quiet-periods", data=data).status_code == 303
    page = words_of(browser.get(f"{url}/hours").text)
    assert all(words in page for words in ("Budget", "https://calendar.example.org/…", "Waits to be fetched"))
    assert f"{url}/hours" in browser.get(url).text


def test_no_spelling_of_an_address_leads_inside(app: Flask, office: Office, store: Store) -> None:
    """Row SS-1: saved, asked for with the button, and fetched by the scheduler; nobody inside is asked."""
    app.config["ICS_FETCH_ALLOW"] = ALLOWED
    browser, who = office.browser(cast.OLA), key(store, cast.OLA)
    codes: set[int] = set()
    told: set[str] = set()
    with small_internet() as site:
        site.serve("/mine.ics", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
        for url in [*spellings(site.port), site.url()]:
            codes.add(browser.post("/inbox/calendars", data={"calendar-who": who, "calendar-url": url}).status_code)
            for one in calendars(store):
                codes.add(browser.post(f"/inbox/calendars/{one}/fetch").status_code)
                with app.app_context():
                    scheduler.refresh_calendars()
                told.add(words_of(browser.get("/inbox/hours").text).partition("Fetch now")[0].rpartition("…")[2])
                with store() as session:
                    state = session.get_one(ExternalCalendar, one).state
                    assert (url, state) == (url, "ok" if url == site.url() else "failed")
                    session.delete(session.get_one(ExternalCalendar, one))
        assert (site.hits, codes) == ([], {303, 422})
        assert site.asked == ["/mine.ics"]
    assert len({re.sub(r"\d+", "", words) for words in told}) == 2  # the one that works, and one text for all others
