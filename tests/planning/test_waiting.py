"""What a programme says of waiting is what its stops have to spare, lunch not counted."""

from __future__ import annotations

from datetime import date

import pytest

from app.planning.answering import programmes
from app.planning.results import Programme
from app.planning.scene import Calendar, Limits, Minutes, Scene, Site, Span
from app.planning.wishes import Placed, Request, Window, Wish
from tests.planning.independent import moment
from tests.planning.random_cases import random_case

pytestmark = pytest.mark.one_engine

DAY = date(2027, 6, 8)


def best(*own: tuple[int, int], at: int, lunch: bool = True) -> Programme:
    """A stop of an hour fixed at a minute of the day, beside stops that the visit has; ten minutes from each other."""
    placed = tuple(Placed(f"own{n}", moment(DAY, a), moment(DAY, b), f"p{n}") for n, (a, b) in enumerate(own))
    sites = {key: Site(Calendar(key)) for key in ("p0", "p1", "hall")}
    ways = {frozenset((one, other)): Minutes(10) for one in sites for other in sites if one < other}
    hosts = {"h": Calendar("h", dict.fromkeys(range(5), (Span(480, 1080),)))}
    scene = Scene(moment(DAY, -9000), {}, hosts, sites, ways, Limits(buffer=10, lunch=45))
    wish = Wish("w", ("h",), 60, place="hall", fixed_at=moment(DAY, at))
    return programmes(Request((wish,), (Window(DAY, DAY),), placed, lunch=lunch), scene).programmes[0]


def waiting(programme: Programme) -> tuple[int, list[int]]:
    """What is said in one figure, and at the stops in order."""
    (said,) = [one.data["minutes"] for one in programme.reasons if one.code == "waiting"]
    return said, [stop.waiting for stop in programme.stops]


def test_waiting_before_a_stop_of_the_visits_own_is_counted():
    assert waiting(best((650, 700), at=540, lunch=False)) == (30, [0, 30])


def test_lunch_between_the_visits_own_stops_is_not_taken_from_waiting_elsewhere():
    """From 9 to 10, and the own stops at 11.20 and 13.20, with lunch between those."""
    programme = best((680, 690), (770, 830), at=540)
    assert programme.lunches == ((moment(DAY, 690), moment(DAY, 735)),)
    assert waiting(programme) == (75, [0, 60, 15])


def test_lunch_is_taken_from_the_wait_in_which_it_is_eaten():
    assert waiting(best((540, 660), at=800)) == (75, [0, 75])  # of 120 minutes to spare


def test_in_random_cases_the_figure_is_the_sum_of_what_the_stops_have_to_spare():
    tried = 0
    for seed in range(120):
        where, request = random_case(seed)
        for programme in programmes(request, where, explain=False).programmes:
            said, spare = waiting(programme)
            together = {(stop.starts_at, stop.waiting) for stop in programme.stops}
            assert said == sum(left for _at, left in together) <= sum(spare)
            tried += bool(request.placed) and said > 0
    assert tried >= 10
