"""Who is in the way is named, with the hours that really apply to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from app.planning.answering import programmes
from app.planning.results import Obstacle
from app.planning.scene import Busy, BusyKind, Calendar, Scene, Site, Span
from app.planning.wishes import Request, Window, Wish
from tests.planning.independent import moment

pytestmark = pytest.mark.one_engine

DAY = date(2027, 1, 21)
OPEN = dict.fromkeys(range(5), (Span(510, 930),))  # 8.30–15.30
FIRE = Wish("fire", ("station",), 90, ("terje",))


def taken(*spans: tuple[int, int], kind: BusyKind = "imported") -> tuple[Busy, ...]:
    return tuple(Busy(moment(DAY, starts), moment(DAY, ends), kind) for starts, ends in spans)


def scene(
    *, host: tuple[Busy, ...] = (), place: tuple[Busy, ...] = (), hours: dict | None = None, **people: tuple[Busy, ...]
) -> Scene:
    """A fire station open 8.30–15.30 with these people, who have no hours of their own, and a hall without any."""
    known = {name: Calendar(name, hours, busy) for name, busy in people.items()}
    sites = {"hall": Site(Calendar("hall", None, place), exclusive=True)}
    return Scene(moment(DAY, -9000), known, {"station": Calendar("station", OPEN, host)}, sites)


def only(where: Scene, wish: Wish = FIRE) -> Obstacle:
    answer = programmes(Request((wish,), (Window(DAY, DAY),)), where)
    assert answer.programmes == ()
    (obstacle,) = answer.obstacles
    return obstacle


def named(where: Scene, wish: Wish = FIRE) -> tuple[str, str, str, tuple[Span, ...], tuple[str, ...]]:
    one = only(where, wish)
    return one.code, one.subject_kind, one.subject, one.free, one.kinds


def test_a_person_busy_while_the_host_is_open_is_named_with_what_is_left_of_the_hosts_hours():
    where = scene(terje=taken((540, 840), kind="appointment"))
    free = (Span(510, 540), Span(840, 930))
    assert named(where, replace(FIRE, minutes=120)) == ("busy", "person", "terje", free, ("appointment",))


def test_a_person_busy_in_all_of_the_hosts_hours_is_not_free_in_the_evening():
    assert named(scene(terje=taken((510, 930)))) == ("busy", "person", "terje", (), ("imported",))


def test_a_person_free_for_too_short_a_time_is_named_with_it():
    where, free = scene(terje=taken((510, 690), (780, 1020))), (Span(690, 780),)
    assert named(where, replace(FIRE, minutes=120)) == ("busy", "person", "terje", free, ("imported",))


def test_a_place_booked_in_all_of_the_hosts_hours_is_named():
    where = scene(place=taken((480, 960), kind="appointment"), terje=())
    assert named(where, replace(FIRE, place="hall")) == ("busy", "place", "hall", (), ("appointment",))


def test_whoever_is_busy_at_a_fixed_time_is_named_and_nobody_else():
    fixed = replace(FIRE, fixed_at=moment(DAY, 600), place="hall")
    assert named(scene(terje=taken((540, 660))), fixed)[:3] == ("fixed-taken", "person", "terje")
    assert named(scene(place=taken((540, 660)), terje=()), fixed)[:3] == ("fixed-taken", "place", "hall")


def test_a_host_closed_at_the_fixed_time_is_named_alone():
    """Its people and the place have no hours but the host's."""
    fixed = replace(FIRE, fixed_at=moment(DAY, 900), place="hall")
    assert named(scene(terje=()), fixed)[:4] == ("fixed-closed", "host", "station", (Span(510, 930),))


def test_one_free_person_is_enough_and_the_others_are_not_blamed():
    where = scene(host=taken((510, 720)), terje=taken((510, 930)), kari=taken((720, 930)))
    obstacle = only(where, replace(FIRE, contacts=("terje", "kari")))
    assert obstacle.code == "no-common"
    assert obstacle.data["each"] == (
        ("host", "station", (Span(720, 930),)),
        ("person", "terje", ()),
        ("person", "kari", (Span(510, 720),)),
    )


def test_of_those_never_free_at_once_each_is_named_with_its_times():
    where = scene(host=taken((510, 720)), place=taken((720, 930)), terje=())
    assert only(where, replace(FIRE, place="hall")).data["each"] == (
        ("host", "station", (Span(720, 930),)),
        ("place", "hall", (Span(510, 720),)),
    )


def test_a_person_with_hours_of_their_own_is_named_with_those():
    evening = dict.fromkeys(range(5), (Span(960, 1140),))
    obstacle = only(scene(hours=evening, terje=()))
    assert obstacle.data["each"] == (
        ("host", "station", (Span(510, 930),)),
        ("person", "terje", (Span(960, 1140),)),
    )


def test_of_hosts_that_stand_in_for_each_other_each_is_named_with_its_own_people():
    where = scene(terje=taken((510, 930)), ola=taken((540, 900)))
    where = replace(where, hosts={**where.hosts, "museum": Calendar("museum", OPEN)})
    answer = programmes(Request((replace(FIRE, instead=(("museum", ("ola",)),)),), (Window(DAY, DAY),)), where)
    assert [(one.code, one.subject, one.free) for one in answer.obstacles] == [
        ("busy", "terje", ()),
        ("busy", "ola", (Span(510, 540), Span(900, 930))),
    ]
