"""Learning from decided visits: bounded, reproducible, and only where visits agree."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.routing import (
    Catalogue,
    Enquiry,
    HostProfile,
    Proposal,
    RankedHost,
    Reason,
    Suggestion,
    ThemeProfile,
    TopicProfile,
    propose,
)
from app.routing.edits import Factor, with_factors
from app.routing.learning import Lesson, Weights, explained, leading_topic, learn, weights_from

WATER = ThemeProfile(
    "water",
    hosts={"climate": 1.0},
    goals={"1.3": 1.0, "3.3": 0.5},
    sdgs={6: 1.0, 11: 0.5},
    topics=(TopicProfile("pipes", hosts={"board": 1.0, "planning": 0.8}),),
)
CITY = Catalogue(themes=(WATER,))
BERGEN = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"


def lead(visit: int, suggested: str, chosen: str) -> Lesson:
    return Lesson(f"V{visit}", "water/pipes", "lead", frozenset({suggested}), frozenset({chosen}))


def moved(visits: Iterable[int]) -> list[Lesson]:
    """The coordinator gave the lead from the board to planning."""
    return [lead(visit, "board", "planning") for visit in visits]


def test_two_visits_teach_nothing_three_do() -> None:
    assert learn(moved(range(2)), CITY) == Weights((), 2)
    assert learn(moved(range(3)), CITY) == Weights(
        (Factor("water/pipes", "host", "board", 0.9, 3), Factor("water/pipes", "host", "planning", 1.1, 3)), 3
    )


def test_factors_stay_within_their_bounds_however_many_visits() -> None:
    factors = learn(moved(range(500)), CITY).factors
    assert [(one.target, one.factor) for one in factors] == [("board", 0.7), ("planning", 1.4)]


def test_visits_that_kept_the_suggestion_speak_against_a_change() -> None:
    kept = [lead(visit, "board", "board") for visit in range(10, 12)]
    assert learn(moved(range(4)) + kept, CITY).factors == ()
    assert [one.factor for one in learn(moved(range(5)) + kept, CITY).factors] == [0.9, 1.1]


def test_visit_counts_once_and_by_its_last_lesson() -> None:
    again = [lead(1, "board", "planning")] * 5
    assert learn(again, CITY) == Weights((), 1)
    back = [*moved(range(3)), *(lead(visit, "board", "board") for visit in range(3))]
    assert learn(back, CITY) == Weights((), 3)


def test_goals_taken_away_and_added_are_learned() -> None:
    lessons = [
        Lesson(f"V{n}", "water", "goal", frozenset({"1.3", "sdg-6"}), frozenset({"1.3", "sdg-11"})) for n in range(4)
    ]
    assert learn(lessons, CITY).factors == (
        Factor("water", "goal", "sdg-11", 1.2, 4),
        Factor("water", "goal", "sdg-6", 0.8, 4),
    )


def asked(visits: Iterable[int], *hosts: str) -> list[Lesson]:
    """The coordinator asked hosts for a part that only planning had been suggested for."""
    suggested = frozenset({"planning"})
    return [Lesson(f"V{visit}", "water/pipes", "co-host", suggested, suggested | {*hosts}) for visit in visits]


def test_host_that_is_asked_for_a_part_again_and_again_is_learned() -> None:
    city = Catalogue(hosts=(HostProfile("brigade"), HostProfile("planning")), themes=(WATER,))
    assert learn(asked(range(2), "brigade"), city).factors == ()
    assert learn(asked(range(4), "brigade", "nobody"), city).factors == (
        Factor("water/pipes", "part", "brigade", 1.2, 4),
    )
    assert learn(asked(range(4), "brigade") + asked(range(4, 6)), city).factors == ()


def test_learned_part_makes_a_host_likelier_where_the_subject_is_the_main_one() -> None:
    enquiry = Enquiry("E", "Utrecht", "city", "NL", "Utrecht", "We mend our water mains.", date(2027, 1, 11))
    pipes = replace(WATER.topics[0], hosts={"board": 1.0, "planning": 0.2}, words={"en": {"water mains": 3.0}})
    hosts = tuple(HostProfile(slug) for slug in ("board", "planning", "brigade"))
    city = Catalogue(hosts=hosts, themes=(replace(WATER, topics=(pipes,)),))
    before = propose(enquiry, city)
    factors = (Factor("water/pipes", "part", "brigade", 1.4, 6), Factor("water/pipes", "part", "planning", 0.7, 6))
    after = propose(enquiry, replace(city, themes=with_factors(city.themes, factors)))
    assert before.lead == after.lead == "board"
    shares = [{host.slug: host.score for host in one.ranked} for one in (before, after)]
    assert "brigade" not in shares[0]
    assert shares[1]["brigade"] > 0
    told = explained(after, Weights(factors, 6))
    reasons = {host.slug: host.reasons[-1] for host in told.ranked}
    assert reasons["brigade"] == Reason("learned-more", "learned", ("6",), 0.0, "water/pipes")
    assert reasons["planning"] == Reason("learned-less", "learned", ("6",), 0.0, "water/pipes")


def test_learned_lead_goes_before_one_that_words_speak_a_little_more_for() -> None:
    enquiry = Enquiry("E", "Utrecht", "city", "NL", "Utrecht", "We mend our water mains.", date(2027, 1, 11))
    pipes = replace(WATER.topics[0], words={"en": {"water mains": 3.0}})
    city = Catalogue(hosts=(HostProfile("board"), HostProfile("planning")), themes=(replace(WATER, topics=(pipes,)),))
    factors = learn(moved(range(4)), city).factors
    assert propose(enquiry, city).lead == "board"
    assert propose(enquiry, replace(city, themes=with_factors(city.themes, factors))).lead == "planning"


def test_only_edges_that_the_files_have_are_weighed() -> None:
    lessons = [Lesson(f"V{n}", "water/pipes", "lead", frozenset({"board"}), frozenset({"mayor"})) for n in range(9)]
    assert [one.target for one in learn(lessons, CITY).factors] == ["board"]
    strange = [Lesson(f"V{n}", "moon", "lead", frozenset({"board"}), frozenset({"mayor"})) for n in range(9)]
    assert learn(strange, CITY).factors == ()


def test_same_lessons_in_any_order_give_the_same_weights() -> None:
    lessons = moved(range(6)) + [lead(visit, "planning", "board") for visit in range(20, 22)]
    lessons += [Lesson(f"V{n}", "water", "goal", frozenset({"1.3"}), frozenset({"3.3"})) for n in range(7)]
    expected = learn(lessons, CITY)
    assert len(expected.factors) == 4
    for seed in range(5):
        shuffled = random.Random(seed).sample(lessons, len(lessons))
        assert learn(shuffled, CITY) == expected


def test_weights_survive_being_stored() -> None:
    weights = learn(moved(range(3)), CITY)
    assert weights_from(weights.to_json(), 3) == weights


def test_leading_topic_is_the_heaviest_subject_of_the_ranking() -> None:
    reasons = (Reason("named", "purpose", (), 9.0, "board"), Reason("answers-for", "purpose", (), 2.0, "water/pipes"))
    other = (Reason("answers-for", "purpose", (), 3.0, "climate/air"),)
    ranked = (RankedHost("board", 4.0, "lead", reasons), RankedHost("climate", 3.0, "part", other))
    assert leading_topic(Proposal("route", ranked=ranked).to_json()) == "climate/air"
    assert leading_topic(Proposal("route", themes=(Suggestion("water", 1.0),)).to_json()) == "water"
    assert leading_topic({}) == ""


def test_learned_weight_is_told_beside_the_reason_it_changed() -> None:
    weights = learn(moved(range(14)), CITY)
    reason = Reason("answers-for", "purpose", ("sewer",), 2.0, "water/pipes")
    named = Reason("named", "purpose", ("the board",), 5.0, "board")
    proposal = Proposal(
        "route",
        ranked=(RankedHost("planning", 3.0, "lead", (reason,)), RankedHost("board", 2.0, "part", (named, reason))),
        priorities=(Suggestion("1.3", 1.0, (Reason("serves", "purpose", (), 1.0, "water/pipes"),)),),
    )
    told = explained(proposal, weights)
    assert told.ranked[0].reasons == (reason, Reason("learned-more", "learned", ("14",), 2.0, "water/pipes"))
    assert told.ranked[1].reasons == (named, reason, Reason("learned-less", "learned", ("14",), 2.0, "water/pipes"))
    assert told.priorities == proposal.priorities
    assert explained(proposal, Weights()) is proposal


def test_host_that_people_always_choose_leads_though_the_files_do_not_know_it_there() -> None:
    enquiry = Enquiry("E", "Utrecht", "city", "NL", "Utrecht", "We mend our water mains.", date(2027, 1, 11))
    pipes = replace(WATER.topics[0], words={"en": {"water mains": 3.0}})
    hosts = tuple(HostProfile(slug) for slug in ("board", "planning", "brigade"))
    city = Catalogue(hosts=hosts, themes=(replace(WATER, topics=(pipes,)),))
    always = [lead(visit, "board", "brigade") for visit in range(5)]
    factors = learn(always, city).factors
    assert Factor("water/pipes", "lead", "brigade", 2.5, 5) in factors
    after = propose(enquiry, replace(city, themes=with_factors(city.themes, factors)))
    assert (propose(enquiry, city).lead, after.lead) == ("board", "brigade")
    told = explained(after, Weights(factors, 5)).ranked[0].reasons
    assert [(one.code, one.subject) for one in told] == [
        ("answers-for", "water/pipes"),
        ("learned-more", "water/pipes"),
    ]
    assert leading_topic(after.to_json()) == "water/pipes"


def given(more: int, less: int = 0, confirmed: int = 0) -> list[Lesson]:
    """Visits that people gave to planning, that they left with the board, and that planning led as suggested then."""
    kept = [lead(visit, "board", "board") for visit in range(1000, 1000 + less)]
    led = [lead(visit, "planning", "planning") for visit in range(2000, 2000 + confirmed)]
    return [*moved(range(more)), *kept, *led]


@pytest.mark.parametrize(
    ("more", "less", "leads"),
    [
        (3, 0, False),
        (4, 0, False),
        (5, 0, True),
        (5, 1, False),
        (8, 1, False),
        (9, 1, True),
        (11, 2, False),
        (12, 2, True),
        (5, 40, False),
        (40, 30, False),
    ],
)
def test_handful_of_unanimous_visits_makes_a_host_lead_and_contradicting_ones_hold_it_back(
    more: int, less: int, leads: bool
) -> None:
    city = Catalogue(hosts=(HostProfile("board"), HostProfile("planning")), themes=(WATER,))
    assert ("lead" in {one.kind for one in learn(given(more, less), city).factors}) is leads


def test_visits_that_a_host_led_as_suggested_speak_for_its_leading_on_and_add_nothing() -> None:
    city = Catalogue(hosts=(HostProfile("board"), HostProfile("planning")), themes=(WATER,))
    assert learn(given(5), city).factors[-1] == learn(given(5, confirmed=10), city).factors[-1]
    assert learn(given(5, 1, confirmed=4), city).factors[-1].kind == "lead"
    assert learn(given(2, confirmed=20), city).factors == ()


def test_factor_for_leading_grows_no_more_once_it_outweighs_whatever_a_text_says() -> None:
    city = Catalogue(hosts=(HostProfile("board"), HostProfile("planning")), themes=(WATER,))
    factors = [learn(given(number), city).factors[-1].factor for number in (5, 6, 8, 9, 300)]
    assert factors == [2.5, 2.8, 3.4, 3.4, 3.4]


@pytest.mark.parametrize(
    ("purpose", "host"),
    [
        ("How the port receives cruise ships, shore power for cruise calls and limits on cruise tourists.", "uib"),
        ("How you run home care and home nursing for elderly people.", "hvl"),
        ("How you plan and tend parks, playgrounds and green spaces.", "byutvikling"),
        ("Hvordan drifter dere kommunale utleieboliger og bostøtte for familier?", "museum-vest"),
        ("Wie löscht Ihre Feuerwehr Brände in engen Gassen mit Holzhäusern?", "bymiljoetaten"),
    ],
)
def test_host_to_which_people_give_five_visits_about_a_subject_leads_it_and_not_before(purpose: str, host: str) -> None:
    catalogue = catalogue_from_files(BERGEN)
    enquiry = Enquiry("E", "City of Elsewhere", "city", "GB", "Elsewhere", purpose, date(2027, 1, 4), languages=("en",))
    before = propose(enquiry, catalogue)
    topic = leading_topic(before.to_json())
    leads = {}
    for visits in (3, 5):
        suggested, chosen = frozenset({before.lead or ""}), frozenset({host})
        given = [Lesson(f"V{number}", topic, "lead", suggested, chosen) for number in range(visits)]
        themes = with_factors(catalogue.themes, learn(given, catalogue).factors)
        leads[visits] = propose(enquiry, replace(catalogue, themes=themes)).lead
    assert before.lead != host
    assert leads == {3: before.lead, 5: host}
