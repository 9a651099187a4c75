"""A visit as planning sees it: who may take part around its days, the stops it has, the days the visitor gave."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from app.people.models import Host, Place
from app.planning.scene import Calendar, Scene
from app.planning.wishes import Placed, Window
from app.visits.availability import scene_for
from app.visits.models import Visit

AROUND = timedelta(days=8)  # beyond the days asked for, so that other days can be suggested


def scene_of(
    visit: Visit,
    hosts: Sequence[Host],
    places: Sequence[Place],
    days: tuple[date, date],
    *,
    at: datetime,
    ignored: Collection[str] = (),
) -> Scene:
    """Everything about these hosts, their people and these places around the days.

    `ignored`: keys of times from own calendars that shall not count.
    """
    users = list({user.id: user for host in hosts for user in host.members}.values())
    first, last = days[0] - AROUND, days[1] + AROUND
    scene = scene_for(users=users, hosts=hosts, places=places, first=first, last=last, at=at, besides=visit.id)
    if not ignored:
        return scene
    people = {key: _less(calendar, ignored) for key, calendar in scene.people.items()}
    return replace(scene, people=people, hosts={key: _less(one, ignored) for key, one in scene.hosts.items()})


def placed_of(visit: Visit) -> tuple[Placed, ...]:
    """The stops that the visit has already."""
    return tuple(
        Placed(f"own:{stop.id}", stop.starts_at, stop.ends_at, stop.place.slug if stop.place else None)
        for stop in visit.appointments
        if not stop.is_cancelled
    )


def windows_of(visit: Visit) -> tuple[Window, ...]:
    """The days that the visitor gave, the most wished first."""
    return tuple(Window(window.starts_on, window.ends_on) for window in visit.windows)


def _less(calendar: Calendar, ignored: Collection[str]) -> Calendar:
    left = tuple(busy for busy in calendar.busy if busy.kind != "imported" or busy.key not in ignored)
    return replace(calendar, busy=left)
