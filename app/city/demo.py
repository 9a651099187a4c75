"""A believable year from the city's sample files: requests walked through the real verbs at their own times.

`sample/people.yaml` holds the hosts' people, `sample/requests.yaml` requests with a story each (see story.py). Days are
counted from today, so the year is always half past and half to come. Everything happens in the order of its time, as if
it had been lived: the visits are walked side by side, never one after the other. No mail leaves.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import yaml
from sqlalchemy import delete, select, update

from app.city.story import Walker
from app.core.time import now
from app.extensions import db
from app.people.models import User
from app.people.users import create_user
from app.visits.importing import silence
from app.visits.models import Visit

SOURCE = "demo"
PIECE_SECONDS = 0.3  # what is made in one transaction: others who want to write wait no longer
PEOPLE, REQUESTS = "people.yaml", "requests.yaml"


class NoSampleError(ValueError):
    """The city's folder has no sample files."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made, and whom to sign in as: a coordinator, three hosts' members, one visit to follow."""

    visits: int
    coordinator: User
    hosts: list[User]
    visit: Visit


def find_demo() -> Demo | None:
    """The sample year already in the database, or None."""
    visits = list(db.session.scalars(select(Visit).where(Visit.source == SOURCE).order_by(Visit.id)))
    return _demo(visits) if visits else None


def clear_demo() -> int:
    """Take away the visits of a year that was not made to its end; returns how many those were. People stay."""
    db.session.execute(update(Visit).where(Visit.source == SOURCE).values(merged_into_id=None))
    gone = db.session.scalars(delete(Visit).where(Visit.source == SOURCE).returning(Visit.id)).all()
    db.session.expire_all()
    return len(gone)


def make_demo(folder: Path, *, at: datetime | None = None, between: Callable[[], None] = lambda: None) -> Demo:
    """Read the sample files and walk every request to the end of its story; flushes, the caller commits.

    `between` is called several times a second, when what was made may be committed: nobody is told of any of it.
    Raises NoSampleError for a city without them.
    """
    at = at or now()
    people, requests = _read(folder / PEOPLE), _read(folder / REQUESTS)
    users = [create_user(**person, at=at - timedelta(days=400)) for person in people]
    coordinators = [user for user in users if user.is_coordinator]
    walkers = [Walker(row, number, coordinators, today=at) for number, row in enumerate(requests)]
    begun: list[Walker] = []

    def settle() -> None:
        begun[:] = [walker for walker in walkers if hasattr(walker, "visit")]
        for walker in begun:
            walker.visit.source = SOURCE
            silence(walker.visit, at=at)
        between()

    walk_side_by_side([walker.steps() for walker in walkers], between=settle)
    return _demo(sorted((walker.visit for walker in begun), key=lambda visit: visit.id))


def walk_side_by_side(stories: Sequence[Iterator[datetime]], *, between: Callable[[], None] = lambda: None) -> None:
    """Each story yields the moment of its next step, then takes it; the earliest step of all is always the next.

    `between` is called between two steps, three times a second, and at the end.
    """
    last = monotonic()
    queue = [(next(story), number, story) for number, story in enumerate(stories)]
    heapq.heapify(queue)
    while queue:
        _, number, story = queue[0]
        moment = next(story, None)
        if moment is None:
            heapq.heappop(queue)
        else:
            heapq.heapreplace(queue, (moment, number, story))
        if monotonic() - last > PIECE_SECONDS:
            between()
            last = monotonic()
    between()


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise NoSampleError(f"this city has no sample file {path.name}")
    return list(yaml.safe_load(path.read_text(encoding="utf-8")))


def _demo(visits: list[Visit]) -> Demo:
    users = list(db.session.scalars(select(User).order_by(User.id)))
    coordinator = next(user for user in users if user.is_coordinator and user.email.endswith(".example.org"))
    shown = next((visit for visit in visits if visit.status == "proposed"), visits[-1])
    return Demo(len(visits), coordinator, _busiest(users, visits), shown)


def _busiest(users: list[User], visits: list[Visit]) -> list[User]:
    """One person of each of the three hosts that lead most visits."""
    led = [visit.lead_host_id for visit in visits if visit.lead_host_id is not None]
    best: dict[int, User] = {}
    for user in users:
        for host in user.hosts:
            best.setdefault(host.id, user)
    return [best[host_id] for host_id in sorted(best, key=lambda host_id: -led.count(host_id))][:3]
