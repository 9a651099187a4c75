"""Feed scopes: a version of everything a feed can show, raised in the transaction that changes any of it."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, text, union

from app.extensions import db
from app.strategy.models import Goal
from app.visits.models import Visit, VisitGoal, VisitPartnership, VisitTheme
from app.visits.programme_models import Appointment, FeedScope

Scope = tuple[str, int]
ALL: Scope = ("all", 0)


def scopes_of(visit: Visit) -> set[Scope]:
    """Every scope that shows something of the visit now; none before it has a first appointment."""
    stops = select(Appointment.host_id, Appointment.contact_id, Appointment.place_id)
    rows = db.session.execute(stops.where(Appointment.visit_id == visit.id)).all()
    if not rows:
        return set()
    found: set[Scope] = {ALL}
    if visit.lead_host_id:
        found.add(("host", visit.lead_host_id))
    if visit.lead_user_id:
        found.add(("user", visit.lead_user_id))
    for stop in rows:
        found.update((kind, row_id) for kind, row_id in zip(("host", "user", "place"), stop, strict=True) if row_id)
    return found | subjects_of(visit.id)


def subjects_of(visit_id: int) -> set[Scope]:
    """The themes, the partnerships and the goals of the visit; of a goal also those above it, which show it too."""
    tree = select(VisitGoal.goal_id.label("id")).where(VisitGoal.visit_id == visit_id).cte("goals_up", recursive=True)
    above = select(Goal.parent_id).join(tree, Goal.id == tree.c.id).where(Goal.parent_id.is_not(None))
    goals = tree.union(above)
    rows = union(
        select(text("'goal'"), goals.c.id),
        select(text("'theme'"), VisitTheme.theme_id).where(VisitTheme.visit_id == visit_id),
        select(text("'partnership'"), VisitPartnership.partnership_id).where(VisitPartnership.visit_id == visit_id),
    )
    return {(str(kind), int(row_id)) for kind, row_id in db.session.execute(rows)}


RAISING = text(
    "INSERT INTO feed_scope (kind, scope_id, version) VALUES (:kind, :scope_id, 2) "
    "ON CONFLICT (kind, scope_id) DO UPDATE SET version = feed_scope.version + 1"
)


def raise_scopes(scopes: Iterable[Scope]) -> None:
    """Raise the version of each scope; in a fixed order, so that two writers never wait for each other in a ring."""
    rows = [{"kind": kind, "scope_id": scope_id} for kind, scope_id in sorted(set(scopes))]
    if rows:
        db.session.execute(RAISING, rows)


def raise_for_visit(visit: Visit) -> None:
    """Raise every scope that shows the visit now; call before and after a change of who or what is concerned.

    The visit comes before its scopes, as for every verb: otherwise two of them could wait for each other.
    """
    db.session.flush()
    db.session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update(key_share=True))
    raise_scopes(scopes_of(visit))


def version_of(kind: str, scope_id: int) -> int:
    """The scope's version; 1 where nothing was ever changed."""
    found = db.session.scalar(select(FeedScope.version).where(FeedScope.kind == kind, FeedScope.scope_id == scope_id))
    return found or 1
