"""Every wave of offers is decided by who can receive on the day it goes out."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from app.core.time import from_venue
from app.extensions import db
from app.people.absences import enter_absence
from app.people.actors import SYSTEM, by_user
from app.people.models import Host, User
from app.people.quiet import enter_quiet_period
from app.visits import due, lifecycle
from app.visits.models import Offer, Visit
from app.visits.offering import ask_wave
from app.visits.routing import proposal_for
from app.visits.suggestions import offer_suggested
from app.visits.waiting import Heading, waiting_cases
from app.visits.waves import ranked_now
from tests import cast
from tests.factories import make_request

pytestmark = pytest.mark.usefixtures("session", "clock")
SEVERAL = (
    "We would like to see your rain gardens and open stormwater channels in parks, how you adapt the city to a wetter "
    "climate, and how the homeless are housed."
)
ASKED, LAPSED = from_venue(datetime(2027, 3, 2, 9)), from_venue(datetime(2027, 3, 4, 16))
UNTIL_SUMMER = (date(2027, 3, 2), date(2027, 6, 30))


@pytest.fixture
def ada() -> User:
    return cast.bring(cast.ADA)[0]


@pytest.fixture
def visit() -> Visit:
    """Offered to the best hosts; the ones behind them wait for the second wave."""
    made = lifecycle.register(make_request(purpose=SEVERAL, themes=[]), by=SYSTEM, at=ASKED)
    assert made.status == "offered"
    return made


def leads(visit: Visit, wave: int) -> list[Offer]:
    return [one for one in visit.offers if one.part == "lead" and one.wave == wave]


def next_in_line(visit: Visit) -> Host:
    asked = {one.host.slug for one in leads(visit, 1)}
    return cast.host(next(one["slug"] for one in visit.routing["ranked"] if one["slug"] not in asked))


def let_lapse(visit: Visit) -> list[str]:
    """The offers' time is over; whom the second wave goes to."""
    for offer in leads(visit, 1):
        due.lapse_offer(offer.id, at=LAPSED)
    return [one.host.slug for one in leads(visit, 2)]


def passed_over(visit: Visit) -> list[tuple[int, str, str]]:
    return [
        (one["wave"], one["slug"], reason["code"])
        for one in visit.routing["passed_over"]
        for reason in one["reasons"]
        if reason["code"] in ("out-of-office", "quiet-period", "over-cap")
    ]


def test_host_that_left_after_the_first_wave_is_passed_over_with_the_reason(visit: Visit, ada: User) -> None:
    absent = next_in_line(visit)
    enter_absence(absent, UNTIL_SUMMER, by=ada, at=ASKED)
    second = let_lapse(visit)
    assert second
    assert absent.slug not in second
    assert passed_over(visit) == [(2, absent.slug, "out-of-office")]


def test_second_wave_goes_to_whom_the_dry_run_ranks_first_of_those_not_asked(visit: Visit, ada: User) -> None:
    enter_absence(next_in_line(visit), UNTIL_SUMMER, by=ada, at=ASKED)
    asked = {one.host.slug for one in visit.offers}  # a host that is asked for a part is not asked for the lead
    now = [one.slug for one in proposal_for(visit).ranked if one.slug not in asked]
    assert let_lapse(visit)[0] == now[0]


def test_host_in_its_quiet_days_is_passed_over(visit: Visit, ada: User) -> None:
    quiet = next_in_line(visit)
    enter_quiet_period(quiet, UNTIL_SUMMER, by=ada, at=ASKED)
    assert quiet.slug not in let_lapse(visit)
    assert passed_over(visit) == [(2, quiet.slug, "quiet-period")]


