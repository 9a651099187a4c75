"""Programmes: against trying everything, and by example."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from app.core.time import in_venue
from app.planning.answering import EXPLAINING_LIMIT, RELAXING_LIMIT, SHOWING_LIMIT, free_times, programmes
from app.planning.programmes import is_different
from app.planning.results import Answer, Programme
from app.planning.scene import Busy, Calendar, Limits, Minutes, Scene, Site, Span
from app.planning.wishes import Placed, Request, Window, Wish
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

pytestmark = pytest.mark.one_engine

TUESDAY, WEDNESDAY = date(2027, 6, 8), date(2027, 6, 9)
OPEN = dict.fromkeys(range(5), (Span(540, 960),))
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


def plan_of(programme: Programme):
    return {stop.key: (stop.starts_at, stop.contact) for stop in programme.stops if not stop.placed}


def clock(programme: Programme) -> dict[str, str]:
    return {stop.key: f"{in_venue(stop.starts_at):%a %H:%M}" for stop in programme.stops}


def scene_with(*busy: Busy, host: str = "fire", kind: str = "host", **limits) -> Scene:
    hosts = {key: Calendar(key, OPEN) for key in ("fire", "museum", "library")}
    people = {key: Calendar(key) for key in ("kari", "ola", "per")}
    if kind == "host":
        hosts[host] = Calendar(host, OPEN, busy)
    else:
        people[host] = Calendar(host, None, busy)
    sites = {key: Site(Calendar(key), exclusive=True) for key in ("station", "gallery", "room")}
    way = {
        frozenset(pair): Minutes(10, 5) for pair in (("station", "gallery"), ("station", "room"), ("gallery", "room"))
    }
    return Scene(moment(TUESDAY, -9000), people, hosts, sites, way, Limits(**limits))


FIRE = Wish("fire", ("fire",), 60, ("kari",), place="station")
MUSEUM = Wish("museum", ("museum",), 90, ("ola",), place="gallery")
LIBRARY = Wish("library", ("library",), 45, ("per",), place="room")


def asked(*wishes: Wish, days: int = 1, **rules) -> Request:
    return Request(wishes, (Window(TUESDAY, TUESDAY + timedelta(days=days - 1)),), **rules)


def taken(day: date, starts: int, ends: int, kind="imported", key="") -> Busy:
    return Busy(moment(day, starts), moment(day, ends), kind, key)


def codes(answer: Answer) -> list[str]:
    return [one.code for one in answer.relaxations]


def test_as_good_as_trying_everything():
    answers = Counter(compare(seed) for seed in range(90))
    assert answers[0] >= 25
    assert answers[1] + answers[2] >= 5
    assert answers[3] >= 15


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


def test_the_fire_station_is_free_only_from_14_to_15():
    scene = scene_with(taken(TUESDAY, 480, 840), taken(TUESDAY, 900, 1000, "absence"))
    answer = programmes(asked(replace(FIRE, minutes=90), MUSEUM), scene)
    assert answer.programmes == ()
    (obstacle,) = answer.obstacles
    assert (obstacle.day, obstacle.wishes, obstacle.code, obstacle.subject) == (TUESDAY, ("fire",), "busy", "fire")
    assert obstacle.free == (Span(840, 900),)
    assert obstacle.kinds == ("absence", "imported")


def test_every_relaxation_named_was_solved_and_each_kind_is_found():
    scene = scene_with(taken(TUESDAY, 480, 840, key="meeting"), taken(TUESDAY, 900, 1000, "absence"))
    answer = programmes(asked(replace(FIRE, minutes=90), MUSEUM), scene)
    assert codes(answer) == ["other-days", "other-days", "shorten", "ignore-busy", "drop"]
    helped = {one.code: one.data for one in answer.relaxations}
    assert helped["shorten"] == {"wish": "fire", "minutes": 60}
    assert helped["ignore-busy"]["busy"].key == "meeting"
    assert helped["drop"] == {"wish": "fire"}
    assert all(one.programme.stops for one in answer.relaxations)


def test_another_contact_person_helps():
    scene = scene_with(taken(TUESDAY, 0, 1440, "absence"), host="kari", kind="person")
    answer = programmes(asked(replace(FIRE, spare_contacts=("per",))), scene)
    assert [(one.code, one.subject, one.kinds) for one in answer.obstacles] == [("busy", "kari", ("absence",))]
    assert "other-contact" in codes(answer)


def test_too_many_stops_for_a_day_says_so_and_offers_one_more_or_a_longer_stay():
    question = asked(FIRE, MUSEUM, LIBRARY, days=2, stops_a_day=2)
    answer = programmes(question, scene_with())
    assert [one.code for one in answer.obstacles] == ["too-many", "too-many"]
    assert {"more-stops", "longer-stay", "drop"} <= set(codes(answer))


def test_no_time_for_lunch_says_so():
    hosts = {key: Calendar(key, {1: (Span(600, 820),)}) for key in ("fire", "museum")}
    answer = programmes(asked(replace(FIRE, minutes=90), MUSEUM), replace(scene_with(), hosts=hosts))
    assert [one.code for one in answer.obstacles] == ["lunch"]
    assert "no-lunch" in codes(answer)


def test_an_order_that_cannot_be_kept_says_so():
    early, late = Calendar("fire", {1: (Span(540, 620),)}), Calendar("museum", {1: (Span(840, 960),)})
    scene = replace(scene_with(), hosts={"fire": early, "museum": late})
    answer = programmes(asked(FIRE, MUSEUM, orders=(("museum", "fire"),)), scene)
    assert [one.code for one in answer.obstacles] == ["order"]
    assert "free-order" in codes(answer)


def test_holiday_weekend_dark_and_fixed_are_named():
    saturday, may17 = date(2027, 6, 12), date(2027, 5, 17)
    for day, code in ((saturday, "weekend"), (may17, "holiday")):
        answer = programmes(Request((FIRE,), (Window(day, day),)), replace(scene_with(), now=moment(may17, -9000)))
        assert [one.code for one in answer.obstacles] == [code]
    evening = replace(scene_with(), hosts={"fire": Calendar("fire", {1: (Span(960, 1080),)})}, now=moment(may17, 0))
    winter = Request((replace(FIRE, daylight=True),), (Window(date(2027, 12, 21), date(2027, 12, 21)),))
    assert [one.code for one in programmes(winter, evening).obstacles] == ["dark"]
    fixed = replace(FIRE, fixed_at=moment(TUESDAY, 600))
    answer = programmes(asked(fixed), scene_with(taken(TUESDAY, 610, 620)))
    assert [(one.code, one.subject) for one in answer.obstacles] == [("fixed-taken", "fire")]
    assert "free-time" in codes(answer)


def test_days_too_far_from_what_the_visit_has_already_are_named():
    before = TUESDAY - timedelta(days=7)
    own = Placed("own", moment(before, 600), moment(before, 660), "gallery")
    answer = programmes(replace(asked(FIRE, days=2), placed=(own,)), scene_with())
    assert answer.programmes == ()
    assert {one.code for one in answer.obstacles} == {"far-off"}
    assert len(answer.obstacles) == 2


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
