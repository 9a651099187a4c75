"""Whom a visit is offered to, wave by wave, with the offers' clock: working days, holidays, and pauses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from app.core.time import from_venue
from app.extensions import db
from app.notifications.derive import announce, unannounced_ids
from app.notifications.facts import offer_ends
from app.notifications.models import Notification
from app.notifications.reminders import reminders_in_force
from app.people.actors import SYSTEM, by_user
from app.people.models import Host
from app.strategy.models import CitySetting
from app.visits import due, lifecycle
from app.visits.models import Offer, Visit
from app.visits.offer_clock import offer_clock
from app.visits.offering import ask_wave
from app.visits.waiting import Heading, waiting_cases
from tests import cast
from tests.factories import make_request

pytestmark = pytest.mark.usefixtures("session", "clock")
SLUGS = ("byutvikling", "brannvesen", "naeringsklyngene", "klima", "bymiljoetaten", "uib")


def wall(day: int, hour: int = 9, month: int = 3) -> datetime:
    """That hour in Bergen in 2027. Easter: Thursday 25 to Monday 29 March are days off."""
    return from_venue(datetime(2027, month, day, hour))


@pytest.fixture
def slugs() -> list[str]:
    """Six hosts that exist, in the order in which the tests' routing ranks them."""
    known = list(db.session.scalars(select(Host.slug).order_by(Host.id)))
    first = [slug for slug in SLUGS if slug in known]
    return [*first, *(slug for slug in known if slug not in first)][:6]


def ranked_visit(slugs: list[str], scores: list[float], *, sure: bool, at: datetime) -> Visit:
    """A visit that routing ranked like this, and the first wave sent out."""
    visit = lifecycle.register(make_request(purpose="Hello."), by=SYSTEM, at=at)
    assert visit.status == "received"
    reasons = [{"code": "answers-for", "source": "", "words": [], "weight": 1.0, "subject": ""}]
    ranked = [
        {"slug": slug, "score": score, "part": "", "reasons": reasons}
        for slug, score in zip(slugs, scores, strict=False)
    ]
    visit.routing = {**visit.routing, "ranked": ranked, "lead": slugs[0], "co_hosts": [], "sure": sure}
    ask_wave(visit, at=at)
    return visit


def open_leads(visit: Visit) -> list[str]:
    return [offer.host.slug for offer in visit.offers if offer.part == "lead" and offer.status == "open"]


def tick(at: datetime) -> None:
    """What the scheduler does with offers at that moment."""
    for offer_id in due.offer_ids(at=at):
        due.lapse_offer(offer_id, at=at)


def told(kind: str) -> Iterator[str]:
    for activity_id in unannounced_ids():
        announce(activity_id, at=wall(31))
    for row in db.session.scalars(select(Notification).where(Notification.kind == kind)):
        yield row.user.name if row.user else "visitor"


def test_sure_proposal_goes_to_one_host_after_the_other_until_the_alarm(slugs: list[str]) -> None:
    visit = ranked_visit(slugs, [5, 4, 3], sure=True, at=wall(2))
    assert open_leads(visit) == slugs[:1]
    tick(wall(4, 15))
    assert open_leads(visit) == slugs[:1]
    tick(wall(4, 16))
    assert open_leads(visit) == slugs[1:2]
    tick(wall(8, 16))
    assert open_leads(visit) == slugs[2:3]
    tick(wall(10, 16))
    assert (visit.status, open_leads(visit)) == ("received", [])
    assert [offer.wave for offer in visit.offers] == [1, 2, 3]
    assert waiting_cases(at=wall(10, 17))[0].heading == Heading.ALARM
    assert list(told("nobody-left")) == ["Coordinator"]


def test_unsure_proposal_goes_to_three_at_once_then_to_the_rest_then_to_the_coordinator(slugs: list[str]) -> None:
    visit = ranked_visit(slugs, [5, 4.9, 4.8, 4.7, 4.6, 4.5], sure=False, at=wall(2))
    assert open_leads(visit) == slugs[:3]
    lifecycle.decline_offer(visit, visit.offers[0].host, part="lead", reason="dates", by=SYSTEM, at=wall(3))
    assert open_leads(visit) == slugs[1:3]
    tick(wall(4, 16))
    assert open_leads(visit) == slugs[3:5]
    tick(wall(8, 16))
    assert visit.status == "received"
    assert [(offer.wave, offer.status) for offer in visit.offers] == [
        (1, "declined"), (1, "lapsed"), (1, "lapsed"), (2, "lapsed"), (2, "lapsed"),
    ]  # fmt: skip


def test_hosts_far_behind_are_not_asked_beside_the_best(slugs: list[str]) -> None:
    visit = ranked_visit(slugs, [5, 2.6, 2.4, 2], sure=False, at=wall(2))
    assert open_leads(visit) == slugs[:2]
    tick(wall(4, 16))
    assert open_leads(visit) == slugs[2:4]


def test_first_to_claim_closes_the_others_of_the_wave(slugs: list[str]) -> None:
    (ola,) = cast.bring(cast.OLA)
    visit = ranked_visit(slugs, [5, 4.9, 4.8], sure=False, at=wall(2))
    lifecycle.claim(visit, cast.host(slugs[0]), by=by_user(ola, ola.hosts[0]), at=wall(3))
    assert [offer.status for offer in visit.offers] == ["claimed", "closed", "closed"]


