"""Opening hours decide when a stop can be; the city's day only which times are proposed first."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.core.time import in_venue
from app.planning.answering import free_times, programmes
from app.planning.scene import Calendar, Limits, Scene, Span
from app.planning.wishes import Placed, Request, Window, Wish
from tests.planning.independent import moment

pytestmark = pytest.mark.one_engine

DAY = date(2027, 6, 8)
LIBRARY = Wish("library", ("library",), 90, ("per",))


def scene(*hours: Span, **limits) -> Scene:
    hosts = {"library": Calendar("library", dict.fromkeys(range(7), hours))}
    return Scene(moment(DAY, -9000), {"per": Calendar("per")}, hosts, limits=Limits(**limits))


def asked(*wishes: Wish, **rules) -> Request:
    return Request(wishes, (Window(DAY, DAY),), **rules)


def begins(request: Request, where: Scene) -> list[list[str]]:
    found = programmes(request, where).programmes
    return [[f"{in_venue(stop.starts_at):%H:%M}" for stop in one.stops if not stop.placed] for one in found]


@pytest.mark.parametrize(("minute", "clock"), [(420, "07:00"), (1170, "19:30"), (1230, "20:30"), (1290, "21:30")])
def test_a_fixed_time_early_or_late_is_possible_while_the_host_is_open(minute: int, clock: str):
    fixed = replace(LIBRARY, fixed_at=moment(DAY, minute))
    assert begins(asked(fixed), scene(Span(420, 1380))) == [[clock]]


def test_a_fixed_time_after_the_host_closes_is_not_and_the_host_is_named():
    fixed = replace(LIBRARY, fixed_at=moment(DAY, 1305))
    (obstacle,) = programmes(asked(fixed), scene(Span(420, 1380))).obstacles
    assert (obstacle.code, obstacle.subject, obstacle.free) == ("fixed-closed", "library", (Span(420, 1380),))


def test_times_within_the_citys_day_are_proposed_first():
    for clocks in begins(asked(LIBRARY), scene(Span(0, 1439))):
        assert "08:00" <= clocks[0] <= "18:30"
    times = free_times(asked(LIBRARY), scene(Span(0, 1439)))
    assert {time.starts_at for time in times} == {moment(DAY, minute) for minute in (480, 600, 720)}


def test_a_host_open_only_in_the_evening_receives_then():
    assert begins(asked(LIBRARY), scene(Span(1260, 1380))) == [["21:00"]]
    assert [time.starts_at for time in free_times(asked(LIBRARY), scene(Span(1260, 1380)))] == [moment(DAY, 1260)]


def test_the_evening_is_used_where_the_days_own_stops_leave_nothing_else():
    own = (Placed("own", moment(DAY, 420), moment(DAY, 1185)),)
    where = scene(Span(420, 1380), unknown_travel=0)
    assert begins(asked(LIBRARY, placed=own, lunch=False), where)[0] == ["20:00"]
    times = free_times(asked(LIBRARY, placed=own, lunch=False), where)
    assert [time.starts_at for time in times] == [moment(DAY, 1200)]


def test_two_stops_of_which_only_one_fits_the_citys_day_are_both_possible():
    long = replace(LIBRARY, key="long", minutes=480)
    found = begins(asked(long, replace(LIBRARY, minutes=240), lunch=False), scene(Span(420, 1380)))
    assert found
    assert all(len(clocks) == 2 for clocks in found)


def test_the_citys_day_is_a_rule_of_the_city():
    where = scene(Span(0, 1439), day=Span(600, 1080))
    assert {time.starts_at for time in free_times(asked(LIBRARY), where)} == {
        moment(DAY, 600) + timedelta(hours=2) * n for n in range(3)
    }
