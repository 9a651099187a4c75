"""The figures of a year: visits per goal, host, country and partnership, and what could not be met.

A year's visits are those with an appointment in it, or, while nothing is planned, with a wished date in it: the
same rule as the list of visits uses, so that every figure opens exactly the visits it counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.extensions import db
from app.people.models import Host, User
from app.strategy.models import Goal, Theme
from app.visits.models import Offer, Visit, VisitGoal, VisitPartnership, VisitTheme
from app.visits.queries import in_span, seen_by
from app.visits.statuses import DONE, PLANNING, Status

PLANNED = tuple(status.value for status in PLANNING)
CARRIED_OUT = tuple(status.value for status in DONE)
NOT_COUNTED = (Status.SUBMITTED.value, Status.EXPIRED.value, Status.MERGED.value)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many different visits are planned (claimed to confirmed) and done (carried out or reported)."""

    planned: int = 0
    done: int = 0


@dataclass(frozen=True, slots=True)
class Totals:
    """The year in one line; `people` are those of delegations that came, where their number is known."""

    requests: int
    planned: int
    done: int
    declined: int
    called_off: int
    people: int


def year_of_visits(year: int, user: User) -> ColumnElement[bool]:
    """The condition for the visits of a year, as this reader sees them; year 0 is all years."""
    counted = Visit.status.not_in(NOT_COUNTED)
    if year == 0:
        return and_(seen_by(user), counted)
    return and_(seen_by(user), counted, in_span(date(year, 1, 1), date(year, 12, 31)))


def totals(year: int, user: User) -> Totals:
    """Requests and what became of them."""
    rows = db.session.execute(select(Visit.status, Visit.group_size).where(year_of_visits(year, user))).all()
    by_status = Counter(status for status, _ in rows)
    return Totals(
        requests=len(rows),
        planned=sum(by_status[status] for status in PLANNED),
        done=sum(by_status[status] for status in CARRIED_OUT),
        declined=by_status[Status.DECLINED.value],
        called_off=sum(by_status[s.value] for s in (Status.WITHDRAWN, Status.CANCELLED, Status.NO_SHOW)),
        people=sum(size or 0 for status, size in rows if status in CARRIED_OUT),
    )


def per_goal(year: int, user: User) -> dict[str, Figure]:
    """Figures by goal slug, each goal including those under it, each visit counted once."""
    rows = db.session.execute(
        select(Goal.id, Visit.id, Visit.status)
        .join(VisitGoal, VisitGoal.goal_id == Goal.id)
        .join(Visit, Visit.id == VisitGoal.visit_id)
        .where(VisitGoal.state != "removed", year_of_visits(year, user))
    )
    goals = {goal.id: goal for goal in db.session.scalars(select(Goal))}
    found: list[tuple[str, int, str]] = []
    for goal_id, visit_id, status in rows:
        goal: Goal | None = goals[goal_id]
        while goal is not None:
            found.append((goal.slug, visit_id, status))
            goal = goals.get(goal.parent_id) if goal.parent_id else None
    return _figures(found)


def all_visits(year: int, user: User) -> Figure:
    """Every visit of the year: what priority 3.2 counts."""
    rows = db.session.execute(select(Visit.id, Visit.status).where(year_of_visits(year, user)))
    return _figures(("", visit_id, status) for visit_id, status in rows).get("", Figure())


def per_host(year: int, user: User) -> list[tuple[Host, Figure, Figure]]:
    """Host, figures as lead, figures as co-host; the busiest first."""
    condition = year_of_visits(year, user)
    led = db.session.execute(
        select(Visit.lead_host_id, Visit.id, Visit.status).where(Visit.lead_host_id.is_not(None), condition)
    )
    shared = db.session.execute(
        select(Offer.host_id, Visit.id, Visit.status).join(Visit).where(Offer.status == "joined", condition)
    )
    lead, part = _figures(led), _figures(shared)
    hosts = db.session.scalars(select(Host).where(Host.id.in_({*lead, *part})))
    rows = [(host, lead.get(host.id, Figure()), part.get(host.id, Figure())) for host in hosts]
    return sorted(rows, key=lambda row: (-row[1].planned - row[1].done, -row[2].planned - row[2].done, row[0].slug))


def per_country(year: int, user: User) -> list[tuple[str, Figure]]:
    """ISO country code and figures, most visits first."""
    rows = db.session.execute(select(Visit.country, Visit.id, Visit.status).where(year_of_visits(year, user)))
    return _ranked(_figures(rows))


def per_partnership(year: int, user: User) -> dict[int, Figure]:
    """Figures by partnership id."""
    query = select(VisitPartnership.partnership_id, Visit.id, Visit.status).join(Visit)
    return _figures(db.session.execute(query.where(year_of_visits(year, user))))


def unmet_demand(year: int, user: User) -> list[tuple[Theme | None, dict[str, int]]]:
    """Declined requests per theme and reason, the most wanted theme first; None for those without a theme."""
    rows = db.session.execute(
        select(VisitTheme.theme_id, Visit.id, Visit.closing_reason)
        .select_from(Visit)
        .outerjoin(VisitTheme)
        .where(Visit.status == Status.DECLINED.value, year_of_visits(year, user))
    )
    counted: dict[int | None, Counter[str]] = defaultdict(Counter)
    for theme_id, _, reason in rows:
        counted[theme_id][reason] += 1
    themes = {theme.id: theme for theme in db.session.scalars(select(Theme).where(Theme.id.in_(filter(None, counted))))}
    ordered = sorted(counted.items(), key=lambda pair: -pair[1].total())
    return [(themes[theme_id] if theme_id else None, dict(reasons)) for theme_id, reasons in ordered]


def _figures(rows: Iterable[Any]) -> dict[Any, Figure]:
    """Rows of (key, visit id, status) as figures by key; a visit counts once under a key."""
    planned, done = defaultdict(set), defaultdict(set)
    for key, visit_id, status in rows:
        if status in PLANNED:
            planned[key].add(visit_id)
        elif status in CARRIED_OUT:
            done[key].add(visit_id)
    return {key: Figure(len(planned[key]), len(done[key])) for key in {*planned, *done}}


def _ranked(figures: dict[str, Figure]) -> list[tuple[str, Figure]]:
    return sorted(figures.items(), key=lambda pair: (-pair[1].planned - pair[1].done, pair[0]))
