"""A dry run: what routing would decide now, beside what it decided then and what stands; nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template
from flask_babel import gettext as _
from sqlalchemy import select

from app.core.errors import NotFound
from app.extensions import db
from app.strategy.models import Goal
from app.visits.dry_run import Compared, dry_run, is_worth_a_dry_run
from app.visits.queries import get_visit
from app.web import access
from app.web.coordinator import blueprint
from app.web.coordinator.filters import goal_words
from app.web.evidence import names, reason_sentences
from app.web.formats import listed
from app.web.host.acting import reader
from app.web.words import word

MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One part of the decision in words, and why routing would say it now."""

    title: str
    then: str
    stands: str
    now: str
    changed: bool
    departs: bool
    reasons: list[tuple[str, list[str]]]


@blueprint.get("/triage/<string:ref>/dry-run")
@access.for_coordinators
def dry_run_page(ref: str) -> str:
    """The three side by side, with reasons for the lead and for what would be new."""
    visit = get_visit(ref, reader())
    if not is_worth_a_dry_run(visit):
        raise NotFound
    found = dry_run(visit)
    called = _goal_names()
    rows = [_row(one, called) for one in found.parts]
    return render_template("coordinator/dry_run.html", visit=visit, rows=rows, changes=found.changes)


def _row(one: Compared, goals: Mapping[str, str]) -> Row:
    def said(slugs: tuple[str, ...]) -> str:
        return listed(_called(one.part, slug, goals) for slug in slugs) or "–"

    told = [slug for slug in one.now if one.part == "lead" or slug not in one.then]
    reasons = [(_called(one.part, slug, goals), _why(one, slug)) for slug in told]
    explained = [(name, sentences) for name, sentences in reasons if sentences]
    return Row(
        _titles()[one.part], said(one.then), said(one.stands), said(one.now), one.changed, one.departs, explained
    )


def _why(one: Compared, slug: str) -> list[str]:
    return reason_sentences(one.reasons.get(slug, ()), MOST_REASONS)


def _called(part: str, slug: str, goals: Mapping[str, str]) -> str:
    if part in ("decision", "flags"):
        return word("decision" if part == "decision" else "flag", slug)
    return goals.get(slug, slug) if part == "goals" else names().get(slug, slug)


def _goal_names() -> dict[str, str]:
    return {goal.slug: goal_words(goal) for goal in db.session.scalars(select(Goal))}


def _titles() -> dict[str, str]:
    return {
        "decision": _("Decision"),
        "lead": _("Lead host"),
        "co-hosts": _("Co-hosts"),
        "goals": _("Goals"),
        "flags": _("Look out for"),
    }
