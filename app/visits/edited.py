"""Which parts of a stop were changed, and by whom: for those who have it open at the same time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.people.actors import Actor
from app.people.edits import Subject, note_edits
from app.visits.programme_models import Appointment


def as_subject(stop: Appointment) -> Subject:
    """The stop, as edits name things."""
    return "appointment", stop.id


def parts_of(stop: Appointment) -> dict[str, Any]:
    """What of it is changed together: day, start and end; host and person; the place in its two ways."""
    return {
        "starts_at": (stop.starts_at, stop.ends_at),
        "host": (stop.host_id, stop.contact_id),
        "place": (stop.place_id, stop.place_text),
        **{name: getattr(stop, name) for name in ("title", "note", "visitor_note", "fixed", "splits")},
    }


def note_changes(stop: Appointment, was: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Write down who changed what differs from `was`, which parts_of said before."""
    changed = [name for name, value in parts_of(stop).items() if was[name] != value]
    note_edits(as_subject(stop), changed, by=by.user, at=at)
