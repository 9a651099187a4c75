"""A stop as the visitor knows it: while a great change waits for the proposal, as it was before that change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.extensions import db
from app.people.models import Host, Place, User
from app.visits.programme_models import Appointment
from app.visits.statuses import DONE


@dataclass(frozen=True, slots=True)
class KnownStop:
    """What stands in the visitor's calendar, and on their page until they are asked; `planned` is the stop itself."""

    planned: Appointment
    title: str
    host: Host
    contact: User | None
    place: Place | None
    place_text: str
    starts_at: datetime
    ends_at: datetime
    visitor_note: str
    status: str
    answer: str
    sequence: int
    changed_at: datetime
    note: str = ""  # for hosts only

    @property
    def id(self) -> int:
        """The stop's."""
        return self.planned.id

    @property
    def uid(self) -> str:
        """The stop's."""
        return self.planned.uid

    @property
    def created_at(self) -> datetime:
        """The stop's."""
        return self.planned.created_at

    @property
    def fixed(self) -> bool:
        """The stop's."""
        return self.planned.fixed

    @property
    def splits(self) -> bool:
        """The stop's."""
        return self.planned.splits

    @property
    def is_cancelled(self) -> bool:
        """Whether it no longer takes place."""
        return self.status == "cancelled"

    @property
    def is_changing(self) -> bool:
        """Whether the visitor is still to be asked about what it is to be."""
        return not self.is_cancelled

    @property
    def visitor_may_call(self) -> bool:
        """As for the stop: only where it was confirmed."""
        return self.status == "confirmed"


ShownStop = Appointment | KnownStop


def as_known(stop: Appointment) -> ShownStop:
    """The stop as the visitor knows it; itself where nothing of it waits to be proposed, or the visit is over."""
    if not stop.known or stop.visit.status in DONE:
        return stop
    known = stop.known
    place_id, place_text = known["place"]
    off = stop.is_cancelled
    return KnownStop(
        planned=stop,
        title=known["title"],
        host=db.session.get_one(Host, known["host"]),
        contact=db.session.get(User, known["contact"]) if known["contact"] else None,
        place=db.session.get(Place, place_id) if place_id else None,
        place_text=place_text,
        starts_at=datetime.fromisoformat(known["starts_at"]),
        ends_at=datetime.fromisoformat(known["ends_at"]),
        visitor_note=known["visitor_note"],
        status=stop.status if off else known["status"],
        answer=known["answer"],
        sequence=stop.sequence if off else known["sequence"],
        changed_at=stop.changed_at if off else datetime.fromisoformat(known["changed_at"]),
    )


def is_changing(stop: ShownStop) -> bool:
    """Whether it is shown as the visitor knows it while something else is planned."""
    return isinstance(stop, KnownStop) and stop.is_changing
