"""What a person was last told of a stop: a change is told against that, not against what nobody heard of meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from app.extensions import db
from app.notifications.claims import WAS_CLAIMED
from app.notifications.models import Notification
from app.notifications.recipients import Recipient
from app.people.models import Host, Place
from app.visits.models import Activity
from app.visits.programme_models import Appointment
from app.visits.stops import facts_of

TOLD_OF = ("starts_at", "ends_at", "place", "host")
NOT_TOLD = ("superseded", "missed", "dropped", "failed", "held")
WAITING = ("due", "rendered")


@dataclass(frozen=True, slots=True)
class Known:
    """When, with whom and where a person believes the stop to be."""

    starts_at: datetime
    ends_at: datetime
    host: Host
    place: Place | None
    place_text: str


def known_before(stop: Appointment, activity: Activity, *, reader_id: int | None) -> Known | None:
    """What the reader (None: the visitor) was last told of the stop; None where that is how it is."""
    was = _facts_before(stop, activity, reader_id)
    if all(was[name] == value for name, value in facts_of(stop).items() if name in TOLD_OF):
        return None
    place_id, place_text = was["place"]
    return Known(
        datetime.fromisoformat(was["starts_at"]), datetime.fromisoformat(was["ends_at"]),
        db.session.get_one(Host, was["host"]), db.session.get(Place, place_id) if place_id else None, place_text,
    )  # fmt: skip


def to_whom_it_is_news(people: Iterable[Recipient], stop: Appointment, activity: Activity) -> list[Recipient]:
    """Without those who believe the stop to be as it is now: it was moved back before they heard of it."""
    found = [(one, one.user.id if one.user else None) for one in people]
    return [one for one, reader_id in found if known_before(stop, activity, reader_id=reader_id) is not None]


def _facts_before(stop: Appointment, activity: Activity, reader_id: int | None) -> dict[str, Any]:
    """The stop's facts before the first of its moves that the reader has not heard of."""
    was: dict[str, Any] = {}
    for move in _untold(stop, activity, reader_id):
        for name in TOLD_OF:
            if name in move.changes:
                was.setdefault(name, move.changes[name][0])
    return facts_of(stop) | was


def _untold(stop: Appointment, activity: Activity, reader_id: int | None) -> list[Activity]:
    told = _told(stop, activity, reader_id)
    found: list[Activity] = []
    for one in stop.visit.activities:
        if one.verb in _wholes(reader_id) or (_moves(one, stop) and (one.id in told or _is_own(one, reader_id))):
            found = []
        elif _moves(one, stop):
            found.append(one)
    return found


def _moves(activity: Activity, stop: Appointment) -> bool:
    return activity.verb == "move-appointment" and activity.subject_id == stop.id


def _is_own(activity: Activity, reader_id: int | None) -> bool:
    return reader_id is not None and activity.user_id == reader_id


def _wholes(reader_id: int | None) -> Sequence[str]:
    """After these the reader knows the whole programme as it was then."""
    return ("accept", "run-late") if reader_id is not None else ("propose", "accept", "run-late")


def _told(stop: Appointment, activity: Activity, reader_id: int | None) -> set[int]:
    """The other activities of which a mail or notice has reached the reader, or is on its way."""
    mails = select(Notification.activity_id).where(
        Notification.visit_id == stop.visit_id, Notification.activity_id.is_not(None),
        Notification.activity_id != activity.id, _is(reader_id), Notification.status.not_in(NOT_TOLD),
        or_(Notification.status.not_in(WAITING), Notification.attempts > 0, WAS_CLAIMED),
    )  # fmt: skip
    return {one for one in db.session.scalars(mails) if one is not None}


def _is(reader_id: int | None) -> ColumnElement[bool]:
    return Notification.user_id.is_(None) if reader_id is None else Notification.user_id == reader_id
