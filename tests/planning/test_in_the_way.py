"""Who is in the way is named, with the hours that really apply to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from app.planning.answering import programmes
from app.planning.explaining import explain
from app.planning.results import Obstacle
from app.planning.scene import Busy, BusyKind, Calendar, Scene, Site, Span
from app.planning.wishes import Request, Window, Wish
from tests.planning.independent import is_open, moment
from tests.planning.random_cases import random_case

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


def test_of_many_people_of_whom_none_is_free_long_enough_those_with_most_time_are_named():
    busy = {f"u{n}": taken((510, 930 - 15 * n)) for n in range(5)}
    obstacle = only(scene(**busy), replace(FIRE, contacts=tuple(busy)))
    assert (obstacle.code, obstacle.subject_kind, obstacle.subject) == ("nobody", "host", "station")
    assert obstacle.data["each"] == tuple(("person", f"u{n}", (Span(930 - 15 * n, 930),)) for n in (4, 3, 2))


def test_in_random_cases_what_is_said_of_each_is_true():
    """Free within hours that are theirs or the hosts', never long enough; those never free at once share too little."""
    told = Counter[str]()
    for seed in range(400):
        where, request = random_case(seed)
        if seed % 2:
            request = replace(request, wishes=tuple(replace(one, minutes=3 * one.minutes) for one in request.wishes))
        wishes = {wish.key: wish for wish in request.wishes}
        for one in explain(request, where) if not programmes(request, where, explain=False).programmes else ():
            if one.code in ("busy", "hours-short", "fixed-taken", "fixed-closed", "closed"):
                told[one.code] += 1
                check_named(where, wishes[one.wishes[0]], one)
            if one.code == "no-common":
                told[one.code] += 1
                assert len(one.data["each"]) >= 2 or len(wishes[one.wishes[0]].hosts) > 1, (seed, one)
    assert min(told[code] for code in ("busy", "fixed-taken", "fixed-closed", "no-common")) >= 3, told


def check_named(where: Scene, wish: Wish, one: Obstacle) -> None:
    assert one.day is not None
    calendars = {"host": where.hosts, "person": where.people}
    own = (
        calendars[one.subject_kind][one.subject] if one.subject_kind in calendars else where.sites[one.subject].calendar
    )
    hosts = [own] if one.subject_kind == "host" else [where.hosts[host] for host in wish.hosts]
    free = []
    for minute in range(0, 1440, 5):
        starts, ends = moment(one.day, minute), moment(one.day, minute + 5)
        if all(is_open(where, replace(host, busy=()), starts, ends) for host in hosts) and is_open(
            where, own, starts, ends
        ):
            free.append(minute)
    if one.code in ("busy", "fixed-taken"):
        assert free == [minute for span in one.free for minute in range(span.starts, span.ends, 5)], one
        assert one.kinds, one
    else:
        assert one.subject_kind == "host", one
