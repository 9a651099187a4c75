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
from app.visits.routing import proposal_for
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
    asked = {one.host.slug for one in leads(visit, 1)}
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
