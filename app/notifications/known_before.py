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
from app.notifications.place_holders import place_told
from app.notifications.recipients import Recipient
from app.people.models import Host, Place, User
from app.visits.models import Activity
from app.visits.places import words_of
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
    place_words: str = ""  # its name and address, where these are what has changed


def known_before(stop: Appointment, activity: Activity, *, reader_id: int | None) -> Known | None:
    """What the reader (None: the visitor) was last told of the stop; None where that is how it is, or nothing was."""
    if reader_id is None and not _was_shown(stop, activity):
        return None
    return known_from(stop, _facts_before(stop, activity, reader_id))


def place_before(stop: Appointment, activity: Activity, reader: User | None, language: str) -> Known | None:
    """The stop where the place had another name or address: what their calendar was told, else what it was then."""
    if stop.id not in activity.changes.get("stops", ()):
        return None
    was = place_told(stop, reader, language) or activity.changes["place_words"][language][0]
    if was == words_of(stop.place).get(language):
        return None
    return Known(stop.starts_at, stop.ends_at, stop.host, stop.place, stop.place_text, was)


def known_from(stop: Appointment, was: dict[str, Any]) -> Known | None:
    """The stop with these facts instead of its own; None where they are its own."""
    was = facts_of(stop) | was
    if all(was[name] == value for name, value in facts_of(stop).items() if name in TOLD_OF):
        return None
    place_id, place_text = was["place"]
    return Known(
        datetime.fromisoformat(was["starts_at"]), datetime.fromisoformat(was["ends_at"]),
        db.session.get_one(Host, was["host"]), db.session.get(Place, place_id) if place_id else None, place_text,
    )  # fmt: skip


def _was_shown(stop: Appointment, activity: Activity) -> bool:
    """Whether the visitor saw the stop in a programme before this."""
    earlier = [one for one in stop.visit.activities if one.id < activity.id and one.at >= stop.created_at]
    return any(one.verb in ("propose", "accept") for one in earlier)


def to_whom_it_is_news(people: Iterable[Recipient], stop: Appointment, activity: Activity) -> list[Recipient]:
    """Without those who believe the stop to be as it is now: it was moved back before they heard of it."""
    found = [(one, one.user.id if one.user else None) for one in people]
    return [one for one, reader_id in found if known_before(stop, activity, reader_id=reader_id) is not None]


def _facts_before(stop: Appointment, activity: Activity, reader_id: int | None) -> dict[str, Any]:
    """The stop's facts before the first of its moves that the reader has not heard of."""
    was: dict[str, Any] = {}
    for before in _untold(stop, activity, reader_id):
        was = before | was
    return facts_of(stop) | was


def _untold(stop: Appointment, activity: Activity, reader_id: int | None) -> list[dict[str, Any]]:
    """What each of these moves changed, as it was before. A proposal tells the visitor what it proposes, not before."""
    told = _told(stop, activity, reader_id)
    found: list[dict[str, Any]] = []
    for one in stop.visit.activities:
        before = facts_before_move(stop, one)
        is_whole = one.verb in _wholes(reader_id) and (one.id != activity.id or one.verb == "accept")
        if is_whole or (before and (one.id in told or _is_own(one, reader_id))):
            found = []
        elif before:
            found.append(before)
    return found


def facts_before_move(stop: Appointment, activity: Activity) -> dict[str, Any]:
    """What of the stop the activity changed that people are told of, as it was before; empty where it did not."""
    if activity.verb == "run-late":
        times = (activity.changes.get("was") or {}).get(str(stop.id)) or ()
        return dict(zip(("starts_at", "ends_at"), times, strict=False))
    if activity.verb != "move-appointment" or activity.subject_id != stop.id:
        return {}
    return {name: activity.changes[name][0] for name in TOLD_OF if name in activity.changes}


def _is_own(activity: Activity, reader_id: int | None) -> bool:
    return reader_id is not None and activity.user_id == reader_id


def _wholes(reader_id: int | None) -> Sequence[str]:
    """After these the reader knows the whole programme as it was then."""
    return ("accept",) if reader_id is not None else ("propose", "accept")


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
