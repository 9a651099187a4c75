"""A coordinator who asks another host than the proposed one for the lead corrects routing, once that host takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.people.actors import SYSTEM, Actor, by_user
from app.people.models import User
from app.routing.learning import Lesson
from app.strategy.edit_models import Correction
from app.visits import lifecycle
from app.visits.learning import lessons
from app.visits.models import Visit
from app.visits.suggestions import offer_suggested
from tests import cast
from tests.factories import make_request

PROPOSED = "byutvikling"  # what routing says of visits about pipes
SEVERAL = (
    "We would like to see your rain gardens and open stormwater channels in parks, how you adapt the city to a wetter "
    "climate, and how the homeless are housed."
)
LATER = cast.MONDAY + timedelta(hours=2)


def people() -> tuple[Actor, User, User]:
    """The coordinator as an actor, and a member of the proposed host and of another."""
    kari, ola, brita = cast.bring(cast.KARI, cast.OLA, cast.BRITA)
    return by_user(kari), ola, brita


def waiting(kari: Actor, **changes: object) -> Visit:
    """A visit that waits for a coordinator because it is a large group; nobody was asked."""
    visit = lifecycle.register(make_request(group_size=45, **changes), by=kari, at=cast.MONDAY)
    assert (visit.status, list(visit.offers)) == ("received", [])
    return visit


def kept(session: Session) -> list[tuple[str, list[str], list[str], int | None]]:
    rows = session.scalars(select(Correction).where(Correction.kind == "lead").order_by(Correction.id))
    return [(row.topic, row.before, row.after, row.by_id) for row in rows]


def claim(visit: Visit, slug: str, user: User) -> None:
    host = cast.host(slug)
    lifecycle.claim(visit, host, by=by_user(user, host), at=LATER)


def test_host_asked_instead_of_the_proposed_one_teaches_when_it_claims(session: Session) -> None:
    kari, _ola, brita = people()
    visit = waiting(kari)
    lifecycle.offer(visit, cast.host("brannvesen"), by=kari, at=cast.MONDAY)
    assert kept(session) == []
    claim(visit, "brannvesen", brita)
    assert kari.user is not None
    assert kept(session) == [("water/pipes", [PROPOSED], ["brannvesen"], kari.user.id)]
    expected = Lesson(visit.ref, "water/pipes", "lead", frozenset({PROPOSED}), frozenset({"brannvesen"}))
    assert [one for one in lessons() if one.kind == "lead"] == [expected]


def test_host_that_was_proposed_but_not_first_teaches_too(session: Session) -> None:
    kari, ola, _brita = people()
    visit = waiting(kari, purpose=SEVERAL, themes=[])
    first, second = [one["slug"] for one in visit.routing["ranked"]][:2]
    lifecycle.offer(visit, cast.host(second), by=kari, at=cast.MONDAY)
    claim(visit, second, ola)
    assert [(before, after) for _topic, before, after, _by in kept(session)] == [([first], [second])]


def test_asking_the_proposed_host_teaches_nothing_new(session: Session) -> None:
    kari, ola, _brita = people()
    visit = waiting(kari)
    lifecycle.offer(visit, cast.host(PROPOSED), by=kari, at=cast.MONDAY)
    claim(visit, PROPOSED, ola)
    assert kept(session) == []


def test_host_that_says_no_teaches_nothing_and_the_next_one_asked_does_once(session: Session) -> None:
    kari, ola, brita = people()
    visit = waiting(kari)
    fire = cast.host("brannvesen")
    lifecycle.offer(visit, fire, by=kari, at=cast.MONDAY)
    lifecycle.decline_offer(visit, fire, part="lead", reason="no-capacity", by=by_user(brita, fire), at=LATER)
    assert kept(session) == []
    other = cast.host("bymiljoetaten")
    lifecycle.offer(visit, other, by=kari, at=LATER)
    claim(visit, "bymiljoetaten", ola)
    assert [(before, after) for _topic, before, after, _by in kept(session)] == [([PROPOSED], ["bymiljoetaten"])]


@pytest.mark.parametrize(("reason", "teaches"), [("no-capacity", False), ("dates", False), ("not-ours", True)])
def test_host_asked_after_the_proposed_one_said_no_teaches_only_if_it_was_not_theirs(
    session: Session, reason: str, teaches: bool
) -> None:
    kari, ola, brita = people()
    visit = waiting(kari)
    first = cast.host(PROPOSED)
    lifecycle.offer(visit, first, by=kari, at=cast.MONDAY)
    lifecycle.decline_offer(visit, first, part="lead", reason=reason, by=by_user(ola, first), at=cast.MONDAY)
    lifecycle.offer(visit, cast.host("brannvesen"), by=kari, at=cast.MONDAY)
    claim(visit, "brannvesen", brita)
    assert bool(kept(session)) is teaches


def test_host_asked_after_the_proposed_ones_time_ran_out_teaches_nothing(session: Session) -> None:
    kari, _ola, brita = people()
    visit = waiting(kari)
    lifecycle.lapse(lifecycle.offer(visit, cast.host(PROPOSED), by=kari, at=cast.MONDAY), at=LATER)
    lifecycle.offer(visit, cast.host("brannvesen"), by=kari, at=LATER)
    claim(visit, "brannvesen", brita)
    assert kept(session) == []


def test_what_routing_asks_by_itself_or_by_one_click_teaches_nothing(session: Session) -> None:
    coordinator, ola, brita = cast.bring(cast.KARI, replace(cast.OLA, hosts=("bymiljoetaten",)), cast.BRITA)
    kari, cast.host(PROPOSED).backup = by_user(coordinator), None
    visit = waiting(kari, purpose=SEVERAL, themes=[])
    asked = next(one.host.slug for one in offer_suggested(visit, by=kari, at=cast.MONDAY) if one.part == "lead")
    assert asked != visit.routing["lead"]  # which has nobody who can answer
    claim(visit, asked, ola)
    other = waiting(kari, contact_email="other@utrecht.example.org")
    lifecycle.offer(other, cast.host("brannvesen"), by=SYSTEM, at=cast.MONDAY)
    claim(other, "brannvesen", brita)
    assert kept(session) == []
