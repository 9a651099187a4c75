"""What a day can hold is what the exact search finds ways for, no more and no less; and it takes little to know."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.planning.answering import programmes
from app.planning.dayplans import Work, day_plans
from app.planning.fitting import day_sets
from app.planning.holding import can_hold
from app.planning.openings import Diary
from app.planning.windows import days_of
from bench.planning import OVERFULL, question
from tests.planning.random_cases import random_case

pytestmark = pytest.mark.one_engine

PLENTY = 10**9


@pytest.mark.parametrize("divides", [False, True])
def test_a_day_holds_the_sets_for_which_there_is_a_way(divides: bool):
    compared = 0
    for seed in range(150):
        where, request = random_case(seed)
        if divides:
            request = replace(request, wishes=tuple(replace(wish, splits=True) for wish in request.wishes))
        for grid in (Diary(where), Diary(where).finer):
            for day in days_of(request).window_of:
                ways = set(day_plans(request, day, grid, Work(PLENTY)).plans)
                assert day_sets(request, day, grid, Work(PLENTY)) == ways, (seed, day)
                compared += len(ways)
    assert compared > 400


def test_a_full_day_of_eight_holds_every_set_of_them_at_a_hundredth_of_the_work():
    request, where = question(0, blocks=20)
    day, diary, sets, ways = next(iter(days_of(request).window_of)), Diary(where).finer, Work(PLENTY), Work(PLENTY)
    found = day_sets(request, day, diary, sets)
    assert found == set(day_plans(request, day, diary, ways).plans)
    assert (len(found), sets.done * 100 < ways.done) == (255, True)


def test_whether_there_is_a_programme_is_known_before_the_best_is_looked_for():
    for seed in range(200):
        where, request = random_case(seed)
        found = programmes(request, where, explain=False)
        assert can_hold(request, Diary(where), Work(PLENTY)) == bool(found.programmes), seed


def test_twelve_stops_on_two_days_of_four_are_settled_without_looking_for_a_way():
    request, where = question(1, stops=12, days=2, a_day=4)
    answer = programmes(request, where)
    assert (answer.programmes, answer.complete, bool(answer.obstacles)) == ((), True, True)


@pytest.mark.parametrize("name", OVERFULL)
def test_every_change_to_an_overfull_question_is_tried(name: str):
    answer = programmes(*OVERFULL[name]())
    assert (answer.programmes, answer.complete, answer.relaxations_complete) == ((), True, True)
    assert answer.obstacles
    assert answer.work < 300_000
