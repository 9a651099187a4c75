"""Themes and goals as they stand, with what was only assumed marked; they are changed in the city's files."""

from __future__ import annotations

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.city.queries import assumed_fields
from app.extensions import db
from app.strategy.models import Framework, Goal, HostTheme, Theme, ThemeGoal
from app.web import access
from app.web.admin import blueprint


@blueprint.get("/admin/themes")
@access.for_administrators
def theme_list() -> str:
    """Every theme with its hosts and goals."""
    query = select(Theme).options(
        selectinload(Theme.goal_links).selectinload(ThemeGoal.goal),
        selectinload(Theme.host_links).selectinload(HostTheme.host),
    )
    themes = list(db.session.scalars(query.order_by(Theme.retired_at.is_not(None), Theme.position, Theme.id)))
    return render_template("admin/themes.html", themes=themes, assumed=assumed_fields("theme"))


@blueprint.get("/admin/goals")
@access.for_administrators
def goal_list() -> str:
    """Every framework with its goals."""
    query = select(Framework).options(selectinload(Framework.goals).selectinload(Goal.children))
    frameworks = list(db.session.scalars(query.order_by(Framework.position, Framework.id)))
    return render_template("admin/goals.html", frameworks=frameworks, assumed=assumed_fields("goal"))
