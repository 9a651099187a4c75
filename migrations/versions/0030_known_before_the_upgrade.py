"""What the visitor knows of stops that were greatly changed, and not proposed yet, before 0028 kept it.

It is read out of the history, from the newest change back to what the visitor was last shown or told. Where the history
does not say how a stop came to be other than the visitor accepted it, they go by what they accepted. The note for the
visitor is left out of both: the history does not keep it, and it may speak of what is not proposed yet.

Revision ID: 0030
Revises: 0029
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

FACTS = ("title", "host", "contact", "place", "starts_at", "ends_at", "answer")
SHOWN = ("propose", "accept")  # from then on the visitor knew the programme as it was
Facts = dict[str, Any]

visit = sa.table("visit", sa.column("id", sa.Integer), sa.column("status", sa.String))
appointment = sa.table(
    "appointment",
    *(sa.column(name, sa.Integer) for name in ("id", "visit_id", "host_id", "contact_id", "place_id", "sequence")),
    *(sa.column(name, sa.String) for name in ("place_text", "title", "status", "answer")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("starts_at", "ends_at", "created_at", "changed_at")),
    *(sa.column(name, sa.JSON) for name in ("agreed", "known")),
)
activity = sa.table(
    "activity",
    *(sa.column(name, sa.Integer) for name in ("id", "visit_id", "subject_id")),
    *(sa.column(name, sa.String) for name in ("verb", "status_before")),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("changes", sa.JSON),
)


def upgrade() -> None:
    connection = op.get_bind()
    stops = (
        sa.select(appointment)
        .join_from(appointment, visit, visit.c.id == appointment.c.visit_id)
        .where(visit.c.status.in_(("claimed", "confirmed")), appointment.c.status != "hold")
    )
    for stop in connection.execute(stops).all():
        past = sa.select(activity).where(activity.c.visit_id == stop.visit_id).order_by(activity.c.id.desc())
        known = {} if stop.known else known_of(stop, connection.execute(past).all())
        if known:
            changed = sa.update(appointment).where(appointment.c.id == stop.id)
            connection.execute(changed.values(known=known))


def downgrade() -> None:
    """What is kept stays right."""


def known_of(stop: Any, past: Sequence[Any]) -> Facts:
    """What the visitor goes by, `past` from the newest on; empty where that is the stop as it is."""
    facts, back, since, last = _facts_of(stop), 0, None, ""
    for one in past:
        if one.verb == "run-late" and stop.id in one.changes.get("moved", ()):
            return {}  # they were told at once of where it is
        moved = one.verb == "move-appointment" and one.subject_id == stop.id
        if _is_shown(stop, one) or (moved and _is_told(stop, one)):
            since, last = one.at, one.verb
            break
        if moved:
            facts |= {name: one.changes[name][0] for name in FACTS if isinstance(one.changes.get(name), list)}
            back += 1
    if not back and stop.agreed and last in ("", "accept"):
        facts, back = facts | _agreed(stop), 1
    if not back or facts == _facts_of(stop):
        return {}
    return _known(stop, facts, back, since or stop.created_at)


def _known(stop: Any, facts: Facts, back: int, since: datetime) -> Facts:
    sure = bool(stop.agreed) and facts["answer"] == "accepted"
    return facts | {
        "visitor_note": "",
        "status": "confirmed" if sure else "tentative",
        "sequence": max(stop.sequence - back - (stop.status == "cancelled"), 0),
        "changed_at": _written(since),
    }


def _is_shown(stop: Any, one: Any) -> bool:
    """Whether the programme was shown or accepted with this stop; one that was off by then was no part of it."""
    return one.verb in SHOWN and not (stop.status == "cancelled" and one.at > stop.changed_at)


def _is_told(stop: Any, move: Any) -> bool:
    """Whether the visitor saw that move at once, or was told of it: while they looked at a proposal, or a small one."""
    return move.status_before == "proposed" or (bool(stop.agreed) and not move.changes.get("big"))


def _facts_of(stop: Any) -> Facts:
    return {
        "title": stop.title,
        "host": stop.host_id,
        "contact": stop.contact_id,
        "place": [stop.place_id, stop.place_text],
        "starts_at": _written(stop.starts_at),
        "ends_at": _written(stop.ends_at),
        "answer": stop.answer,
    }


def _agreed(stop: Any) -> Facts:
    """What was accepted; of another host's stop nobody knows who received."""
    agreed = stop.agreed
    contact = stop.contact_id if agreed["host_id"] == stop.host_id else None
    times = {name: agreed[name] for name in ("starts_at", "ends_at", "place")}
    return times | {"host": agreed["host_id"], "contact": contact}


def _written(moment: datetime) -> str:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