def test_host_that_filled_its_weeks_meanwhile_is_passed_over(visit: Visit, ada: User) -> None:
    full = next_in_line(visit)
    full.weekly_cap = 1
    others = make_request(
        organisation="Other", contact_email="o@other.example.org", head_name="O O",
        windows=[(date(2027, 5, 10), date(2027, 5, 10))],
    )  # fmt: skip
    other = lifecycle.register(others, by=by_user(ada), at=ASKED)
    lifecycle.reassign(other, full, reason="Theirs.", by=by_user(ada), at=ASKED)
    assert full.slug not in let_lapse(visit)
    assert passed_over(visit) == [(2, full.slug, "over-cap")]


def test_mild_reasons_of_today_stand_on_the_offers_and_those_of_then_do_not(visit: Visit) -> None:
    host = next_in_line(visit)
    host.notice_days = 300
    assert let_lapse(visit)
    again = proposal_for(visit).ranked
    for offer in leads(visit, 2):
        (one,) = [one for one in again if one.slug == offer.host.slug]
        assert offer.score == pytest.approx(one.score, abs=0.01)
        assert [reason["code"] for reason in offer.reasons] == [reason.code for reason in one.reasons]


def test_where_nobody_left_can_receive_the_coordinator_is_told_why(visit: Visit, ada: User) -> None:
    asked = {one.host.slug for one in leads(visit, 1)}
    for host in db.session.scalars(select(Host)):
        if host.slug not in asked:
            enter_absence(host, UNTIL_SUMMER, by=ada, at=ASKED)
    assert let_lapse(visit) == []
    assert (visit.status, visit.activities[-1].reason) == ("received", "nobody-left")
    assert {code for _wave, _slug, code in passed_over(visit)} == {"out-of-office"}


def test_host_named_by_another_is_asked_with_what_stands_in_its_way(visit: Visit, ada: User) -> None:
    named = cast.host("brannvesen")
    enter_absence(named, UNTIL_SUMMER, by=ada, at=ASKED)
    first = leads(visit, 1)[0]
    lifecycle.decline_offer(visit, first.host, part="lead", reason="not-ours", better_host=named, by=SYSTEM, at=ASKED)
    (found,) = [one for one in visit.offers if one.host.slug == "brannvesen" and one.part == "lead"]
    assert "out-of-office" in [reason["code"] for reason in found.reasons]


BY_SUBJECT = {"byutvikling": 8.3, "bymiljoetaten": 7.4, "barnehage-skole-idrett": 0.5}


def left_to_triage(*, sure: bool = False) -> Visit:
    """A visit that nobody was asked about yet, with two able hosts and one that it hardly concerns."""
    visit = lifecycle.register(make_request(purpose="Hello."), by=SYSTEM, at=ASKED)
    reasons = [{"code": "answers-for", "source": "", "words": [], "weight": 1.0, "subject": ""}]
    ranked = [{"slug": slug, "score": score, "part": "", "reasons": reasons} for slug, score in BY_SUBJECT.items()]
    visit.routing = {**visit.routing, "ranked": ranked, "lead": "byutvikling", "co_hosts": [], "sure": sure}
    return visit


def open_leads(visit: Visit) -> list[str]:
    return [one.host.slug for one in visit.offers if one.part == "lead" and one.status == "open"]


def test_host_that_another_was_faster_than_is_asked_again_before_lesser_ones(ada: User) -> None:
    visit = left_to_triage()
    assert [one.host.slug for one in ask_wave(visit, at=ASKED)] == ["byutvikling", "bymiljoetaten"]
    lifecycle.claim(visit, cast.host("byutvikling"), by=by_user(ada), at=ASKED)
    later = from_venue(datetime(2027, 3, 12, 9))
    lifecycle.release(visit, reason="No time.", by=by_user(ada), at=later)
    assert open_leads(visit) == ["bymiljoetaten"]
    (again,) = [one for one in visit.offers if one.host.slug == "bymiljoetaten"]
    assert (again.wave, again.due_at > later) == (2, True)
    lifecycle.decline_offer(visit, again.host, part="lead", reason="dates", by=SYSTEM, at=later)
    assert open_leads(visit) == ["barnehage-skole-idrett"]


STORMWATER = "We would like to see your rain gardens, stormwater channels and how you reline sewer pipes."


