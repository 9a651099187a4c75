"""Who else of a stop's host could receive, and what is in the way of each: said before anybody is chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.core.time import now
from app.extensions import db
from app.people.models import User
from app.planning.scene import Scene
from app.visits.arranging import as_planned
from app.visits.conflicts import Conflict, scene_of, weighed
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.stops import Plan

Taken = dict[int, list[Appointment]]  # stops of any visit, by the id of the person who receives there


@dataclass(frozen=True, slots=True)
class StandIn:
    """One person, the stop as it would be with them, and what of their time is in its way, what is refused first."""

    user: User
    plan: Plan
    conflicts: list[Conflict]

    @property
    def is_refused(self) -> bool:
        """Whether the database would refuse them."""
        return any(conflict.is_refused for conflict in self.conflicts)


def stand_ins(visit: Visit, stops: Sequence[Appointment], *, at: datetime | None = None) -> dict[int, list[StandIn]]:
    """By the stop's id every other member of its host; of stops that are over nothing is in the way of anybody.

    What the stop meets whoever receives is not among it. The number of queries does not depend on how many there are.
    """
    at = at or now()
    plans = {stop.id: [replace(as_planned(stop), contact=user) for user in _others(stop)] for stop in stops}
    coming = [plan for found in plans.values() for plan in found if plan.ends_at > at]
    if not coming:
        return {number: [_stand_in(plan, []) for plan in found] for number, found in plans.items()}
    scene, taken = scene_of(visit, coming, coming, at), _taken(coming)
    return {
        number: [_stand_in(plan, _met(number, plan, scene, taken) if plan.ends_at > at else ()) for plan in found]
        for number, found in plans.items()
    }


def _others(stop: Appointment) -> list[User]:
    return [user for user in stop.host.members if user.id != stop.contact_id]


def _stand_in(plan: Plan, met: Sequence[Conflict] | Iterator[Conflict]) -> StandIn:
    assert plan.contact is not None
    found = sorted(met, key=lambda conflict: (not conflict.is_refused, not conflict.needs_reason))
    return StandIn(plan.contact, plan, found)


def _met(number: int, plan: Plan, scene: Scene, taken: Taken) -> Iterator[Conflict]:
    assert plan.contact is not None
    for stop in taken[plan.contact.id]:
        if stop.id != number and stop.starts_at < plan.ends_at and stop.ends_at > plan.starts_at:
            yield Conflict("person", stop)
    yield from (conflict for conflict in weighed(plan, [], scene) if conflict.whose is plan.contact)


def _taken(plans: Sequence[Plan]) -> Taken:
    query = (
        select(Appointment)
        .options(joinedload(Appointment.visit))
        .where(Appointment.contact_id.in_({plan.contact.id for plan in plans if plan.contact}))
        .where(Appointment.status != "cancelled", Appointment.starts_at < max(plan.ends_at for plan in plans))
        .where(Appointment.ends_at > min(plan.starts_at for plan in plans))
        .order_by(Appointment.starts_at, Appointment.id)
    )
    found: Taken = defaultdict(list)
    for stop in db.session.scalars(query):
        if stop.contact_id is not None:
            found[stop.contact_id].append(stop)
    return found
