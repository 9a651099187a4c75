"""Hosts that cannot receive drop in rank with the reason; load and old acquaintance settle what the subject leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.routing.availability import weigh_availability, wished_days
from app.routing.catalogue import HostProfile
from app.routing.types import DECLINE, ROUTE, Enquiry, Proposal, RankedHost, Reason

pytestmark = pytest.mark.one_engine

ANSWERS = (Reason("answers-for", "purpose", ("water",), 4.0, "water"),)
MAY = (date(2027, 5, 10), date(2027, 5, 12))  # Monday to Wednesday
ENQUIRY = Enquiry(
    "x", "Utrecht", "city", "NL", "Utrecht", "Water.", date(2027, 1, 11), languages=("nl", "en"), windows=(MAY,)
)
WATER = HostProfile("water", languages=("nb", "en"), weekly_cap=2, monthly_cap=4, notice_days=14)
FIRE = HostProfile("fire", languages=("nb", "en"))
PORT = HostProfile("port", languages=("nb", "en"))


def proposal(**points: float) -> Proposal:
    """A proposal that ranks these hosts by their subjects; the first leads, the others take part."""
    order = sorted(points, key=lambda slug: -points[slug])
    ranked = tuple(RankedHost(slug, points[slug], "part" if at else "lead", ANSWERS) for at, slug in enumerate(order))
    return Proposal(ROUTE, order[0], tuple(order[1:]), ranked, sure=True)


def codes(found: Proposal, slug: str) -> list[str]:
    return [r.code for one in found.ranked if one.slug == slug for r in one.reasons if r.code != "answers-for"]


def order(found: Proposal) -> list[str]:
    return [one.slug for one in found.ranked]


def weigh(found: Proposal, *hosts: HostProfile, **changes: object) -> Proposal:
    return weigh_availability(found, replace(ENQUIRY, **changes), hosts)  # type: ignore[arg-type]


def test_hosts_without_obstacles_stay_as_they_were() -> None:
    before = proposal(water=5, fire=3)
    assert weigh(before, WATER, FIRE) == before


def test_absent_host_drops_behind_the_next_with_the_reason() -> None:
    away = replace(WATER, out_of_office=((date(2027, 5, 1), date(2027, 5, 31)),))
    found = weigh(proposal(water=5, fire=3), away, FIRE)
    assert (order(found), found.lead, found.co_hosts, found.sure) == (["fire", "water"], "fire", (), False)
    reason = found.ranked[1].reasons[-1]
    assert (reason.code, reason.words, reason.weight) == ("out-of-office", ("2027-05-01/2027-05-31",), -3.0)


def test_absent_host_stays_first_where_nobody_else_knows_the_subject() -> None:
    away = replace(WATER, out_of_office=((date(2027, 5, 1), date(2027, 5, 31)),))
    found = weigh(proposal(water=5, fire=1), away, FIRE)
    assert (found.lead, codes(found, "water"), found.sure) == ("water", ["out-of-office"], False)


def test_host_absent_on_some_wished_days_only_keeps_its_place() -> None:
    away = replace(WATER, out_of_office=((date(2027, 5, 1), date(2027, 5, 11)),))
    assert weigh(proposal(water=5, fire=4), away, FIRE) == proposal(water=5, fire=4)


def test_two_absences_together_cover_the_wished_days() -> None:
    away = replace(WATER, out_of_office=((date(2027, 5, 1), date(2027, 5, 11)), (date(2027, 5, 12), date(2027, 5, 12))))
    assert weigh(proposal(water=5, fire=3), away, FIRE).lead == "fire"


def test_host_with_a_quiet_period_drops_with_the_reason_and_nothing_goes_out_by_itself() -> None:
    quiet = replace(WATER, quiet=((date(2027, 5, 3), date(2027, 5, 14)),))
    found = weigh(proposal(water=5, fire=4), quiet, FIRE)
    assert (order(found), found.lead, found.sure) == (["fire", "water"], "fire", False)
    reason = found.ranked[1].reasons[-1]
    assert (reason.code, reason.words, reason.weight) == ("quiet-period", ("2027-05-03/2027-05-14",), -2.0)
    assert found.co_hosts == ("water",)  # somebody is there: it may still be asked for a part
    some = replace(WATER, quiet=((date(2027, 5, 3), date(2027, 5, 11)),))
    assert weigh(proposal(water=5, fire=4), some, FIRE) == proposal(water=5, fire=4)


def test_quiet_days_and_absence_together_cover_the_wished_days() -> None:
    first, last = (date(2027, 5, 10), date(2027, 5, 11)), (date(2027, 5, 12), date(2027, 5, 12))
    found = weigh(proposal(water=5, fire=4), replace(WATER, quiet=(first,), out_of_office=(last,)), FIRE)
    assert (found.lead, codes(found, "water")) == ("fire", ["quiet-period"])


@pytest.mark.parametrize(
    ("counts", "lead", "reasons"),
    [
        ({"weeks": ((date(2027, 5, 10), 1),)}, "water", []),
        ({"weeks": ((date(2027, 5, 10), 2),)}, "fire", ["over-cap"]),
        ({"weeks": ((date(2027, 5, 17), 9),)}, "water", []),
        ({"months": ((date(2027, 5, 1), 4),)}, "fire", ["over-cap"]),
        ({"months": ((date(2027, 5, 1), 3),)}, "water", []),
    ],
)
def test_host_over_its_cap_in_every_wished_week_or_month_drops(
    counts: dict[str, object], lead: str, reasons: list[str]
) -> None:
    found = weigh(proposal(water=5, fire=3.5), replace(WATER, **counts), FIRE)  # type: ignore[arg-type]
    assert (found.lead, codes(found, "water")) == (lead, reasons)


def test_host_with_room_in_one_of_two_wished_weeks_keeps_its_place() -> None:
    full = replace(WATER, weeks=((date(2027, 5, 10), 2),))
    windows = (MAY, (date(2027, 5, 18), date(2027, 5, 19)))
    assert weigh(proposal(water=5, fire=4), full, FIRE, windows=windows).lead == "water"


@pytest.mark.parametrize(("near", "lead"), [(4.5, "water"), (4.7, "fire")])
def test_short_notice_settles_it_only_between_near_equals(near: float, lead: str) -> None:
    slow = replace(WATER, notice_days=200, load=0)
    found = weigh(proposal(water=5, fire=near), slow, replace(FIRE, load=1))
    assert (found.lead, codes(found, "water")) == (lead, ["too-short-notice"])


def test_language_that_nobody_shares_is_a_reason_unless_an_interpreter_comes() -> None:
    found = weigh(proposal(water=5, fire=3), WATER, FIRE, languages=("ja",))
    assert (found.lead, codes(found, "water")) == ("water", ["language-lacking"])
    assert codes(weigh(proposal(water=5), WATER, languages=("ja",), interpreter_needed=True), "water") == []
    assert codes(weigh(proposal(water=5), WATER, languages=("sv",)), "water") == []
    assert codes(weigh(proposal(water=5), replace(WATER, languages=()), languages=("ja",)), "water") == []


def test_near_equals_are_ordered_by_load_with_the_reason() -> None:
    found = weigh(proposal(water=5, fire=4.6, port=2), replace(WATER, load=7), replace(FIRE, load=2), PORT)
    assert (order(found), found.lead, found.co_hosts) == (["fire", "water", "port"], "fire", ("water", "port"))
    assert [(r.code, r.subject) for r in found.ranked[0].reasons[1:]] == [("spread-load", "water")]
    assert not found.sure


def test_load_does_not_outweigh_a_clear_subject_nor_a_rule() -> None:
    busy = replace(WATER, load=50)
    assert weigh(proposal(water=5, fire=4.4), busy, FIRE).lead == "water"
    assert weigh(proposal(water=5, fire=4.9), busy, replace(FIRE, owner="water")).lead == "water"
    by_rule = proposal(water=5, fire=4.9)
    level = replace(by_rule.ranked[0], reasons=(Reason("level", "head_level"),))
    assert weigh(replace(by_rule, ranked=(level, by_rule.ranked[1])), busy, FIRE).lead == "water"


def test_earlier_host_is_preferred_whatever_its_load() -> None:
    found = weigh(proposal(water=5, fire=4.6), WATER, replace(FIRE, load=9), earlier_hosts=("fire",))
    assert (found.lead, codes(found, "fire"), codes(found, "water")) == ("fire", ["earlier-host"], [])


def test_earlier_host_goes_first_where_it_may_well_lead_even_before_its_department() -> None:
    found = weigh(proposal(water=5, fire=3.4), WATER, replace(FIRE, owner="water"), earlier_hosts=("fire",))
    assert (order(found), found.lead, found.sure) == (["fire", "water"], "fire", False)
    away = replace(FIRE, out_of_office=(MAY,))
    assert weigh(proposal(water=5, fire=4.9), WATER, away, earlier_hosts=("fire",)).lead == "water"
    wished = proposal(water=5, fire=4.4)
    asked_for = replace(wished.ranked[0], reasons=(Reason("wished", "wanted_hosts"),))
    again = replace(wished, ranked=(asked_for, wished.ranked[1]))
    assert weigh(again, WATER, FIRE, earlier_hosts=("fire",)).lead == "water"


def test_earlier_host_of_another_subject_does_not_take_the_lead() -> None:
    assert weigh(proposal(water=5, fire=3), WATER, FIRE, earlier_hosts=("fire",)).lead == "water"


def test_request_to_be_declined_stays_as_it_is() -> None:
    declined = replace(proposal(water=5), decision=DECLINE, lead=None)
    away = replace(WATER, out_of_office=(MAY,))
    assert weigh(declined, away) == declined


def test_nobody_ever_vanishes() -> None:
    before = proposal(water=5, fire=4.9, port=1)
    away = [replace(one, out_of_office=(MAY,), weeks=((MAY[0], 99),), weekly_cap=1) for one in (WATER, FIRE, PORT)]
    assert sorted(order(weigh(before, *away))) == sorted(order(before))


def test_wished_days_are_working_days_where_there_are_any() -> None:
    long_weekend = replace(ENQUIRY, windows=((date(2027, 5, 14), date(2027, 5, 18)),))  # 17 May is a Monday
    assert wished_days(long_weekend, "NO") == (date(2027, 5, 14), date(2027, 5, 18))
    weekend = replace(ENQUIRY, windows=((date(2027, 5, 15), date(2027, 5, 16)),))
    assert wished_days(weekend, "NO") == (date(2027, 5, 15), date(2027, 5, 16))
