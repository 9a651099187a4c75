"""What stands in the way is true: held against trying everything, and by example."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.planning.answering import EXPLAINING_LIMIT, programmes
from app.planning.conflicts import conflicts, only
from app.planning.dayplans import Work
from app.planning.openings import Diary
from app.planning.results import Obstacle
from app.planning.scene import Busy, Calendar, Minutes, Scene, Site, Span
from app.planning.wishes import Placed, Request, Window, Wish
from tests.planning.independent import FINE, days, how_many, least_cost, moment
from tests.planning.random_cases import random_case

pytestmark = pytest.mark.one_engine

WEDNESDAY, THURSDAY = date(2026, 12, 9), date(2026, 12, 10)  # the sun is up from 9.32
SCHOOL = Span(8 * 60 + 30, 15 * 60 + 30)
BIGGEST = 1_500  # plans to try in a case


def scene(*hours: Span, busy: tuple[Busy, ...] = ()) -> Scene:
    """Hosts h0, h1 … open on working days; the first of them has busy times."""
    weeks = [dict.fromkeys(range(5), (span,)) for span in hours]
    hosts = {f"h{n}": Calendar(f"h{n}", week, busy if n == 0 else ()) for n, week in enumerate(weeks)}
    sites = {key: Site(Calendar(key)) for key in ("hall", "campus")}
    way = {frozenset(("hall", "campus")): Minutes(None, 19)}
    return Scene(moment(WEDNESDAY, -9000), hosts=hosts, sites=sites, travel=way)


def wish(number: int, minutes: int = 60, at: tuple[date, int] | None = None, place: str = "hall", **rules) -> Wish:
    fixed = moment(*at) if at else None
    return Wish(f"w{number}", (f"h{number}",), minutes, place=place, fixed_at=fixed, **rules)


def asked(*wishes: Wish, last: date = THURSDAY, **rules) -> Request:
    return Request(wishes, (Window(WEDNESDAY, last),), **rules)


def found(request: Request, where: Scene) -> list[Obstacle]:
    answer = programmes(request, where)
    assert (answer.programmes, answer.complete) == ((), True)
    return list(answer.obstacles)


def said(request: Request, where: Scene) -> list[tuple[date | None, tuple[str, ...], str]]:
    return [(one.day, one.wishes, one.code) for one in found(request, where)]


def test_two_stops_fixed_at_the_same_time_of_one_of_two_days_are_named_and_nothing_else():
    question = asked(
        wish(0, at=(WEDNESDAY, 600)), wish(1, at=(THURSDAY, 600)), wish(2, at=(WEDNESDAY, 600)), longest_stay=2
    )
    assert said(question, scene(*[SCHOOL] * 3)) == [(WEDNESDAY, ("w0", "w2"), "at-once")]


def test_a_station_free_only_from_14_to_15_fails_each_day_of_a_longer_stay():
    busy = tuple(
        Busy(moment(day, a), moment(day, b), "imported")
        for day in (WEDNESDAY, THURSDAY)
        for a, b in ((480, 840), (900, 960))
    )
    obstacles = found(asked(wish(0, 90), wish(1), longest_stay=2), scene(SCHOOL, SCHOOL, busy=busy))
    assert [(one.day, one.wishes, one.code, one.subject, one.free) for one in obstacles] == [
        (day, ("w0",), "busy", "h0", (Span(840, 900),)) for day in (WEDNESDAY, THURSDAY)
    ]


def test_why_one_of_two_cannot_be_on_the_other_day_is_said():
    """Both can only be on Wednesday, and there not together; on Thursday the first is closed."""
    closed = Busy(moment(THURSDAY, 0), moment(THURSDAY, 1440), "absence")
    question = asked(wish(0, 240), wish(1, 240, at=(WEDNESDAY, 540)), lunch=False, longest_stay=2)
    assert said(question, scene(SCHOOL, SCHOOL, busy=(closed,))) == [
        (WEDNESDAY, ("w0", "w1"), "together"),
        (THURSDAY, ("w0",), "busy"),
    ]


def test_three_long_stops_in_two_days_are_a_conflict_of_the_whole_stay():
    question = asked(*(wish(n, 300) for n in range(3)), last=date(2026, 12, 11), lunch=False, longest_stay=2)
    (obstacle,) = found(question, scene(*[SCHOOL] * 3))
    assert (obstacle.day, obstacle.wishes, obstacle.code) == (None, ("w0", "w1", "w2"), "days-few")
    assert obstacle.data == {"stay": 2}


@pytest.mark.parametrize("stay", [1, 3])
def test_fixed_times_on_days_too_far_apart_are_said_with_their_days(stay: int):
    other = WEDNESDAY + timedelta(days=stay + 4)
    question = asked(wish(0, at=(WEDNESDAY, 600)), wish(1, at=(other, 600)), last=other, longest_stay=stay)
    (obstacle,) = found(question, scene(SCHOOL, SCHOOL))
    assert (obstacle.day, obstacle.wishes, obstacle.code) == (None, ("w0", "w1"), "days-apart")
    assert obstacle.data == {"stay": stay, "on": ((WEDNESDAY,), (other,))}


def test_a_fixed_time_outside_the_days_is_said_once():
    other = date(2026, 12, 14)
    assert said(asked(wish(0, at=(other, 600)), wish(1)), scene(SCHOOL, SCHOOL)) == [(other, ("w0",), "fixed-outside")]


def test_the_way_between_two_places_is_named_when_it_is_too_long():
    question = asked(
        wish(1, at=(WEDNESDAY, 695), place="campus"), wish(0, at=(WEDNESDAY, 630)), lunch=False, last=WEDNESDAY
    )
    (obstacle,) = found(question, scene(SCHOOL, SCHOOL))
    assert (obstacle.day, obstacle.wishes, obstacle.code) == (WEDNESDAY, ("w0", "w1"), "travel")
    assert (obstacle.free, obstacle.data["exact"]) == ((Span(630, 690), Span(695, 755)), True)
    assert (obstacle.data["leg"].minutes, obstacle.data["leg"].mode, obstacle.data["buffer"]) == (19, "drive", 10)


def test_the_way_from_the_visits_own_stop_is_named():
    own = Placed("own", moment(WEDNESDAY, 600), moment(WEDNESDAY, 660), "hall")
    question = asked(wish(0, at=(WEDNESDAY, 670), place="campus"), last=WEDNESDAY, placed=(own,))
    assert said(question, scene(SCHOOL)) == [(WEDNESDAY, ("w0",), "travel")]


def test_a_fixed_time_before_sunrise_is_dark():
    (obstacle,) = found(asked(wish(0, at=(WEDNESDAY, 525), daylight=True), longest_stay=2), scene(SCHOOL))
    assert (obstacle.day, obstacle.code, obstacle.data) == (WEDNESDAY, "dark", {"fixed": Span(525, 585)})
    assert obstacle.free[0].starts == 9 * 60 + 32


def test_dark_and_not_lunch_are_both_named_where_both_must_go():
    obstacles = said(asked(wish(0, daylight=True, serves_lunch=True), last=WEDNESDAY), scene(Span(960, 1080)))
    assert obstacles == [(WEDNESDAY, ("w0",), "dark"), (WEDNESDAY, ("w0",), "not-lunch")]


def test_of_hosts_that_stand_in_for_each_other_none_is_blamed_while_one_is_free():
    closed = Busy(moment(WEDNESDAY, 0), moment(WEDNESDAY, 1440), "absence")
    one = replace(wish(0, at=(WEDNESDAY, 525), daylight=True), instead=(("h1", ()),))
    assert said(asked(one, last=WEDNESDAY), scene(SCHOOL, SCHOOL, busy=(closed,))) == [(WEDNESDAY, ("w0",), "dark")]


def test_in_random_cases_every_conflict_and_every_day_named_is_impossible():
    """Without any one of a conflict's wishes it is possible; a rule named is one without which it is possible."""
    sizes, codes = Counter[int](), Counter[str]()
    for seed in range(140):
        where, request = random_case(seed)
        answer = programmes(request, where, explain=False)
        if answer.programmes or how_many(where, request, FINE) > BIGGEST:
            continue
        diary = Diary(where)
        sets, is_sure = conflicts(request, diary, Work(EXPLAINING_LIMIT))
        assert (bool(sets), is_sure) == (True, True), seed
        for wishes in sets:
            sizes[len(wishes)] += 1
            assert not is_possible(where, only(request, wishes)), seed
            for out in wishes if len(wishes) > 1 else ():
                assert is_possible(where, only(request, [one for one in wishes if one != out])), seed
        obstacles = programmes(request, where).obstacles
        assert obstacles, seed
        for obstacle in obstacles:
            codes[obstacle.code] += 1
            check_one(where, request, obstacle, seed)
    assert min(sizes[1], sizes[2]) >= 5
    assert len(codes) >= 10


def check_one(where: Scene, request: Request, obstacle: Obstacle, seed: int) -> None:
    wishes = [one for one in request.wishes if one.key in obstacle.wishes]
    part = only(request, wishes) if wishes else request
    if obstacle.day and obstacle.code not in ("fixed-outside", "day-outside"):
        part = replace(part, windows=(Window(obstacle.day, obstacle.day),))
    if days(part):
        assert not is_possible(where, part), (seed, obstacle)
    rules = {"lunch": {"lunch": False}, "order": {"orders": ()}, "too-many": {"stops_a_day": 8}}
    if obstacle.code in rules:
        assert is_possible(where, replace(part, **rules[obstacle.code])), (seed, obstacle)


def is_possible(where: Scene, request: Request) -> bool:
    return least_cost(where, request, FINE) is not None