def able(visit: Visit) -> list[Host]:
    """The hosts whose subject it is: with a fifth of the best one's score and more."""
    ranked = visit.routing["ranked"]
    return [cast.host(one["slug"]) for one in ranked if one["score"] >= 0.2 * ranked[0]["score"]]


def test_first_round_passes_over_whom_is_away_and_tells_the_coordinator_where_nobody_is_left(ada: User) -> None:
    before = lifecycle.register(make_request(purpose=STORMWATER, themes=[]), by=SYSTEM, at=ASKED)
    assert before.status == "offered"
    for host in able(before):
        enter_absence(host, UNTIL_SUMMER, by=ada, at=ASKED)
    again = make_request(
        purpose=STORMWATER, themes=[], organisation="Ville de Lyon", country="FR", city="Lyon",
        contact_email="a@lyon.example.org", head_name="Jean Petit", group_size=31,
    )  # fmt: skip
    visit = lifecycle.register(again, by=SYSTEM, at=ASKED)
    assert (visit.decision, visit.status, visit.offers) == ("route", "received", [])
    assert (visit.activities[-1].verb, visit.activities[-1].reason) == ("return", "nobody-left")
    assert (1, before.routing["lead"], "out-of-office") in passed_over(visit)
    (case,) = [one for one in waiting_cases(at=ASKED) if one.visit is visit]
    assert (case.heading, case.alarm) == (Heading.ALARM, "nobody-left")


def test_first_round_goes_to_the_next_best_where_the_best_is_away(ada: User) -> None:
    visit = left_to_triage(sure=True)
    enter_absence(cast.host("byutvikling"), UNTIL_SUMMER, by=ada, at=ASKED)
    visit.routing = {**visit.routing, "ranked": ranked_now(visit)}
    assert [one.host.slug for one in ask_wave(visit, at=ASKED)] == ["bymiljoetaten"]
    assert passed_over(visit) == [(1, "byutvikling", "out-of-office")]


def test_full_host_is_asked_for_nothing_and_nobody_for_both(ada: User) -> None:
    full = cast.host("byutvikling")
    full.weekly_cap = 0
    visit = lifecycle.register(make_request(purpose=SEVERAL, themes=[]), by=SYSTEM, at=ASKED)
    asked = [one.host.slug for one in visit.offers]
    assert "byutvikling" in [one["slug"] for one in visit.routing["ranked"][:5]]
    assert asked
    assert "byutvikling" not in asked
    assert len(asked) == len(set(asked))


def test_later_lead_offer_takes_the_place_of_a_part_not_answered_yet(ada: User) -> None:
    visit = left_to_triage(sure=True)
    ask_wave(visit, at=ASKED)
    lifecycle.offer(visit, cast.host("bymiljoetaten"), part="part", by=SYSTEM, at=ASKED)
    lifecycle.decline_offer(visit, cast.host("byutvikling"), part="lead", reason="dates", by=SYSTEM, at=ASKED)
    found = [(one.part, one.status) for one in visit.offers if one.host.slug == "bymiljoetaten"]
    assert sorted(found) == [("lead", "open"), ("part", "closed")]


def test_one_click_asks_whom_todays_ranking_puts_first(ada: User) -> None:
    visit = left_to_triage()
    enter_absence(cast.host("byutvikling"), UNTIL_SUMMER, by=ada, at=ASKED)
    assert [one.host.slug for one in offer_suggested(visit, by=by_user(ada), at=ASKED)] == ["bymiljoetaten"]


def test_one_click_says_what_stands_in_the_way_of_everybody_fit(ada: User) -> None:
    visit = left_to_triage()
    for slug in ("byutvikling", "bymiljoetaten"):
        enter_absence(cast.host(slug), UNTIL_SUMMER, by=ada, at=ASKED)
    (made,) = offer_suggested(visit, by=by_user(ada), at=ASKED)
    assert (made.host.slug, made.reasons[-1]["code"]) == ("byutvikling", "out-of-office")
