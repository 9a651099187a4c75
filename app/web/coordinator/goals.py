"""Correcting which goals a visit serves; what routing suggested is ticked and says why."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, render_template
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.time import now
from app.extensions import db
from app.strategy.models import Framework, Goal
from app.visits import lifecycle
from app.visits.locks import hold
from app.visits.models import Visit, VisitGoal
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.deciding import to_visit
from app.web.coordinator.decision_forms import GoalsForm
from app.web.coordinator.filters import goal_words
from app.web.host.acting import acting, reader, visit_for

Page = str | tuple[str, int] | Response
KINDS = ("priority", "area", "sdg")  # what a visit is linked to; parts and aims only hold them together


@dataclass(frozen=True, slots=True)
class Group:
    """A framework and its goals, each with the link to the visit it has, if any."""

    framework: Framework
    goals: list[tuple[Goal, VisitGoal | None]]


@blueprint.get("/visits/<string:ref>/goals")
@access.for_hosts
def goals_page(ref: str) -> str:
    """Every goal, the visit's own ticked."""
    visit = visit_for(ref, "correct-goals")
    return _page(visit, _filled_in(visit))


def _filled_in(visit: Visit) -> GoalsForm:
    """The ticks as whoever opens the page now sees them."""
    chosen = [link.goal.slug for link in visit.goal_links if link.state != "removed"]
    form = GoalsForm(formdata=None, data={"goals": chosen})
    form.names = {link.goal.slug: goal_words(link.goal) for link in visit.goal_links}
    return form.showing()


def _page(visit: Visit, form: GoalsForm, unknown: str = "") -> str:
    chosen, groups = form.goals.data or [], _groups(visit)
    return render_template(
        "coordinator/goals.html", visit=visit, form=form, chosen=chosen, groups=groups, unknown=unknown
    )


@blueprint.post("/visits/<string:ref>/goals")
@access.for_hosts
def correct_goals(ref: str) -> Page:
    """The ticked goals are confirmed, all others removed."""
    visit, form = visit_for(ref, "correct-goals"), GoalsForm()
    hold(visit)
    form.meet(_filled_in(visit), ("visit", visit.id))
    chosen = list(dict.fromkeys(form.goals.data or []))
    known = {goal.slug: goal for group in _groups(visit) for goal, _link in group.goals}
    unknown = [slug for slug in chosen if slug not in known]
    if not form.is_settled() or unknown:
        return _page(visit, form, unknown[0][:60] if unknown else ""), form.refusal
    form.keep(by=reader(), at=now())
    lifecycle.correct_goals(visit, [known[slug] for slug in chosen], by=acting(visit))
    db.session.commit()
    flash(_("The goals are saved. They count in the report as you set them."), "success")
    return to_visit(visit)


def _groups(visit: Visit) -> list[Group]:
    links = {link.goal_id: link for link in visit.goal_links}
    query = select(Goal).where(Goal.retired_at.is_(None)).order_by(Goal.position, Goal.id)
    rows = [goal for goal in db.session.scalars(query) if goal.kind in KINDS or goal.id in links]
    frameworks = db.session.scalars(select(Framework).order_by(Framework.position, Framework.id))
    pairs = [(goal, links.get(goal.id)) for goal in rows]
    groups = [Group(one, [pair for pair in pairs if pair[0].framework_id == one.id]) for one in frameworks]
    return [group for group in groups if group.goals]
