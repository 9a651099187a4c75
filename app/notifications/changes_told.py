"""Which great changes the visitor has heard of although nobody has asked them yet."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.notifications.facts import stop_facts
from app.notifications.models import Notification
from app.visits.models import Visit


def told_as_planned(visit: Visit) -> set[int]:
    """Ids of stops that a mail has told the visitor of as they are planned now: when and where."""
    whole = aliased(Notification)  # the one mail of several that were due together
    query = (
        select(Notification.facts)
        .outerjoin(whole, whole.id == Notification.part_of_id)
        .where(Notification.visit_id == visit.id, Notification.kind == "changing", Notification.user_id.is_(None))
        .where(or_(Notification.status == "sent", whole.status == "sent"))
    )
    told = [(facts.get("state") or {}).get("stop") for facts in db.session.scalars(query)]
    return {stop.id for stop in visit.appointments if stop_facts(stop) in told}