def test_host_that_somebody_named_is_asked_next_and_alone(slugs: list[str]) -> None:
    visit = ranked_visit(slugs, [5, 4.9, 4.8, 4.7], sure=False, at=wall(2))
    better = cast.host(slugs[5])
    for offer in list(visit.offers):
        named = better if offer.host.slug == slugs[1] else None
        lifecycle.decline_offer(
            visit, offer.host, part="lead", reason="not-ours", better_host=named, by=SYSTEM, at=wall(3)
        )
    assert open_leads(visit) == [better.slug]
    tick(wall(5, 16))
    assert open_leads(visit) == slugs[3:4]


def test_offers_of_later_waves_carry_their_score_and_reasons(slugs: list[str]) -> None:
    visit = ranked_visit(slugs, [5, 4.9], sure=True, at=wall(2))
    tick(wall(4, 16))
    later = visit.offers[1]
    assert (later.score, [reason["code"] for reason in later.reasons]) == (4.9, ["answers-for"])


def test_city_decides_how_many_are_asked_at_once(slugs: list[str]) -> None:
    for key, value in (("offer_hosts_sure", 2), ("offer_hosts_unsure", 4)):
        db.session.get_one(CitySetting, key).value = value
    scores = [5, 4.9, 4.8, 4.7, 4.6]
    assert len(open_leads(ranked_visit(slugs, scores, sure=True, at=wall(2)))) == 2
    assert len(open_leads(ranked_visit(slugs, scores, sure=False, at=wall(2)))) == 4


def test_offer_lapses_after_two_working_days_without_the_easter_holidays(slugs: list[str]) -> None:
    visit = ranked_visit(slugs, [5, 4], sure=True, at=wall(23))  # Tuesday before Easter
    assert visit.offers[0].due_at == wall(30, 16)
    tick(wall(30, 15))
    assert open_leads(visit) == slugs[:1]
    tick(wall(30, 16))
    assert open_leads(visit) == slugs[1:2]
    reading = offer_clock(visit.offers[0])
    assert [(step.on.day, step.kind) for step in reading.arithmetic] == [
        (23, "arrived"), (24, "counted"), (25, "holiday"), (26, "holiday"), (27, "weekend"), (28, "weekend"),
        (29, "holiday"), (30, "counted"),
    ]  # fmt: skip


def offers_to_remind_of(at: datetime) -> list[int]:
    (found,) = [one for one in reminders_in_force(at=at) if one.rule.slug == "offer-last-day"]
    return list(found.ids(at=at))


def test_offer_stands_still_while_the_visitor_is_asked_and_gets_the_time_back(slugs: list[str]) -> None:
    cast.bring(cast.OLA)
    visit = ranked_visit(slugs, [5, 4], sure=True, at=wall(2))  # due Thursday 4 March at 16:00
    found = visit.offers[0]
    lifecycle.ask_visitor(visit, "How many are you?", by=SYSTEM, at=wall(3, 12))
    tick(wall(4, 17))
    tick(wall(9, 10))
    assert open_leads(visit) == slugs[:1]
    assert (list(due.offer_ids(at=wall(9))), offers_to_remind_of(wall(4, 10))) == ([], [])
    assert (offer_clock(found, at=wall(9)).paused, offer_ends(visit, {"offer": found.id})) == (True, None)
    assert waiting_cases(at=wall(9))[0].heading == Heading.ASKED
    lifecycle.answer(visit, "Seven.", at=wall(9, 12))  # half a day was used, one and a half are left
    found = db.session.get_one(Offer, found.id)
    assert found.due_at == wall(10, 16)
    assert visit.activities[-1].changes == {"extended": [found.id]}
    tick(wall(10, 15))
    assert open_leads(visit) == slugs[:1]
    tick(wall(10, 16))
    assert open_leads(visit) == slugs[1:2]
    assert offer_clock(found).working_days_used == 2


def test_hosts_are_told_of_the_new_deadline(slugs: list[str]) -> None:
    cast.bring(cast.OLA)
    visit = ranked_visit(["byutvikling", "uib"], [5, 4], sure=True, at=wall(2))
    lifecycle.ask_visitor(visit, "How many are you?", by=SYSTEM, at=wall(3, 12))
    lifecycle.answer(visit, "Seven.", at=wall(5, 12))
    assert list(told("offer")) == ["Ola Overvann", "Ola Overvann"]


def test_answer_without_a_pause_in_working_hours_moves_no_deadline(slugs: list[str]) -> None:
    visit = ranked_visit(slugs, [5], sure=True, at=wall(2))
    lifecycle.ask_visitor(visit, "How many are you?", by=SYSTEM, at=wall(2, 18))
    lifecycle.answer(visit, "Seven.", at=wall(3, 6))
    assert (visit.offers[0].due_at, visit.activities[-1].changes) == (wall(4, 16), {})


def test_host_asked_for_the_lead_gets_no_second_mail_for_its_part(slugs: list[str]) -> None:
    cast.bring(cast.OLA)
    visit = ranked_visit(["byutvikling", "uib"], [5, 4], sure=True, at=wall(2))
    lifecycle.offer(visit, cast.host("byutvikling"), part="part", by=SYSTEM, at=wall(2))
    assert list(told("offer")) == ["Ola Overvann"]
