"""What a planner is told of those who may take part."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.calendars.external import add_calendar
from app.calendars.models import BusyBlock
from app.core.time import end_of_day, now, start_of_day
from app.extensions import db
from app.people.absences import enter_absence
from app.people.models import Host, Place, User
from app.people.quiet import enter_quiet_period
from app.planning.scene import Busy, Scene, Span
from app.visits.availability import imported_between, scene_for
from tests import cast
from tests.factories import make_appointment, make_visit
from tests.web.office import counted_queries

pytestmark = pytest.mark.usefixtures("session", "clock")
FIRST, LAST = date(2027, 5, 10), date(2027, 5, 14)  # Monday to Friday
NINE, TEN = datetime(2027, 5, 11, 7, tzinfo=UTC), datetime(2027, 5, 11, 8, tzinfo=UTC)


def scene(
    *users: User, hosts: tuple[Host, ...] = (), places: tuple[Place, ...] = (), besides: int | None = None
) -> Scene:
    return scene_for(users=users, hosts=hosts, places=places, first=FIRST, last=LAST, at=now(), besides=besides)


def imported(who: User | Host, by: User, *, tentative: bool = False) -> BusyBlock:
    calendar = add_calendar(who, "https://cal.example.org/x", by=by, at=now())
    block = BusyBlock(calendar_id=calendar.id, starts_at=NINE, ends_at=TEN, tentative=tentative)
    db.session.add(block)
    db.session.flush()
    return block


def test_hours_are_the_hosts_and_ones_own() -> None:
    ola, ulrik = cast.bring(cast.OLA, cast.ULRIK)
    ulrik.opening_hours = {"mon": ["10:00", "12:00"]}
    found = scene(ola, ulrik, hosts=(cast.host("byutvikling"),))
    host = found.hosts["byutvikling"].hours
    assert (found.people[str(ola.id)].hours, found.people[str(ulrik.id)].hours) == (None, {0: (Span(600, 720),)})
    assert host is not None
    assert set(host) == {0, 1, 2, 3, 4}


def test_the_sun_of_a_stop_that_is_on_no_map_is_the_city_s_own() -> None:
    places = db.session.scalars(select(Place)).all()
    for number, place in enumerate(places):
        place.latitude, place.longitude = (42.3, -71.0) if number % 2 else (42.4, -71.2)
    found = scene(hosts=(cast.host("byutvikling"),))
    assert (round(found.latitude), round(found.longitude)) == (42, -71)


def test_busy_times_of_every_kind() -> None:
    ola, ulrik = cast.bring(cast.OLA, cast.ULRIK)
    host = cast.host("byutvikling")
    away = enter_absence(ola, (date(2027, 5, 1), FIRST), by=ola, at=now())
    quiet = enter_quiet_period(host, (LAST, date(2027, 5, 20)), by=ola, at=now())
    enter_quiet_period(ulrik, (date(2027, 5, 20), date(2027, 5, 20)), by=ola, at=now())
    mine, ours = imported(ola, ola, tentative=True), imported(host, ola)
    found = scene(ola, ulrik, hosts=(host,))
    assert found.people[str(ola.id)].busy == (
        Busy(start_of_day(date(2027, 5, 1)), end_of_day(FIRST), "absence", f"absence-{away.id}"),
        Busy(NINE, TEN, "imported", f"tentative-{mine.id}"),
    )
    assert found.people[str(ulrik.id)].busy == ()
    assert found.hosts["byutvikling"].busy == (
        Busy(NINE, TEN, "imported", f"imported-{ours.id}"),
        Busy(start_of_day(LAST), end_of_day(date(2027, 5, 20)), "quiet", f"quiet-{quiet.id}"),
    )
    assert imported_between([ola], [host], NINE - timedelta(hours=1), NINE + timedelta(minutes=1)) == [
        (host, Busy(NINE, TEN, "imported", f"imported-{ours.id}")),
        (ola, Busy(NINE, TEN, "imported", f"tentative-{mine.id}")),
    ]
    assert imported_between([ola], [host], TEN, TEN + timedelta(hours=1)) == []


def test_what_is_planned_is_busy_except_for_the_visit_itself() -> None:
    (ola,) = cast.bring(cast.OLA)
    hall = Place(slug="hall", name_en="Hall", exclusive=True)
    square = Place(slug="square", name_en="Square")
    db.session.add_all([hall, square])
    visit = make_visit("planned", user=ola)
    stop = make_appointment(visit, user=ola, day=LAST, place=hall)
    make_appointment(visit, user=ola, day=LAST, start="12:00", end="13:00", place=square)
    found = scene(ola, places=(hall, square))
    assert len(found.people[str(ola.id)].busy) == 3
    assert found.sites["hall"].calendar.busy == (
        Busy(stop.starts_at, stop.ends_at, "appointment", f"appointment-{stop.id}"),
    )
    assert found.sites["square"].calendar.busy == ()
    assert scene(ola, places=(hall,), besides=visit.id).people[str(ola.id)].busy == ()


@pytest.mark.parametrize(
    ("cap", "days"),
    [
        ({"daily_cap": 1}, [10]),
        ({"daily_cap": 2}, []),
        ({"weekly_cap": 1}, [10, 11, 12, 13, 14]),
        ({"monthly_cap": 2}, []),
        ({"monthly_cap": 1}, [10, 11, 12, 13, 14]),
        ({"daily_cap": 0}, [10, 11, 12, 13, 14]),
        ({}, []),
    ],
)
def test_full_days_weeks_and_months(cap: dict[str, int], days: list[int]) -> None:
    (ola,) = cast.bring(cast.OLA)
    host = cast.host("byutvikling")
    host.daily_cap = host.weekly_cap = host.monthly_cap = None
    visit = make_visit("planned", user=ola)  # one stop, on Monday the 10th, before the limits
    for name, value in cap.items():
        setattr(host, name, value)
    busy = scene(hosts=(host,)).hosts["byutvikling"].busy
    span = {"daily_cap": "day", "weekly_cap": "week", "monthly_cap": "month"}.get("".join(cap), "")
    assert busy == tuple(
        Busy(start_of_day(date(2027, 5, day)), end_of_day(date(2027, 5, day)), "full", f"full-{span}-2027-05-{day}")
        for day in days
    )
    left = scene(hosts=(host,), besides=visit.id).hosts["byutvikling"].busy
    assert len(left) == (5 if cap.get("daily_cap") == 0 else 0)


def test_number_of_queries_does_not_grow(app: Flask) -> None:
    people = cast.bring(*cast.EVERYBODY)
    hosts = tuple(cast.host(slug) for slug in ("byutvikling", "brannvesen", "naeringsklyngene"))
    counts = []
    for some in (1, 3):
        db.session.flush()
        with counted_queries(app) as seen:
            scene(*people[:some], hosts=hosts[:some])
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 9


def test_nobody_at_all_is_no_error() -> None:
    found = scene()
    assert (found.people, found.hosts, found.sites, found.limits.stops_a_day) == ({}, {}, {}, 4)
