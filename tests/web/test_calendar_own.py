"""Busy times from own calendars on calendar pages: as busy only, for those who may open the page, and nowhere else."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.time import from_venue, now
from app.people.models import Host, Place, User
from app.visits.agenda import Of, Scope
from app.visits.taken import taken_between
from tests import cast
from tests.factories import make_visit
from tests.web.office import Office, Store, counted_queries, open_office, user_called, words_of

VIEWS = ("month", "week", "day", "list")
DAY = "date=2027-05-10"
HIDDEN = "Dentist"


def wall(clock: str, day: int = 10) -> datetime:
    return from_venue(datetime.fromisoformat(f"2027-05-{day:02d}T{clock}"))


def own_calendar(whose: User | Host) -> ExternalCalendar:
    """A calendar fetched ten minutes before the Monday of the tests, busy at those times."""
    fetched = now() - timedelta(minutes=10)
    made = ExternalCalendar(
        name=HIDDEN, sealed_url="x", due_at=fetched, created_at=fetched, fetched_at=fetched, state="ok"
    )
    made.host, made.user = (whose, None) if isinstance(whose, Host) else (None, whose)
    return made


def busy(
    session: Session, calendar: ExternalCalendar, starts: datetime, ends: datetime, tentative: bool = False
) -> None:
    session.add(calendar)
    session.flush()
    session.add(BusyBlock(calendar_id=calendar.id, starts_at=starts, ends_at=ends, tentative=tentative))
    session.flush()


@pytest.fixture
def office(app: Flask, store: Store, clock: time_machine.Traveller) -> Office:
    """Ola is busy from 9 to 10 and from 9:30 to 11, perhaps until noon, and all of the next day."""
    office = open_office(app, store)
    with store() as session:
        calendar = own_calendar(user_called(session, cast.OLA))
        busy(session, calendar, wall("09:00"), wall("10:00"))
        busy(session, calendar, wall("09:30"), wall("11:00"))
        busy(session, calendar, wall("10:30"), wall("12:00"), tentative=True)
        busy(session, calendar, wall("00:00", 11), wall("00:00", 12))
        host = own_calendar(cast.host("byutvikling"))
        busy(session, host, wall("14:00"), wall("15:00"))
    return office


def ids_of(store: Store) -> tuple[int, int]:
    with store() as session:
        return user_called(session, cast.OLA).id, cast.host("byutvikling").id


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("path", ["/calendar/mine", "/calendar/people/{ola}"])
def test_own_calendar_is_shown_as_busy_and_nothing_else(office: Office, store: Store, path: str, view: str) -> None:
    ola, _host = ids_of(store)
    page = office.browser(cast.OLA).get(f"{path.format(ola=ola)}?view={view}&{DAY}").text
    words = words_of(page)
    assert re.search("09:00–11:00[ ,]*Busy", words), words
    assert re.search("11:00–12:00[ ,]*Perhaps busy", words)
    assert "from your own calendar, fetched 10 minutes ago" in words
    assert HIDDEN not in page
    assert view == "day" or re.search("All day[ ,]*Busy|Busy all day", words)
    assert "14:00" not in words  # the host's is the host's


@pytest.mark.parametrize("view", VIEWS)
def test_hosts_own_calendar_is_shown_on_its_page_and_no_members(office: Office, store: Store, view: str) -> None:
    _ola, host = ids_of(store)
    words = words_of(office.browser(cast.OLA).get(f"/calendar/hosts/{host}?view={view}&{DAY}").text)
    assert re.search("14:00–15:00[ ,]*Busy", words)
    assert "from the host's own calendar, fetched 10 minutes ago" in words
    assert "09:00–11:00" not in words


def test_coordinators_see_a_persons_and_nobody_else_does(office: Office, store: Store) -> None:
    ola, host = ids_of(store)
    url = f"/calendar/people/{ola}?view=list&{DAY}"
    assert "from their own calendar, fetched 10 minutes ago" in words_of(office.browser(cast.KARI).get(url).text)
    for person in (cast.ULRIK, cast.BRITA, cast.SIRI, cast.ADA):
        assert office.browser(person).get(url).status_code in (403, 404), person.name
    assert office.browser(cast.BRITA).get(f"/calendar/hosts/{host}?{DAY}").status_code == 404


@pytest.mark.parametrize("view", VIEWS)
def test_no_other_calendar_shows_own_calendars(office: Office, store: Store, view: str) -> None:
    with store() as session:
        visit = make_visit("planned", user=user_called(session, cast.BRITA))
        place = session.scalars(select(Place.id).order_by(Place.id)).first()
        paths = ["/calendar", f"/visits/{visit.ref}/calendar", f"/calendar/places/{place}"]
    for path in paths:
        page = office.browser(cast.KARI).get(f"{path}?view={view}&{DAY}").text
        assert "data-own" not in page, path


def test_filter_leaves_them_out(office: Office) -> None:
    ola = office.browser(cast.OLA)
    assert "data-own" in ola.get(f"/calendar/mine?{DAY}").text
    assert "data-own" not in ola.get(f"/calendar/mine?{DAY}&own=no").text
    assert "own=no" in ola.get(f"/calendar/mine?{DAY}&own=no").text.split('rel="next"')[1][:200]
    assert "data-own" not in ola.get(f"/calendar/mine?{DAY}&host=byutvikling").text
    assert "There is no “x” here" in ola.get(f"/calendar/mine?{DAY}&own=x").text


def test_stop_at_the_same_time_is_drawn_beside_it(office: Office, store: Store) -> None:
    with store() as session:
        siri = user_called(session, cast.SIRI)
        make_visit("planned", user=siri)
        busy(session, own_calendar(siri), wall("09:00"), wall("11:00"))
    page = office.browser(cast.SIRI).get(f"/calendar/mine?view=week&{DAY}").text
    column = page.split('id="day-2027-05-10"')[1].split("</section>")[0]
    assert "data-folded" not in column
    assert sorted(re.findall(r'data-col="(\d+)" data-width="(\d+)"', column)) == [("1", "30"), ("31", "30")]


def test_calendar_that_fails_says_how_old_it_is(office: Office, store: Store) -> None:
    with store() as session:
        for row in session.scalars(select(ExternalCalendar)):
            row.state, row.failure, row.fetched_at = "failed", "unreachable", now() - timedelta(days=3)
        session.commit()
    words = words_of(office.browser(cast.OLA).get(f"/calendar/mine?view=list&{DAY}").text)
    assert "cannot be fetched now; those shown were fetched 3 days ago" in words


def test_a_long_busy_time_stands_on_each_of_its_days(office: Office, store: Store) -> None:
    with store() as session:
        brita = user_called(session, cast.BRITA)
        busy(session, own_calendar(brita), wall("15:00", 12), wall("09:00", 15))
        found = taken_between(Scope(Of.PERSON, brita.id), wall("00:00", 1), wall("00:00", 30)).entries
    days = [(entry.starts_at, entry.is_whole_day) for entry in found]
    assert days == [
        (wall("15:00", 12), False), (wall("00:00", 13), True), (wall("00:00", 14), True), (wall("00:00", 15), False),
    ]  # fmt: skip


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_a_whole_day_is_one_also_when_the_clock_changes(office: Office, store: Store, day: date) -> None:
    starts, ends = (from_venue(datetime.combine(day + timedelta(days=n), datetime.min.time())) for n in (0, 1))
    with store() as session:
        brita = user_called(session, cast.BRITA)
        busy(session, own_calendar(brita), starts, ends)
        found = taken_between(Scope(Of.PERSON, brita.id), starts, ends).entries
    assert [entry.is_whole_day for entry in found] == [True]


def test_page_asks_as_often_for_many_busy_times_as_for_one(app: Flask, office: Office, store: Store) -> None:
    ola, counts = office.browser(cast.OLA), []
    for more in (0, 60):
        with store() as session:
            calendar = session.scalars(select(ExternalCalendar).where(ExternalCalendar.user_id.is_not(None))).one()
            for number in range(more):
                busy(session, calendar, wall("12:00", 1 + number % 28), wall("12:30", 1 + number % 28))
            session.commit()
        ola.get(f"/calendar/mine?{DAY}")
        with counted_queries(app) as seen:
            ola.get(f"/calendar/mine?{DAY}")
        counts.append(len(seen))
    assert counts[0] == counts[1], counts


def test_feeds_hold_none(office: Office, store: Store) -> None:
    ola = office.browser(cast.OLA)
    answer = ola.post("/my-feeds/new/mine", data={"level": "full", "name": "Mine", "language": "en", "scope": ""})
    link = ola.get(answer.location).text if answer.status_code == 303 else answer.text
    path = re.search(r"/feeds/[\w-]+\.ics", link)
    assert path is not None
    body = office.browser(cast.OLA).get(path[0]).text
    assert "BEGIN:VCALENDAR" in body
    assert "BEGIN:VEVENT" not in body
