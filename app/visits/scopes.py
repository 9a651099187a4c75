"""Feed scopes: a version of everything a feed can show, raised in the transaction that changes any of it.

With the version it is told which weeks' events changed, so that a large calendar need not be made anew for one of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select, text, union

from app.extensions import db
from app.strategy.models import Goal
from app.visits.models import Visit, VisitGoal, VisitPartnership, VisitTheme
from app.visits.programme_models import Appointment, FeedScope, Fragment

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


RAISING = (
    "INSERT INTO feed_scope (kind, scope_id, version, whole) VALUES (:kind, :scope_id, 2, {first}) "
    "ON CONFLICT (kind, scope_id) DO UPDATE SET version = feed_scope.version + 1, whole = {then}"
)
RAISING_ALL_OF_IT = text(RAISING.format(first="2", then="feed_scope.version + 1"))
RAISING_WEEKS = text(RAISING.format(first="1", then="feed_scope.whole"))
TELLING_WEEK = text(
    "INSERT INTO feed_week (kind, scope_id, week, version) "
    "SELECT kind, scope_id, :week, version FROM feed_scope WHERE kind = :kind AND scope_id = :scope_id "
    "ON CONFLICT (kind, scope_id, week) DO UPDATE SET version = excluded.version"
)


def raise_scopes(scopes: Iterable[Scope], *, weeks: Collection[int] | None = None) -> None:
    """Raise the version of each scope; in a fixed order, so that two writers never wait for each other in a ring.

    `weeks` are those in which events change, come or go; None says that anything may, also the calendar's name.
    """
    rows = [{"kind": kind, "scope_id": scope_id} for kind, scope_id in sorted(set(scopes))]
    if not rows:
        return
    db.session.execute(RAISING_ALL_OF_IT if weeks is None else RAISING_WEEKS, rows)
    if weeks:
        db.session.execute(TELLING_WEEK, [{**row, "week": week} for row in rows for week in sorted(weeks)])


def weeks_of(visit_ids: Iterable[int]) -> set[int]:
    """The weeks in which feeds show something of these visits now."""
    weeks = select(Fragment.week).join(Appointment, Appointment.id == Fragment.appointment_id)
    return set(db.session.scalars(weeks.where(Appointment.visit_id.in_(list(visit_ids))).distinct()))


def raise_for_visit(visit: Visit) -> None:
    """Raise every scope that shows the visit now; call before and after a change of who or what is concerned.

    The visit comes before its scopes, as for every verb: otherwise two of them could wait for each other.
    """
    db.session.flush()
    db.session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update(key_share=True))
    raise_scopes(scopes_of(visit), weeks=weeks_of([visit.id]))


def version_of(kind: str, scope_id: int) -> int:
    """The scope's version; 1 where nothing was ever changed."""
    found = db.session.scalar(select(FeedScope.version).where(FeedScope.kind == kind, FeedScope.scope_id == scope_id))
    return found or 1
