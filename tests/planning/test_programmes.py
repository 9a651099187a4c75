"""Programmes: against trying everything, and by example."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest

from app.core.time import in_venue
from app.planning.answering import EXPLAINING_LIMIT, RELAXING_LIMIT, SHOWING_LIMIT, free_times, programmes
from app.planning.programmes import is_different
from app.planning.results import Programme
from app.planning.scene import Calendar, Scene, Span
from app.planning.wishes import Placed, Request
from bench.planning import question
from tests.planning.independent import (
    FINE,
    cost,
    could_be_more,
    how_many,
    is_elsewhere,
    least_cost,
    moment,
    problems,
)
from tests.planning.random_cases import random_case
from tests.planning.scenes import FIRE, LIBRARY, MUSEUM, TUESDAY, WEDNESDAY, asked, clock, plan_of, scene_with, taken

pytestmark = pytest.mark.one_engine
BIGGEST = 1_200  # plans to try in a case; tests/acceptance tries more


def compare(seed: int, biggest: int = BIGGEST) -> int | None:
    """Hold the quick answer against trying everything; its number of programmes, None for a case too big to try.

    Where a quarter of an hour gives none, whole five minutes are tried too, and where there are fewer than three, it
    is tried whether there could be more.
    """
    scene, request = random_case(seed)
    if how_many(scene, request) > biggest:
        return None
    best, found = least_cost(scene, request), programmes(request, scene, explain=False)
    assert found.complete
    plans = [plan_of(programme) for programme in found.programmes]
    for programme, plan in zip(found.programmes, plans, strict=True):
        assert problems(scene, request, plan) == [], seed
        assert programme.cost == cost(scene, request, plan), seed
    assert all(is_elsewhere(*pair) for pair in combinations(plans, 2)), seed
    if len(plans) < 3:
        if how_many(scene, request, FINE) > 6 * biggest:
            return None
        best = best or least_cost(scene, request, FINE)
        assert not plans or not could_be_more(scene, request, plans), seed
    assert (found.programmes[0].cost if plans else None) == best, seed
    return len(plans)


def test_as_good_as_trying_everything():
    answers = Counter(compare(seed) for seed in range(90))
    assert answers[0] >= 25
    assert answers[1] + answers[2] >= 5
    assert answers[3] >= 15


def test_wishes_for_one_day_only_are_among_the_random_cases():
    """Some of them possible, and some that would be possible on any day but not on theirs."""
    kept, hindered = 0, 0
    for seed in range(90):
        scene, request = random_case(seed)
        if any(wish.on for wish in request.wishes):
            anyday = replace(request, wishes=tuple(replace(wish, on=None) for wish in request.wishes))
            found, without = (bool(programmes(one, scene, explain=False).programmes) for one in (request, anyday))
            kept += found
            hindered += without and not found
    assert (kept >= 10, hindered >= 4) == (True, True), (kept, hindered)


def test_five_minutes_where_quarters_do_not_suffice():
    scene = scene_with(taken(TUESDAY, 0, 605), taken(TUESDAY, 665, 1440))
    (programme,) = programmes(asked(FIRE), scene).programmes
    assert clock(programme) == {"fire": "Tue 10:05"}


def test_a_third_programme_is_found_where_the_shortest_days_hold_none():
    """On this day of eight stops every short programme has the stops at nearly the same times."""
    request, scene = question(56)
    answer = programmes(request, scene)
    assert answer.complete
    assert len(answer.programmes) == 3
    assert all(is_different(*pair) for pair in combinations(answer.programmes, 2))
    for programme in answer.programmes:
        assert problems(scene, request, plan_of(programme)) == []


def test_three_programmes_differ_and_the_first_is_the_shortest():
    answer = programmes(asked(FIRE, MUSEUM, LIBRARY), scene_with())
    one, two, three = answer.programmes
    assert all(is_different(*pair) for pair in ((one, two), (two, three), (one, three)))
    assert one.cost <= two.cost <= three.cost
    assert {reason.code: reason.data for reason in one.reasons}["travel"] == {"minutes": 20}


def test_the_same_question_has_the_same_answer():
    question = asked(FIRE, MUSEUM, LIBRARY, days=4, longest_stay=2)
    assert programmes(question, scene_with()) == programmes(question, scene_with())


def test_what_the_visit_has_already_stays_and_is_gone_round():
    own = Placed("own", moment(TUESDAY, 600), moment(TUESDAY, 660), "gallery")
    answer = programmes(replace(asked(FIRE), placed=(own,)), scene_with())
    for programme in answer.programmes:
        assert problems(scene_with(), replace(asked(FIRE), placed=(own,)), plan_of(programme)) == []
        assert "own" in clock(programme)


def test_wished_order_is_kept_over_days():
    question = asked(FIRE, MUSEUM, days=2, orders=(("museum", "fire"),), stops_a_day=1, longest_stay=2)
    assert [clock(p)["museum"][:3] for p in programmes(question, scene_with()).programmes] == ["Tue"] * 3


def test_half_the_group_each_where_both_stops_split():
    only = Span(600, 660)
    scene = scene_with()
    hosts = {key: Calendar(key, {1: (only,)}) for key in ("fire", "library")}
    question = asked(replace(FIRE, splits=True), replace(LIBRARY, splits=True))
    (programme,) = programmes(question, replace(scene, hosts=hosts)).programmes
    assert [stop.with_half for stop in programme.stops] == [("library",), ("fire",)]
    assert [stop.contact for stop in programme.stops] == ["kari", "per"]


def test_a_limit_of_work_is_told():
    answer = programmes(asked(FIRE, MUSEUM, LIBRARY), scene_with(), work_limit=5)
    assert (answer.programmes, answer.complete, answer.obstacles) == ((), False, ())


def full_day(minutes: int) -> tuple[Request, Scene]:
    """Ten stops between eight and five, hardly anybody busy."""
    request, scene = question(0, stops=10, a_day=10, blocks=5)
    return replace(request, wishes=tuple(replace(wish, minutes=minutes) for wish in request.wishes)), scene


def test_ten_stops_too_long_for_a_day_are_answered_with_little_work():
    """What would help is tried one by one: what is too much work by itself leaves enough for the others."""
    answer = programmes(*full_day(35))
    assert (answer.programmes, answer.complete, answer.relaxations_complete) == ((), True, False)
    assert [one.code for one in answer.relaxations][:2] == ["no-lunch", "drop"]
    assert answer.work < EXPLAINING_LIMIT + RELAXING_LIMIT + SHOWING_LIMIT


def test_a_group_that_may_divide_stays_together_where_there_are_too_many_ways_to_divide():
    request, scene = full_day(30)
    divisible = replace(request, wishes=tuple(replace(wish, splits=True) for wish in request.wishes))
    answer = programmes(divisible, scene, work_limit=20_000)
    together = programmes(request, scene, explain=False)
    assert (answer.programmes, answer.complete) == (together.programmes, False)
    assert len(answer.programmes) == 3


def test_days_beyond_those_looked_at_are_counted():
    assert programmes(asked(FIRE, days=80), scene_with()).days_left_out > 0


def test_free_times_are_near_the_visits_other_stops_and_keep_every_rule():
    own = Placed("own", moment(WEDNESDAY, 600), moment(WEDNESDAY, 660), "gallery")
    question = replace(asked(FIRE, days=3), placed=(own,))
    times = free_times(question, scene_with())
    assert in_venue(times[0].starts_at).date() == WEDNESDAY
    assert {reason.code for reason in times[0].reasons} == {"same-day", "window", "travel", "waiting"}
    assert times[0].contacts == ("kari",)
    for time in times:
        plan = {"fire": (time.starts_at, "kari")}
        assert problems(scene_with(), replace(question, longest_stay=9), plan) == []


def test_free_times_at_five_minutes_where_no_quarter_will_do():
    scene = scene_with(taken(TUESDAY, 0, 605), taken(TUESDAY, 665, 1440))
    assert [f"{in_venue(one.starts_at):%H:%M}" for one in free_times(asked(FIRE), scene)] == ["10:05"]


def test_a_full_day_has_no_free_times():
    own = tuple(
        Placed(f"own{n}", moment(TUESDAY, 540 + 60 * n), moment(TUESDAY, 570 + 60 * n), "gallery") for n in range(4)
    )
    assert free_times(replace(asked(FIRE), placed=own), scene_with()) == []


def test_whichever_host_is_free_receives():
    """As good as the best of asking for each host alone, and never worse."""
    differing = 0
    for seed in range(60):
        scene, request = random_case(seed)
        wish, *others = request.wishes
        either = replace(request, wishes=(replace(wish, hosts=("h0",), instead=(("h1", ("u3",)),)), *others))
        alone = [replace(wish, hosts=("h0",)), replace(wish, hosts=("h1",), contacts=("u3",))]
        costs = [programmes(replace(request, wishes=(one, *others)), scene, explain=False).programmes for one in alone]
        found = programmes(either, scene, explain=False).programmes
        expected = [one[0].cost for one in costs if one]
        assert bool(found) == bool(expected)
        if found and is_on_quarters(found[0]):
            assert found[0].cost == min(one[0].cost for one in costs if one and is_on_quarters(one[0]))
        differing += any(stop.host == "h1" and stop.contact == "u3" for one in found for stop in one.stops)
    assert differing >= 5


def is_on_quarters(programme: Programme) -> bool:
    return all(in_venue(stop.starts_at).minute % 15 == 0 for stop in programme.stops if not stop.placed)
