"""Which single busy time from somebody's own calendar stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from app.planning.openings import Diary, needed
from app.planning.results import Relaxation
from app.planning.scene import Busy, Calendar, Scene
from app.planning.spans import shared
from app.planning.trials import Attempt, Trials
from app.planning.windows import days_of
from app.planning.wishes import Request

Subjects = Sequence[tuple[str, str]]
IGNORED = 3  # imported busy times named for each wish


def ignoring(request: Request, diary: Diary, trials: Trials) -> Iterator[Relaxation]:
    """Single imported busy times; tried one by one only where ignoring all of a wish's subjects' would help."""
    days = days_of(request).window_of
    tried: set[tuple[str, str]] = set()
    for wish in request.wishes:
        subjects = [*needed(wish), *(("person", contact) for contact in wish.contacts)]
        subjects = [one for one in subjects if one not in tried and _imported(diary, *one)]
        tried |= set(subjects)
        if not subjects or not trials.is_enough(_ignored(request, diary, subjects, None), diary):
            continue
        helped = 0
        for kind, key in subjects:
            for busy in _imported(diary, kind, key):
                if helped < IGNORED and _matters(diary, kind, key, busy, days):
                    data = {"wish": wish.key, "kind": kind, "subject": key}
                    attempt = _ignored(request, diary, [(kind, key)], busy, busy=busy, **data)
                    if (one := trials.tried(attempt, diary)) is not None:
                        helped += 1
                        yield one


def _ignored(request: Request, diary: Diary, subjects: Subjects, only: Busy | None, **data: Any) -> Attempt:
    scene = _without(diary.scene, subjects, only)
    return Attempt("ignore-busy", request, data, diary.finer.without(scene, subjects))


def _imported(diary: Diary, kind: str, key: str) -> list[Busy]:
    return sorted(busy for busy in diary.calendar(kind, key).busy if busy.kind == "imported")


def _matters(diary: Diary, kind: str, key: str, busy: Busy, days: dict[Any, int]) -> bool:
    """Whether it takes opening hours on one of the days."""
    return any(
        shared([span], diary.hours(kind, key, day))
        for day in days
        for span, other in diary.busy(kind, key).get(day, ())
        if other == busy
    )


def _without(scene: Scene, subjects: Subjects, only: Busy | None) -> Scene:
    """The scene without one imported busy time of these, or without any of theirs."""
    people, hosts, sites = dict(scene.people), dict(scene.hosts), dict(scene.sites)
    for kind, key in subjects:
        if kind == "person" and key in people:
            people[key] = _less(people[key], only)
        elif kind == "host" and key in hosts:
            hosts[key] = _less(hosts[key], only)
        elif kind == "place" and key in sites:
            sites[key] = replace(sites[key], calendar=_less(sites[key].calendar, only))
    return replace(scene, people=people, hosts=hosts, sites=sites)


def _less(calendar: Calendar, only: Busy | None) -> Calendar:
    left = tuple(b for b in calendar.busy if b.kind != "imported" or (only is not None and b != only))
    return replace(calendar, busy=left)
