"""What a great change takes from the visitor's sight until it is proposed: written down where a stop is moved."""

from __future__ import annotations

from typing import Any

from app.visits.programme_models import Appointment
from app.visits.statuses import Status
from app.visits.stops import facts_of, is_big_change

SEEN = ("title", "host", "contact", "place", "starts_at", "ends_at", "visitor_note")  # what shows that it is changed


def shown_facts_of(stop: Appointment) -> dict[str, Any]:
    """What the visitor is shown of the stop, and the number under which their calendar has it."""
    return {
        **facts_of(stop),
        "visitor_note": stop.visitor_note,
        "status": stop.status,
        "answer": stop.answer,
        "sequence": stop.sequence,
        "changed_at": stop.changed_at.isoformat(),
    }


def withhold(stop: Appointment, was: dict[str, Any]) -> None:
    """After a move: keep what the visitor knows where they are to be asked first, forget it where they are told.

    `was` is what shown_facts_of said before it. While they look at a proposal they see every change at once; so they
    do where it is small against what they accepted.
    """
    known, facts = stop.known or was, shown_facts_of(stop)
    waits = stop.visit.status != Status.PROPOSED and stop.status != "hold" and _is_to_be_proposed(stop)
    stop.known = known if waits and any(known[name] != facts[name] for name in SEEN) else {}


def _is_to_be_proposed(stop: Appointment) -> bool:
    return not stop.agreed or is_big_change(stop)
