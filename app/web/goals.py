"""The goals and flags of a visit as its card shows them: the first goals by short names, all with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.visits.models import Visit, VisitGoal
from app.web.evidence import goal_reasons
from app.web.host.facts import flags_of, goal_code
from app.web.language import page_language

SHORT = 64  # characters of a goal's name on a card


@dataclass(frozen=True, slots=True)
class GoalShown:
    """A goal of a visit: its name, the same in short, and why routing suggested it."""

    name: str
    short: str
    reasons: list[dict[str, Any]]


def goals_of(visit: Visit) -> list[GoalShown]:
    """The goals that the visit serves, those a person confirmed first, then the likeliest."""
    kept = [link for link in visit.goal_links if link.state != "removed"]
    return [_shown(link) for link in sorted(kept, key=lambda one: (one.state != "confirmed", -one.score, one.id))]


def _shown(link: VisitGoal) -> GoalShown:
    name = " ".join(filter(None, (goal_code(link.goal), link.goal.name_in(page_language()))))
    return GoalShown(name, _in_short(name), goal_reasons(link))


def _in_short(name: str) -> str:
    return name if len(name) <= SHORT else name[:SHORT].rsplit(" ", 1)[0] + " …"


def init_app(app: Flask) -> None:
    """Give templates goals_of() and flags_of()."""
    app.add_template_global(goals_of, "goals_of")
    app.add_template_global(flags_of, "flags_of")
