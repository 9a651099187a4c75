"""Arranging a programme: two stops swapped, several moved in one go, a move taken back; all of it or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.core.errors import IllegalMove, Invalid, Overlap
from app.core.time import in_venue
from app.extensions import db
from app.people.actors import Actor, by_user
from app.people.models import Host, Place, User
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from tests import cast
from tests.factories import make_appointment, make_visit

pytestmark = pytest.mark.usefixtures("session")
LATER = cast.MONDAY + timedelta(days=1)


@pytest.fixture
def ola() -> User:
    return cast.bring(cast.OLA)[0]


@pytest.fixture
def visit(ola: User) -> Visit:
    return make_visit("claimed", user=ola)


@pytest.fixture
def hall() -> Place:
    place = Place(slug="test-hall", name_en="Test Hall", name_nb="Testhallen", name_nn="Testhallen", exclusive=True)
    db.session.add(place)
    db.session.flush()
    return place


def as_ola(ola: User) -> Actor:
    return by_user(ola, ola.hosts[0])


def times(*stops: Appointment) -> list[str]:
    return [f"{in_venue(stop.starts_at):%d. %H:%M}-{in_venue(stop.ends_at):%H:%M}" for stop in stops]


def last_move(visit: Visit) -> int:
    return max(activity.id for activity in visit.activities if activity.verb == "move-appointment")


def test_neighbours_of_one_person_swap_and_keep_their_lengths(ola: User, visit: Visit, hall: Place) -> None:
    short = make_appointment(visit, user=ola, start="09:00", end="10:00", place=hall)
    long = make_appointment(visit, user=ola, start="10:00", end="12:00", place=hall)
    lifecycle.swap_appointments(short, long, by=as_ola(ola), at=LATER)
    assert times(short, long) == ["10. 11:00-12:00", "10. 09:00-11:00"]
    assert (short.contact_id, short.exclusive_place_id) == (ola.id, hall.id)
    assert [activity.verb for activity in visit.activities][-2:] == ["move-appointment", "move-appointment"]


def test_swap_across_days_takes_the_others_start(ola: User, visit: Visit) -> None:
    first = make_appointment(visit, user=ola, start="09:00", end="10:00")
    second = make_appointment(visit, user=ola, day=date(2027, 5, 11), start="13:00", end="15:00")
    lifecycle.swap_appointments(second, first, by=as_ola(ola), at=LATER)
    assert times(first, second) == ["11. 13:00-14:00", "10. 09:00-11:00"]


def test_swap_that_hits_a_third_stop_changes_nothing_and_names_it(ola: User, visit: Visit) -> None:
    first = make_appointment(visit, user=ola, start="09:00", end="10:00")
    second = make_appointment(visit, user=ola, day=date(2027, 5, 11), start="13:00", end="15:00")
    make_appointment(visit, user=ola, start="10:30", end="11:30", title="Press")
    before = times(first, second)
    with pytest.raises(Overlap) as refused:
        lifecycle.swap_appointments(first, second, by=as_ola(ola), at=LATER)
    db.session.expire_all()
    assert refused.value.data["title"] == "Press"
    assert times(first, second) == before
    assert (first.contact_id, second.contact_id, first.sequence) == (ola.id, ola.id, 0)


def test_only_stops_of_one_visit_can_be_swapped(ola: User, visit: Visit) -> None:
    first = make_appointment(visit, user=ola)
    other = make_appointment(make_visit("claimed", user=ola), user=ola, day=date(2027, 5, 12))
    for partner in (first, other):
        with pytest.raises(Invalid):
            lifecycle.swap_appointments(first, partner, by=as_ola(ola), at=LATER)


def test_stop_that_was_removed_meanwhile_cannot_be_moved(ola: User, visit: Visit) -> None:
    stop = make_appointment(visit, user=ola)
    plan = lifecycle.as_planned(stop)
    lifecycle.remove_appointment(stop, by=as_ola(ola), at=LATER)
    with pytest.raises(IllegalMove):
        lifecycle.move_appointment(stop, plan, by=as_ola(ola), at=LATER)
    with pytest.raises(IllegalMove):
        lifecycle.remove_appointment(stop, by=as_ola(ola), at=LATER)


def test_undone_move_leaves_the_stop_as_it_was_and_both_in_the_history(ola: User, visit: Visit) -> None:
    stop = make_appointment(visit, user=ola)
    lifecycle.move_appointment(
        stop, lifecycle.moved(stop, starts_at=stop.starts_at + timedelta(days=1)), by=as_ola(ola), at=LATER
    )
    activity = next(one for one in visit.activities if one.id == last_move(visit))
    assert lifecycle.undo_move(activity, by=as_ola(ola), at=LATER + timedelta(minutes=5)) == [stop]
    assert times(stop) == ["10. 09:00-11:00"]
    assert (stop.sequence, [one.verb for one in visit.activities].count("move-appointment")) == (2, 2)


def test_undone_swap_takes_both_back(ola: User, visit: Visit) -> None:
    first = make_appointment(visit, user=ola, start="09:00", end="10:00")
    second = make_appointment(visit, user=ola, start="10:00", end="12:00")
    lifecycle.swap_appointments(first, second, by=as_ola(ola), at=LATER)
    activity = next(one for one in visit.activities if one.id == last_move(visit))
    lifecycle.undo_move(activity, by=as_ola(ola), at=LATER)
    assert times(first, second) == ["10. 09:00-10:00", "10. 10:00-12:00"]


@pytest.mark.parametrize("late", [True, False])
def test_move_is_not_taken_back_late_or_after_another_change(ola: User, visit: Visit, late: bool) -> None:
    stop = make_appointment(visit, user=ola)
    hour = timedelta(hours=1)
    lifecycle.move_appointment(stop, lifecycle.moved(stop, starts_at=stop.starts_at + hour), by=as_ola(ola), at=LATER)
    activity = next(one for one in visit.activities if one.id == last_move(visit))
    if not late:
        lifecycle.move_appointment(
            stop, lifecycle.moved(stop, starts_at=stop.starts_at + hour), by=as_ola(ola), at=LATER
        )
    with pytest.raises(Invalid):
        lifecycle.undo_move(activity, by=as_ola(ola), at=LATER + 2 * hour if late else LATER)


def test_undone_big_change_is_confirmed_as_before(ola: User) -> None:
    visit = make_visit("confirmed", user=ola)
    (stop,) = visit.appointments
    assert lifecycle.move_appointment(
        stop, lifecycle.moved(stop, starts_at=stop.starts_at + timedelta(days=1)), by=as_ola(ola), at=LATER
    )
    assert stop.status == "tentative"
    activity = next(one for one in visit.activities if one.id == last_move(visit))
    lifecycle.undo_move(activity, by=as_ola(ola), at=LATER)
    assert stop.status == "confirmed"


def test_undone_move_of_another_hosts_part_needs_no_new_answer(ola: User, visit: Visit) -> None:
    siri = cast.bring(cast.SIRI)[0]
    part = make_appointment(visit, user=ola, host=siri.hosts[0], contact=siri)
    lifecycle.accept_part(part, by=as_siri(siri), at=LATER)
    lifecycle.move_appointment(
        part, lifecycle.moved(part, starts_at=part.starts_at + timedelta(hours=1)), by=as_ola(ola), at=LATER
    )
    assert part.answer == "asked"
    activity = next(one for one in visit.activities if one.id == last_move(visit))
    lifecycle.undo_move(activity, by=as_ola(ola), at=LATER)
    assert part.answer == "accepted"


def test_a_part_taken_back_by_ones_own_host_waits_for_nobody(ola: User) -> None:
    visit, siri = make_visit("confirmed", user=ola), cast.bring(cast.SIRI)[0]
    (stop,) = visit.appointments
    own = lifecycle.moved(stop, starts_at=stop.starts_at)
    lifecycle.move_appointment(stop, replace(own, host=siri.hosts[0], contact=siri), by=as_ola(ola), at=LATER)
    assert (stop.status, stop.answer) == ("tentative", "asked")
    lifecycle.move_appointment(stop, own, by=as_ola(ola), at=LATER)
    assert (stop.status, stop.answer) == ("confirmed", "accepted")


def as_siri(siri: User) -> Actor:
    host: Host = siri.hosts[0]
    return by_user(siri, host)


def later(stop: Appointment, *, minutes: int) -> lifecycle.Plan:
    return lifecycle.moved(stop, starts_at=stop.starts_at + timedelta(minutes=minutes))


def test_a_stop_that_a_coordinator_moved_is_answered_by_its_host_moving_it(ola: User) -> None:
    visit, kari = make_visit("confirmed", user=ola), cast.bring(cast.KARI)[0]
    (stop,) = visit.appointments
    lifecycle.move_appointment(stop, later(stop, minutes=30), by=by_user(kari), at=LATER)
    assert stop.answer == "asked"
    lifecycle.move_appointment(stop, replace(lifecycle.as_planned(stop), note="Boots"), by=as_ola(ola), at=LATER)
    assert stop.answer == "asked"  # a note says nothing about the time
    lifecycle.move_appointment(stop, later(stop, minutes=15), by=as_ola(ola), at=LATER)
    assert (stop.status, stop.answer) == ("confirmed", "accepted")


def test_an_asked_part_that_its_host_moves_is_confirmed_and_waits_again_when_that_is_undone(ola: User) -> None:
    siri, visit = cast.bring(cast.SIRI)[0], make_visit("claimed", user=ola)
    part = make_appointment(visit, user=ola, host=siri.hosts[0], contact=siri)
    lifecycle.propose(visit, by=as_ola(ola), at=LATER)
    lifecycle.accept(visit, at=LATER)
    assert (part.status, part.answer) == ("tentative", "asked")
    lifecycle.move_appointment(part, later(part, minutes=15), by=as_siri(siri), at=LATER)
    assert (part.status, part.answer) == ("confirmed", "accepted")
    activity = next(one for one in visit.activities if one.id == last_move(visit))
    lifecycle.undo_move(activity, by=as_siri(siri), at=LATER)
    assert (part.status, part.answer) == ("tentative", "asked")
