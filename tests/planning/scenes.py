"""What tests of programmes share: three hosts with a place each, what is taken, and what is asked for."""

from __future__ import annotations

from datetime import date, timedelta

from app.core.time import in_venue
from app.planning.results import Answer, Programme
from app.planning.scene import Busy, Calendar, Limits, Minutes, Scene, Site, Span
from app.planning.wishes import Request, Window, Wish
from tests.planning.independent import (
    moment,
)

TUESDAY, WEDNESDAY = date(2027, 6, 8), date(2027, 6, 9)
OPEN = dict.fromkeys(range(5), (Span(540, 960),))


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
