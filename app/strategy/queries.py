"""Reading the strategy: frameworks with their trees of goals."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.extensions import db
from app.strategy.models import Framework, Goal

EVERY_VISIT = "3.2"  # the priority that every visit serves: the region is coordinated in receiving delegations


def frameworks() -> list[Framework]:
    """Every framework in force, in its order."""
    query = select(Framework).where(Framework.retired_at.is_(None)).order_by(Framework.position, Framework.id)
    return list(db.session.scalars(query))


def goals_of(*kinds: str) -> list[Goal]:
    """Goals in force of these kinds (priority, sdg, area …), in their order."""
    query = select(Goal).where(Goal.kind.in_(kinds), Goal.retired_at.is_(None))
    return list(db.session.scalars(query.order_by(Goal.framework_id, Goal.position, Goal.id)))


def goal_and_below(goal: str | int) -> Select[int]:
    """The ids of that goal (by slug or id) and of every goal under it, as a subquery."""
    top = Goal.slug == goal if isinstance(goal, str) else Goal.id == goal
    tree = select(Goal.id).where(top).cte("goal_tree", recursive=True)
    return select(tree.union_all(select(Goal.id).where(Goal.parent_id == tree.c.id)).c.id)
