"""The catalogue of a programme: what is proposed, moved, removed and lapses, and who is told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.notifications.derive import announce, unannounced_ids
from app.notifications.models import Notification
from app.people.actors import Actor, by_user
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.waiting import UNASKED
from tests import factories
from tests.cast import BRITA, OLA, ULRIK, host
from tests.notifications.telling import LATER, VISITOR_ADDRESS, actor, at_step, find, told


def test_asking_another_host_for_a_part_and_its_answers(session: Session) -> None:
    visit = at_step("claimed")
    stop = factories.make_appointment(visit, user=find("ola"), host=host("brannvesen"), contact=find("brita"))
    assert told() == {("part-asked", BRITA.email)}
    lifecycle.accept_part(stop, by=actor("brita"), at=LATER)
    assert told() == {("part-accepted", OLA.email), ("part-accepted", ULRIK.email)}
    lifecycle.decline_part(stop, text="The engine is out", by=actor("brita"), at=LATER)
    assert told() == {("part-declined", OLA.email), ("part-declined", ULRIK.email)}


def test_propose_tells_the_visitor_and_accept_the_hosts(session: Session) -> None:
    visit = at_step("planned")
    lifecycle.propose(visit, by=actor("ola"), at=LATER)
    assert told() == {("proposed", VISITOR_ADDRESS)}
    lifecycle.accept(visit, at=LATER)
    assert told() == {("accepted", OLA.email), ("accepted", ULRIK.email), ("confirmed", VISITOR_ADDRESS)}


def move(visit: Visit, *, minutes: int, by: Actor) -> bool:
    """Move the visit's only stop by that many minutes."""
    stop = visit.appointments[0]
    step = timedelta(minutes=minutes)
    plan = lifecycle.Plan(
        title=stop.title,
        host=stop.host,
        starts_at=stop.starts_at + step,
        ends_at=stop.ends_at + step,
        contact=stop.contact,
        place=stop.place,
        place_text=stop.place_text,
    )
    return lifecycle.move_appointment(stop, plan, by=by, at=LATER)


def test_small_move_after_confirmation_is_announced_to_the_visitor(session: Session) -> None:
    visit = at_step("confirmed")
    assert move(visit, minutes=30, by=actor("ola")) is False
    assert told() == {("moved", VISITOR_ADDRESS)}


def test_big_move_waits_for_the_new_proposal(session: Session) -> None:
    visit = at_step("confirmed")
    assert move(visit, minutes=180, by=actor("ola")) is True
    for row_id in unannounced_ids():
        announce(row_id, at=LATER)
    (row,) = db.session.scalars(select(Notification))
    assert (row.kind, row.next_attempt_at) == ("changing", visit.activities[-1].at + UNASKED)


def test_move_before_the_visitor_saw_the_programme_is_nobodys_business(session: Session) -> None:
    visit = at_step("planned")
    move(visit, minutes=30, by=actor("ola"))
    assert told() == set()


def test_move_by_a_coordinator_tells_host_and_visitor(session: Session) -> None:
    visit = at_step("confirmed")
    visit.appointments[0].answer = "accepted"
    move(visit, minutes=30, by=by_user(find("kari")))
    kinds = {kind for kind, _ in told()}
    assert kinds == {"moved", "part-asked"}


def test_removal_tells_the_visitor_who_had_accepted(session: Session) -> None:
    visit = at_step("confirmed")
    lifecycle.remove_appointment(visit.appointments[0], reason="Closed road", by=actor("ola"), at=LATER)
    assert told() == {("removed", VISITOR_ADDRESS)}


def test_lapsed_hold_tells_its_people(session: Session) -> None:
    visit = at_step("planned")
    lifecycle.lapse_hold(visit.appointments[0], at=LATER)
    assert told() == {("hold-lapsed", OLA.email), ("hold-lapsed", ULRIK.email)}
