"""A wish for one day only, at whatever time: kept to that day, explained where it cannot be, and given up last."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.core.time import in_venue
from app.planning.answering import programmes
from app.planning.scene import Busy
from app.planning.wishes import Placed, Request, Window
from tests.planning.independent import moment
from tests.planning.test_explaining import SCHOOL, THURSDAY, WEDNESDAY, asked, said, scene, wish

pytestmark = pytest.mark.one_engine
MONDAY = date(2026, 12, 14)


def days(request: Request, **rules) -> list[set[date]]:
    """On which days the first wish is, in each programme."""
    answer = programmes(request, scene(SCHOOL, SCHOOL, **rules))
    return [{in_venue(s.starts_at).date() for s in one.stops if s.key == "w0"} for one in answer.programmes]


@pytest.mark.parametrize("on", [WEDNESDAY, THURSDAY])
@pytest.mark.parametrize("stay", [1, 2])
def test_stop_is_on_its_day_at_any_time(on: date, stay: int):
    found = days(asked(wish(0, on=on), wish(1), longest_stay=stay))
    assert (len(found) > 0, set().union(*found)) == (True, {on})


def test_other_stops_may_be_on_other_days_of_a_longer_stay():
    busy = Busy(moment(THURSDAY, 480), moment(THURSDAY, 1000), "imported")  # of the second one's host
    question = asked(wish(1, on=THURSDAY), wish(0), longest_stay=2)
    answer = programmes(question, scene(SCHOOL, SCHOOL, busy=(busy,)))
    assert {(s.key, in_venue(s.starts_at).date()) for s in answer.programmes[0].stops} == {
        ("w0", WEDNESDAY),
        ("w1", THURSDAY),
    }


def test_day_on_which_it_cannot_be_is_the_only_one_explained_and_another_day_helps():
    busy = Busy(moment(THURSDAY, 0), moment(THURSDAY, 1440), "absence")
    question = asked(wish(0, on=THURSDAY))
    assert said(question, scene(SCHOOL, SCHOOL, busy=(busy,))) == [(THURSDAY, ("w0",), "busy")]
    answer = programmes(question, scene(SCHOOL, SCHOOL, busy=(busy,)))
    freed = [one for one in answer.relaxations if one.code == "free-day"]
    assert [one.data for one in freed] == [{"wish": "w0"}]
    assert freed[0].programme is not None
    assert "free-time" not in [one.code for one in answer.relaxations]


def test_day_that_is_not_asked_for_is_said_once():
    assert said(asked(wish(0, on=MONDAY), wish(1)), scene(SCHOOL, SCHOOL)) == [(MONDAY, ("w0",), "day-outside")]


def test_days_too_far_apart_are_said_with_their_days():
    question = asked(wish(0, on=WEDNESDAY), wish(1, on=MONDAY), last=MONDAY, longest_stay=2)
    assert said(question, scene(SCHOOL, SCHOOL)) == [(None, ("w0", "w1"), "days-apart")]


def test_what_the_visit_has_already_is_kept_beside_it():
    own = Placed("own", moment(WEDNESDAY, 540), moment(WEDNESDAY, 600), "hall")
    window = (Window(WEDNESDAY, WEDNESDAY + timedelta(days=1)),)
    assert set().union(*days(Request((wish(0, on=THURSDAY),), window, (own,), longest_stay=2))) == {THURSDAY}
