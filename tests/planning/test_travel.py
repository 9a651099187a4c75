"""The way between two places."""

from datetime import UTC, datetime

import pytest

from app.planning.scene import Calendar, Limits, Minutes, Scene, Site
from app.planning.travel import HERE, Leg, kilometres, leg_between

pytestmark = pytest.mark.one_engine

SITES = {
    "hall": Site(Calendar("hall"), 60.3925, 5.3291),
    "park": Site(Calendar("park"), 60.3836, 5.3268),
    "campus": Site(Calendar("campus"), 60.3693, 5.3505),
    "somewhere": Site(Calendar("somewhere")),
}
SCENE = Scene(
    datetime(2027, 1, 1, tzinfo=UTC),
    sites=SITES,
    travel={frozenset(("hall", "campus")): Minutes(45, 14)},
    limits=Limits(longest_walk=20),
)


def test_the_citys_minutes_by_car_where_the_walk_is_long_either_way():
    assert leg_between(SCENE, "hall", "campus") == Leg(14, "drive")
    assert leg_between(SCENE, "campus", "hall") == Leg(14, "drive")


def test_a_straight_line_estimate_is_marked():
    leg = leg_between(SCENE, "hall", "park")
    assert (leg.mode, leg.estimated, leg.known) == ("walk", True, True)
    assert 15 <= leg.minutes <= 20


def test_the_same_place_takes_no_time_and_an_unknown_one_the_citys_rule():
    assert leg_between(SCENE, "hall", "hall") == HERE
    assert leg_between(SCENE, "hall", "somewhere") == Leg(20, "drive", estimated=True, known=False)
    assert leg_between(SCENE, None, None) == Leg(20, "drive", estimated=True, known=False)


def test_distance_from_bergen_to_oslo():
    assert 300 < kilometres((60.39, 5.32), (59.91, 10.75)) < 310
