"""Double bookings are refused by the database, with a message naming what they hit."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.core.errors import Overlap
from app.extensions import db
from app.people.actors import by_user
from app.people.models import Place
from app.visits import lifecycle
from tests import cast
from tests.factories import make_appointment, make_visit

pytestmark = pytest.mark.usefixtures("session")


def exclusive_place() -> Place:
    place = Place(slug="test-hall", name_en="Test Hall", name_nb="Testhallen", name_nn="Testhallen", exclusive=True)
    db.session.add(place)
    db.session.flush()
    return place


def test_same_person_at_the_same_time_is_refused_by_name() -> None:
    (ola,) = cast.bring(cast.OLA)
    first, second = make_visit("claimed", user=ola), make_visit("claimed", user=ola)
    make_appointment(first, user=ola, start="09:00", end="11:00", title="Pipes")
    with pytest.raises(Overlap) as refused:
        make_appointment(second, user=ola, start="10:59", end="12:00")
    found = refused.value.data
    said = (found["kind"], found["names"]["nn"], found["title"], found["ref"])
    assert said == ("person", ola.name, "Pipes", first.ref)
    assert second.appointments == []


def test_exclusive_place_takes_one_group_at_a_time() -> None:
    ola, ulrik = cast.bring(cast.OLA, cast.ULRIK)
    place = exclusive_place()
    first, second = make_visit("claimed", user=ola), make_visit("claimed", user=ulrik)
    make_appointment(first, user=ola, place=place)
    with pytest.raises(Overlap) as refused:
        make_appointment(second, user=ulrik, place=place, start="08:00", end="09:30")
    assert (refused.value.data["kind"], refused.value.data["names"]["nb"]) == ("place", "Testhallen")


def test_appointments_may_touch() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    make_appointment(visit, user=ola, start="09:00", end="10:00")
    make_appointment(visit, user=ola, start="10:00", end="11:00")
    assert len(visit.appointments) == 2


def test_cancelled_appointment_frees_its_time() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    gone = make_appointment(visit, user=ola)
    lifecycle.remove_appointment(gone, by=by_user(ola, ola.hosts[0]))
    make_appointment(visit, user=ola)
    assert [a.status for a in visit.appointments] == ["cancelled", "hold"]


def test_move_onto_a_taken_time_is_refused_and_changes_nothing() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    make_appointment(visit, user=ola, start="09:00", end="10:00")
    moved = make_appointment(visit, user=ola, start="12:00", end="13:00", title="Late")
    before = moved.starts_at, moved.sequence
    plan = lifecycle.Plan(
        title="Late",
        host=ola.hosts[0],
        starts_at=visit.appointments[0].starts_at,
        ends_at=visit.appointments[0].ends_at,
        contact=ola,
    )
    with pytest.raises(Overlap):
        lifecycle.move_appointment(moved, plan, by=by_user(ola, ola.hosts[0]))
    db.session.refresh(moved)
    assert (moved.starts_at, moved.sequence) == before


def test_the_rule_is_the_databases_own() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("claimed", user=ola)
    make_appointment(visit, user=ola, day=date(2027, 5, 10))
    other = make_appointment(visit, user=ola, day=date(2027, 5, 11))
    sneaky = "UPDATE appointment SET starts_at = :s, ends_at = :e WHERE id = :id"
    first = visit.appointments[0]
    with pytest.raises(IntegrityError, match="appointment_person_overlap"):
        db.session.execute(text(sneaky).bindparams(s=_stored(first.starts_at), e=_stored(first.ends_at), id=other.id))


def _stored(moment):  # type: ignore[no-untyped-def]
    """As the engine stores it: SQLite compares text."""
    if db.engine.dialect.name == "sqlite":
        return moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    return moment
