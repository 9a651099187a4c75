"""Parts of a programme that hosts beside the lead have: asked for, answered, given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.errors import IllegalMove
from app.people.actors import Actor, by_user
from app.visits import lifecycle
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.programming import needs_proposal
from app.visits.queries import parts_to_answer
from tests import cast
from tests.factories import make_appointment, make_visit

pytestmark = pytest.mark.usefixtures("session")


def test_part_of_another_host_is_confirmed_only_after_its_answer() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    visit = make_visit("claimed", user=ola)
    part = make_appointment(visit, user=ola, host=brita.hosts[0], contact=brita)
    assert part.answer == "asked"
    lifecycle.propose(visit, by=by_user(ola, ola.hosts[0]))
    lifecycle.accept(visit)
    assert part.status == "tentative"
    lifecycle.accept_part(part, by=by_user(brita, brita.hosts[0]))
    assert part.status == "confirmed"


def test_stop_added_while_the_visitor_decides_is_proposed_once_more() -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = make_visit("proposed", user=ola)
    actor = by_user(ola, ola.hosts[0])
    with pytest.raises(IllegalMove):
        lifecycle.propose(visit, by=actor)
    make_appointment(visit, user=ola, start="13:00", end="14:00", title="Lunch")
    lifecycle.propose(visit, by=actor)
    assert {a.title: a.status for a in visit.appointments} == {
        "Pipe renewal on site": "tentative",
        "Lunch": "tentative",
    }


def test_host_named_for_a_part_is_asked_for_it() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    visit = make_visit("claimed", user=ola)
    uib = cast.host("uib")
    lifecycle.offer(visit, brita.hosts[0], part="part", by=by_user(ola, ola.hosts[0]))
    lifecycle.decline_offer(
        visit, brita.hosts[0], part="part", reason="not-ours", better_host=uib, by=by_user(brita, brita.hosts[0])
    )
    assert [(o.host.slug, o.part) for o in visit.offers if o.status == "open"].count(("uib", "part")) == 1


def test_host_that_joined_and_then_leads_stands_once_on_the_visit() -> None:
    ola, brita, kari = cast.bring(cast.OLA, cast.BRITA, cast.KARI)
    visit = make_visit("claimed", user=ola)
    lifecycle.offer(visit, brita.hosts[0], part="part", by=by_user(kari))
    lifecycle.join(visit, brita.hosts[0], by=by_user(brita, brita.hosts[0]))
    lifecycle.reassign(visit, brita.hosts[0], reason="Fire is the subject", by=by_user(kari))
    assert visit.co_hosts == []


def test_part_never_answered_leaves_the_inbox_when_the_visit_is_given_back() -> None:
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    visit = make_visit("planned", user=ola)
    make_appointment(visit, user=ola, host=brita.hosts[0], contact=brita, start="13:00", end="14:00")
    assert len(parts_to_answer(brita)) == 1
    lifecycle.release(visit, reason="Illness", by=by_user(ola, ola.hosts[0]))
    assert parts_to_answer(brita) == []


def a_part_moved_greatly_after_the_visitors_yes() -> tuple[Visit, Appointment, Actor, Actor]:
    """Brita is asked for it; the visitor accepted it at nine, and now the lead host has put it five hours later."""
    ola, brita = cast.bring(cast.OLA, cast.BRITA)
    visit, lead = make_visit("claimed", user=ola), by_user(ola, ola.hosts[0])
    part = make_appointment(visit, user=ola, host=brita.hosts[0], contact=brita)
    lifecycle.propose(visit, by=lead)
    lifecycle.accept(visit)
    later = lifecycle.moved(part, starts_at=part.starts_at + timedelta(hours=5))
    assert lifecycle.move_appointment(part, later, by=lead)
    return visit, part, lead, by_user(brita, brita.hosts[0])


def test_a_hosts_yes_to_what_was_moved_greatly_confirms_nothing_before_the_visitor_is_asked() -> None:
    visit, part, lead, brita = a_part_moved_greatly_after_the_visitors_yes()
    lifecycle.accept_part(part, by=brita)
    assert (part.status, part.answer, needs_proposal(visit)) == ("tentative", "accepted", True)
    lifecycle.propose(visit, by=lead)
    assert (visit.status, part.status) == ("proposed", "tentative")
    lifecycle.accept(visit)
    assert (visit.status, part.status) == ("confirmed", "confirmed")


def test_what_went_back_to_where_the_visitor_accepted_it_is_confirmed_by_its_hosts_yes() -> None:
    visit, part, lead, brita = a_part_moved_greatly_after_the_visitors_yes()
    back = lifecycle.moved(part, starts_at=part.starts_at - timedelta(hours=4, minutes=30))
    lifecycle.move_appointment(part, back, by=lead)
    lifecycle.accept_part(part, by=brita)
    assert (part.status, needs_proposal(visit)) == ("confirmed", False)


def test_asked_first_the_visitors_yes_waits_for_the_hosts() -> None:
    visit, part, lead, brita = a_part_moved_greatly_after_the_visitors_yes()
    lifecycle.propose(visit, by=lead)
    lifecycle.accept(visit)
    assert (visit.status, part.status, part.answer) == ("confirmed", "tentative", "asked")
    lifecycle.accept_part(part, by=brita)
    assert part.status == "confirmed"
