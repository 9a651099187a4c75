"""Where no programme is possible: what stands in the way is named, and what would help was solved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.planning.answering import programmes
from app.planning.scene import Calendar, Span
from app.planning.wishes import Placed, Request, Window
from tests.planning.independent import (
    moment,
)
from tests.planning.scenes import FIRE, LIBRARY, MUSEUM, TUESDAY, asked, codes, scene_with, taken

pytestmark = pytest.mark.one_engine


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
