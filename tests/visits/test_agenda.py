"""Who sees what in which calendar: whole where the visit may be seen, busy elsewhere, nothing where it may not open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.absences import enter_absence
from app.people.actors import by_user
from app.people.models import Place, User
from app.visits import lifecycle
from app.visits.agenda import Entry, Of, Scope, Wanted, entries_between, first_start, may_open
from app.visits.away import away_between
from app.visits.models import Visit
from tests import cast
from tests.factories import make_appointment, make_visit

START, END = datetime(2027, 5, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)


class World:
    """Ola leads a visit with two stops, one of them in a place; Siri leads another with one stop in the same place."""

    def __init__(self, session: Session) -> None:
        self.kari, self.ada, self.ola, self.ulrik, self.brita, self.siri = cast.bring(*cast.EVERYBODY)
        self.place = session.scalars(select(Place).where(Place.exclusive)).first() or self._place(session)
        self.water = make_visit("planned", user=self.ola)
        fish = {"organisation": "Tartu", "themes": ["maritime"], "purpose": "Fish."}
        self.fish = make_visit("claimed", user=self.siri, **fish)
        for visit, user, start, end in (
            (self.water, self.ola, "13:00", "14:00"),
            (self.fish, self.siri, "15:00", "16:00"),
        ):
            make_appointment(
                visit, user=user, start=start, end=end, place=self.place, title=f"At the place for {visit.ref}"
            )
        for row in session.scalars(select(Visit)):
            for offer in row.offers:
                if offer.host_id != row.lead_host_id:
                    session.delete(offer)
        session.flush()
        session.expire_all()

    @staticmethod
    def _place(session: Session) -> Place:
        place = Place(slug="hall", name_en="Hall", exclusive=True)
        session.add(place)
        session.flush()
        return place

    def shown(self, user: User, of: Of, row_id: int = 0, **wanted: object) -> list[Entry]:
        filtered = Wanted(**wanted)  # type: ignore[arg-type]
        return entries_between(Scope(of, row_id), START, END, user, language="en", wanted=filtered)


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def refs(entries: list[Entry]) -> list[str]:
    return [entry.ref or "busy" for entry in entries]


def test_coordinator_sees_everything_whole(world: World) -> None:
    water, fish = world.water.ref, world.fish.ref
    assert refs(world.shown(world.kari, Of.ALL)) == [water, water, fish]
    assert refs(world.shown(world.kari, Of.PLACE, world.place.id)) == [water, fish]
    assert refs(world.shown(world.kari, Of.PERSON, world.siri.id)) == [fish]
    assert refs(world.shown(world.kari, Of.HOST, world.ola.hosts[0].id)) == [water, water]


def test_member_sees_only_own_visits_in_everything(world: World) -> None:
    assert refs(world.shown(world.ola, Of.ALL)) == [world.water.ref] * 2
    assert refs(world.shown(world.brita, Of.ALL)) == []


def test_other_visits_in_a_place_are_busy_and_say_nothing(world: World) -> None:
    own, other = world.shown(world.ola, Of.PLACE, world.place.id)
    assert (own.ref, own.is_busy, own.title) == (world.water.ref, False, f"At the place for {world.water.ref}")
    assert (other.is_busy, other.status) == (True, "hold")
    texts = (other.title, other.ref, other.organisation, other.host, other.place, other.contact)
    assert texts == ("", "", "", "", "", "")


def test_filter_about_visits_does_not_tell_what_a_busy_stop_hides(world: World) -> None:
    slug = world.siri.hosts[0].slug
    place = world.place.id
    for wanted in ({"host": slug}, {"theme": "maritime"}, {"goal": "1.1"}, {"partnership": "x"}, {"place": "y"}):
        assert refs(world.shown(world.brita, Of.PLACE, place, **wanted)) == [], wanted
    assert refs(world.shown(world.kari, Of.PLACE, place, host=slug)) == [world.fish.ref]


def test_person_who_left_the_host_is_still_busy_but_reads_nothing(world: World, session: Session) -> None:
    world.ola.memberships.clear()
    session.flush()
    assert refs(world.shown(world.ola, Of.PERSON, world.ola.id)) == ["busy", "busy"]


def test_cancelled_stops_are_shown_when_asked_for_and_never_as_busy(world: World) -> None:
    at = cast.MONDAY.replace(hour=14)
    for visit, user in ((world.water, world.ola), (world.fish, world.siri)):
        lifecycle.remove_appointment(visit.appointments[-1], by=by_user(user, user.hosts[0]), at=at)
    place, every = world.place.id, ("hold", "tentative", "confirmed", "cancelled")
    assert refs(world.shown(world.kari, Of.PLACE, place)) == []
    assert refs(world.shown(world.kari, Of.PLACE, place, status=every)) == [world.water.ref, world.fish.ref]
    assert refs(world.shown(world.ola, Of.PLACE, place, status=every)) == [world.water.ref]


@pytest.mark.parametrize(
    ("reader", "open_ones"),
    [
        ("kari", {"all", "ola", "siri", "ola's host", "siri's host", "place"}),
        ("ola", {"all", "ola", "ola's host", "place"}),
        ("brita", {"all", "place"}),
        ("ada", set()),
    ],
)
def test_calendars_open_only_for_those_they_concern(world: World, reader: str, open_ones: set[str]) -> None:
    scopes = {
        "all": Scope(Of.ALL),
        "ola": Scope(Of.PERSON, world.ola.id),
        "siri": Scope(Of.PERSON, world.siri.id),
        "ola's host": Scope(Of.HOST, world.ola.hosts[0].id),
        "siri's host": Scope(Of.HOST, world.siri.hosts[0].id),
        "place": Scope(Of.PLACE, world.place.id),
    }
    user = getattr(world, reader)
    assert {name for name, scope in scopes.items() if may_open(user, scope)} == open_ones


def test_span_takes_what_touches_it_and_nothing_else(world: World, session: Session) -> None:
    stop = world.water.appointments[0]
    scope = Scope(Of.VISIT, world.water.id)
    for moments, found in (
        ((stop.ends_at, END), 1),  # ends as the span begins: only the later stop
        ((START, stop.starts_at), 0),  # begins as the span ends
        ((stop.starts_at.replace(hour=8), stop.starts_at.replace(hour=9)), 1),  # it is on all the time
    ):
        assert len(entries_between(scope, *moments, world.kari, language="en")) == found
    assert first_start(scope) == stop.starts_at


def test_absences_stand_in_the_calendars_they_concern(world: World) -> None:
    day = START.date()
    enter_absence(world.ola, (day, day), by=world.ola, at=cast.MONDAY)
    enter_absence(world.brita.hosts[0], (day, day), note="Budget", by=world.kari, at=cast.MONDAY)

    def away(user: User, of: Of, row_id: int = 0) -> list[str]:
        return [one.who for one in away_between(Scope(of, row_id), day, day, user, language="en")]

    fire = world.brita.hosts[0]
    assert away(world.kari, Of.ALL) == away(world.brita, Of.ALL) == away(world.brita, Of.HOST, fire.id)
    assert away(world.kari, Of.ALL) == [fire.name_in("en")]
    assert (away(world.ola, Of.PERSON, world.ola.id), away(world.ola, Of.ALL)) == (["Ola Overvann"], [])
