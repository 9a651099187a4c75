"""The way from one stop to the next, in words: minutes on foot or by car, and whether they are only estimated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.time import now, venue_date
from app.people.models import Place
from app.planning.scene import Calendar, Minutes, Scene, Site
from app.planning.travel import Leg, leg_between
from app.strategy.settings import city_rules, travel_minutes
from app.visits.availability import limits_of
from app.visits.halves import others_of
from app.visits.known_stop import ShownStop


def ways_to(stops: Sequence[ShownStop]) -> dict[int, str]:
    """For each stop that follows another one of its day, both at known places, how to get there; by the stop's id."""
    places = {stop.place.slug: stop.place for stop in stops if stop.place}
    if len(places) < 2:
        return {}
    scene, found = _scene(places), {}
    for one, other in pairwise(sorted(stops, key=lambda stop: (stop.starts_at, stop.id))):
        if others_of(one, stops) or others_of(other, stops):  # each half comes from somewhere else
            continue
        if one.place and other.place and venue_date(one.starts_at) == venue_date(other.starts_at):
            leg = leg_between(scene, one.place.slug, other.place.slug)
            if words := _words(leg):
                found[other.id] = words
    return found


def _scene(places: Mapping[str, Place]) -> Scene:
    """Only where the places lie and how long the ways are."""
    return Scene(
        now=now(),
        sites={slug: Site(Calendar(slug, None), place.latitude, place.longitude) for slug, place in places.items()},
        travel={frozenset((one, other)): Minutes(walk, drive) for one, other, walk, drive in travel_minutes()},
        limits=limits_of(city_rules()),
    )


def _words(leg: Leg) -> str:
    """Nothing for a stop at the same place, or where it is not known how far it is."""
    if not leg.known or not leg.minutes:
        return ""
    way = way_words(leg)
    return _("The way there: %(way)s (estimated)", way=way) if leg.estimated else _("The way there: %(way)s", way=way)


def way_words(leg: Leg) -> str:
    """How long it is, on foot or by car."""
    if leg.mode == "walk":
        return ngettext("%(num)d minute on foot", "%(num)d minutes on foot", leg.minutes)
    return ngettext("%(num)d minute by car", "%(num)d minutes by car", leg.minutes)
