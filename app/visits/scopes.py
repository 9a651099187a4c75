"""Feed scopes: a version per person, host and the whole, raised in the transaction that changes what they show."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, text

from app.extensions import db
from app.visits.models import Visit
from app.visits.programme_models import Appointment, FeedScope

Scope = tuple[str, int]
ALL: Scope = ("all", 0)


def scopes_of(visit: Visit) -> set[Scope]:
    """Every scope that shows something of the visit now."""
    found: set[Scope] = {ALL}
    if visit.lead_host_id:
        found.add(("host", visit.lead_host_id))
    if visit.lead_user_id:
        found.add(("user", visit.lead_user_id))
    rows = db.session.execute(
        select(Appointment.host_id, Appointment.contact_id).where(Appointment.visit_id == visit.id)
    )
    for host_id, contact_id in rows:
        found.add(("host", host_id))
        if contact_id:
            found.add(("user", contact_id))
    return found


RAISING = text(
    "INSERT INTO feed_scope (kind, scope_id, version) VALUES (:kind, :scope_id, 2) "
    "ON CONFLICT (kind, scope_id) DO UPDATE SET version = feed_scope.version + 1"
)


def raise_scopes(scopes: Iterable[Scope]) -> None:
    """Raise the version of each scope; in a fixed order, so that two writers never wait for each other in a ring."""
    for kind, scope_id in sorted(set(scopes)):
        db.session.execute(RAISING, {"kind": kind, "scope_id": scope_id})


def raise_for_visit(visit: Visit) -> None:
    """Raise every scope that shows the visit now; call before and after a change of who is concerned.

    The visit comes before its scopes, as for every verb: otherwise two of them could wait for each other.
    """
    db.session.flush()
    db.session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update(key_share=True))
    raise_scopes(scopes_of(visit))


def version_of(kind: str, scope_id: int) -> int:
    """The scope's version; 1 where nothing was ever changed."""
    found = db.session.scalar(select(FeedScope.version).where(FeedScope.kind == kind, FeedScope.scope_id == scope_id))
    return found or 1
