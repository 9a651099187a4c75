"""One change that helps: the smallest that is enough, solved before it is offered, and one that a form takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.planning.answering import programmes
from app.planning.results import Relaxation
from app.planning.scene import Busy, Calendar, Scene, Site, Span
from app.planning.wishes import LONGEST_STAY, MOST_A_DAY, Placed, Request, Window, Wish
from tests.planning.independent import FINE, how_many, least_cost, moment
from tests.planning.random_cases import random_case

pytestmark = pytest.mark.one_engine

WEDNESDAY = date(2026, 12, 9)  # the sun is up from 9.32 to 15.27
LATE = Span(16 * 60, 18 * 60)
BIGGEST = 1_200  # plans to try in a case
SCHOOL = Span(8 * 60 + 30, 15 * 60 + 30)


def scene(*hours: Span) -> Scene:
    """Hosts h0, h1 … open on working days, each at these hours."""
    hosts = {f"h{n}": Calendar(f"h{n}", dict.fromkeys(range(5), (span,))) for n, span in enumerate(hours)}
    return Scene(moment(WEDNESDAY, -9000), hosts=hosts)


def wish(number: int, minutes: int = 60, host: int | None = None, **rules) -> Wish:
    return Wish(f"w{number}", (f"h{number if host is None else host}",), minutes, place="hall", **rules)


def window(days: int) -> tuple[Window, ...]:
    return (Window(WEDNESDAY, WEDNESDAY + timedelta(days=days - 1)),)


def own_stops(count: int, apart: int) -> tuple[Placed, ...]:
    """Stops of ten minutes in the morning that the visit has already."""
    starts = [moment(WEDNESDAY, 540 + apart * n) for n in range(count)]
    return tuple(Placed(f"own{n}", at, at + timedelta(minutes=10), "hall") for n, at in enumerate(starts))


def helps(request: Request, where: Scene) -> dict[str, Relaxation]:
    answer = programmes(request, where)
    assert (answer.programmes, answer.complete) == ((), True)
    return {one.code: one for one in answer.relaxations}


def test_a_walk_where_the_host_opens_after_dark_is_possible_in_the_dark():
    found = helps(Request((wish(0, daylight=True),), window(1)), scene(LATE))
    assert found["in-dark"].data == {"wish": "w0"}


def test_a_meal_where_the_host_opens_after_noon_is_possible_with_lunch_elsewhere():
    found = helps(Request((wish(0, serves_lunch=True),), window(1)), scene(LATE))
    assert found["lunch-elsewhere"].data == {"wish": "w0"}


def test_a_stop_whose_place_is_taken_all_day_is_possible_at_another():
    busy = (Busy(moment(WEDNESDAY, 0), moment(WEDNESDAY, 1440), "appointment"),)
    where = replace(scene(SCHOOL), sites={"hall": Site(Calendar("hall", None, busy), exclusive=True)})
    found = helps(Request((wish(0),), window(1)), where)
    assert found["other-place"].data == {"wish": "w0"}
    assert found["other-place"].programme is not None


def test_another_place_is_not_offered_where_the_host_is_busy_too():
    busy = (Busy(moment(WEDNESDAY, 0), moment(WEDNESDAY, 1440), "appointment"),)
    where = replace(scene(SCHOOL), sites={"hall": Site(Calendar("hall", None, busy), exclusive=True)})
    where = replace(where, hosts={"h0": replace(where.hosts["h0"], busy=busy)})
    assert "other-place" not in helps(Request((wish(0),), window(1)), where)


def test_the_shortest_stay_that_is_enough_is_offered():
    stops = tuple(wish(n, 300) for n in range(3))
    found = helps(Request(stops, window(3), lunch=False), scene(*[SCHOOL] * 3))
    assert found["longer-stay"].data == {"days": 3}


def test_the_fewest_stops_a_day_that_are_enough_are_offered():
    stops = tuple(wish(n, 30, host=0) for n in range(6))
    found = helps(Request(stops, window(1), stops_a_day=3), scene(SCHOOL))
    assert found["more-stops"].data == {"stops_a_day": 6}


def test_the_visits_own_stops_count_among_those_of_a_day():
    own = own_stops(3, 60)
    found = helps(Request((wish(0, 30), wish(1, 30)), window(1), own, stops_a_day=3), scene(SCHOOL, SCHOOL))
    assert found["more-stops"].data == {"stops_a_day": 5}


def test_a_stop_is_shortened_no_more_than_it_must():
    found = helps(Request((wish(0, 180),), window(1)), scene(Span(540, 705)))
    assert found["shorten"].data == {"wish": "w0", "minutes": 165}


def test_a_stay_or_a_day_that_nobody_may_ask_for_is_not_offered():
    far = (
        wish(0, fixed_at=moment(WEDNESDAY, 600)),
        wish(1, fixed_at=moment(WEDNESDAY + timedelta(days=LONGEST_STAY), 600)),
    )
    assert "longer-stay" not in helps(Request(far, window(8), longest_stay=LONGEST_STAY), scene(SCHOOL, SCHOOL))
    full = own_stops(MOST_A_DAY, 20)
    assert "more-stops" not in helps(Request((wish(0, 15),), window(1), full, stops_a_day=MOST_A_DAY), scene(SCHOOL))


def test_in_random_cases_no_smaller_step_would_do_and_none_is_missing():
    """Against asking for every stay and every number of stops a day in turn."""
    offered = 0
    for seed in range(90):
        where, request = random_case(seed)
        answer = programmes(request, where)
        if answer.programmes:
            continue
        assert answer.relaxations_complete
        found = {one.code: one.data for one in answer.relaxations}
        most = request.stops_a_day or where.limits.stops_a_day
        more = (replace(request, stops_a_day=n) for n in range(most + 1, MOST_A_DAY + 1))
        longer = (replace(request, longest_stay=n) for n in range(request.longest_stay + 1, LONGEST_STAY + 1))
        assert found.get("more-stops", {}).get("stops_a_day") == first(more, where, "stops_a_day"), seed
        assert found.get("longer-stay", {}).get("days") == first(longer, where, "longest_stay"), seed
        for name, code in (("daylight", "in-dark"), ("serves_lunch", "lunch-elsewhere")):
            without = {one.key for one in request.wishes if getattr(one, name) and is_enough(request, where, one, name)}
            assert {r.data["wish"] for r in answer.relaxations if r.code == code} == without, seed
        offered += len(answer.relaxations)
    assert offered >= 80


def test_in_random_cases_what_is_offered_is_what_trying_everything_finds():
    """Each stop left out, and lunch left out: offered where there is a programme then, else not."""
    tried = 0
    for seed in range(300, 375):
        where, request = random_case(seed)
        if how_many(where, request, FINE) > BIGGEST or len(request.wishes) < 2:
            continue
        answer = programmes(request, where)
        if answer.programmes:
            continue
        offered = {(one.code, one.data.get("wish", "")) for one in answer.relaxations}
        for code, key, changed in given_up(request):
            tried += 1
            helps = least_cost(where, changed, FINE) is not None
            assert ((code, key) in offered) == helps, (seed, code, key)
    assert tried >= 60


def given_up(request: Request):
    for wish in request.wishes:
        orders = tuple(pair for pair in request.orders if wish.key not in pair)
        wishes = tuple(one for one in request.wishes if one != wish)
        yield "drop", wish.key, replace(request, wishes=wishes, orders=orders)
    if request.lunch:
        yield "no-lunch", "", replace(request, lunch=False)


def first(requests, where: Scene, name: str) -> int | None:
    return next((getattr(one, name) for one in requests if programmes(one, where, explain=False).programmes), None)


def is_enough(request: Request, where: Scene, one: Wish, name: str) -> bool:
    wishes = tuple(replace(other, **{name: False}) if other is one else other for other in request.wishes)
    return bool(programmes(replace(request, wishes=wishes), where, explain=False).programmes)
