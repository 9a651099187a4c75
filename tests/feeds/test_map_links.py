"""Calendars say where on the map a stop is, to those who may see its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from icalendar import Event

from app.core.time import now
from app.extensions import db
from app.feeds.files import visitor_calendar
from app.feeds.models import Level, ScopeKind
from app.people.actors import by_user
from app.people.models import Host, Place, User
from app.visits.lifecycle import move_appointment
from app.visits.models import Visit
from app.visits.places import place_put_on_map
from app.visits.programme_models import Appointment
from tests.feeds.conftest import Region, events_in

HALL = "https://www.openstreetmap.org/?mlat=60.392500&mlon=5.323300#map=17/60.392500/5.323300"
TYPED = "https://www.openstreetmap.org/search?query=Kalfarveien+82%2C+Bergen"


@pytest.fixture
def hall(region: Region) -> int:
    """The place of the stop "Tour", of another host."""
    stop = region.add("Tour", contact=region.ola)
    with region.app.app_context():
        place = Place(slug="hall", name_en="Town Hall", latitude=60.3925, longitude=5.3233, host_id=region.klyngene)
        db.session.add(place)
        db.session.flush()
        plan = region.plan("Tour", hours=0, contact=region.ola, host=region.byutvikling)
        actor = by_user(db.session.get_one(User, region.ola), db.session.get_one(Host, region.byutvikling))
        moved = db.session.get_one(Appointment, stop)
        move_appointment(moved, replace(plan, place=place, place_text=""), by=actor)
        db.session.commit()
        return place.id


def shown(region: Region, path: str) -> Event:
    (event,) = events_in(region.app.test_client().get(path).data)
    return event


def test_feeds_have_coordinates_where_the_place_may_be_seen_and_a_map_where_texts_are(
    region: Region, hall: int
) -> None:
    full = shown(region, region.subscribe(region.ola, level=Level.FULL))
    team = shown(region, region.subscribe(region.ola))
    busy = shown(region, region.subscribe(region.siri, kind=ScopeKind.PLACE, scope_id=hall))
    assert (full["GEO"].to_ical(), team["GEO"].to_ical()) == ("60.3925;5.3233", "60.3925;5.3233")
    assert str(full["DESCRIPTION"]).endswith(f"\nMap: {HALL}")
    assert ("DESCRIPTION" in team, str(busy["SUMMARY"])) == (False, "Busy")
    assert {"GEO", "LOCATION", "DESCRIPTION"} & set(busy) == set()


@pytest.mark.usefixtures("hall")
def test_visitor_s_file_has_coordinates_and_a_map_and_a_search_for_what_was_typed(region: Region) -> None:
    region.add("Walk", hours=4)
    with region.app.app_context():
        visit = db.session.get_one(Visit, region.visit)
        for stop in visit.appointments:
            stop.status = "confirmed"
        db.session.flush()
        tour, walk = events_in(visitor_calendar(visit, language="nb", city="Bergen", at=now()))
        db.session.rollback()
    assert (tour["GEO"].to_ical(), "GEO" in walk) == ("60.3925;5.3233", False)
    assert [str(one["DESCRIPTION"]).split("\n")[-1] for one in (tour, walk)] == [f"Kart: {HALL}", f"Kart: {TYPED}"]


def test_better_coordinates_reach_feeds_without_a_new_version_of_the_event(region: Region, hall: int) -> None:
    path = region.subscribe(region.ola)
    before = shown(region, path)
    with region.app.app_context():
        place = db.session.get_one(Place, hall)
        place.latitude, place.longitude = -33.9, 18.4241234
        assert place_put_on_map(place) == 1
        db.session.commit()
    after = shown(region, path)
    assert after["GEO"].to_ical() == "-33.9;18.424123"
    for name in ("SEQUENCE", "DTSTAMP", "LAST-MODIFIED"):
        assert after[name].to_ical() == before[name].to_ical()
