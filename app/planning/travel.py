"""How long it takes from one place to the next: the city's matrix, else an estimate from coordinates, marked as one."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, ceil, cos, radians, sin, sqrt

from app.planning.scene import Minutes, Mode, Scene, Site

EARTH = 6371.0  # kilometres
DETOUR = 1.3  # streets are that much longer than the straight line
WALK = 4.5  # kilometres an hour, a group
DRIVE = 25.0  # kilometres an hour, in a city
BOARDING = 8  # minutes to get a group in and out of a bus


@dataclass(frozen=True, slots=True)
class Leg:
    """The way between two stops. `estimated`: not in the city's matrix; `known` False: a place without coordinates."""

    minutes: int
    mode: Mode = "same"
    estimated: bool = False
    known: bool = True


HERE = Leg(0)


def leg_between(scene: Scene, one: str | None, other: str | None) -> Leg:
    """On foot where that is short enough, else by car; a place that is not known takes the city's rule."""
    if one is not None and one == other:
        return HERE
    minutes = scene.travel.get(frozenset((one or "", other or "")))
    if minutes is not None and (minutes.walk is not None or minutes.drive is not None):
        return _chosen(scene, minutes, estimated=False)
    here, there = scene.sites.get(one or ""), scene.sites.get(other or "")
    if here is None or there is None:
        return _unknown(scene)
    estimate = straight_line(here, there)
    return _chosen(scene, estimate, estimated=True) if estimate else _unknown(scene)


def straight_line(here: Site, there: Site) -> Minutes | None:
    """Walking and driving minutes estimated from the distance; None without coordinates."""
    if here.latitude is None or here.longitude is None or there.latitude is None or there.longitude is None:
        return None
    way = DETOUR * kilometres((here.latitude, here.longitude), (there.latitude, there.longitude))
    return Minutes(ceil(60 * way / WALK), BOARDING + ceil(60 * way / DRIVE))


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The great-circle distance between two points in WGS 84 degrees (haversine)."""
    lat1, lon1, lat2, lon2 = (radians(value) for value in (*one, *other))
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH * asin(sqrt(chord))


def _chosen(scene: Scene, minutes: Minutes, *, estimated: bool) -> Leg:
    walk, drive = minutes.walk, minutes.drive
    if walk is not None and (drive is None or walk <= scene.limits.longest_walk or walk <= drive):
        return Leg(walk, "walk", estimated)
    return Leg(drive or 0, "drive", estimated)


def _unknown(scene: Scene) -> Leg:
    return Leg(scene.limits.unknown_travel, "drive", estimated=True, known=False)
