"""Keeping what people corrected, so that routing can learn from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.core.time import now
from app.extensions import db
from app.people.actors import Actor
from app.routing.learning import CO_HOST, GOAL, LEAD, leading_topic
from app.strategy.edit_models import Correction, WordEdit
from app.strategy.words import edit_word
from app.visits.models import Visit

GOAL_KINDS = ("priority", "sdg")  # the goals that routing suggests


def note_lead(visit: Visit, before: str | None, after: str, *, by: Actor, at: datetime) -> None:
    """Another host got the lead than had it, or than routing suggested; only coordinators' decisions teach."""
    was = before or visit.routing.get("lead")
    if by.is_coordinator and was and was != after:
        _keep(visit, LEAD, [was], [after], by=by, at=at)


def note_co_host(visit: Visit, after: str, *, by: Actor, at: datetime) -> None:
    """A coordinator asked a host for a part that routing had not suggested for one."""
    suggested = sorted(visit.routing.get("co_hosts", ()))
    if by.is_coordinator and visit.routing and after not in (*suggested, visit.routing.get("lead")):
        _keep(visit, CO_HOST, suggested, [after], by=by, at=at)


def suggestable_goals(visit: Visit) -> list[str]:
    """The goals of the visit that routing may suggest, removed ones left out."""
    return sorted(
        link.goal.slug for link in visit.goal_links if link.state != "removed" and link.goal.kind in GOAL_KINDS
    )


def note_goals(visit: Visit, before: Iterable[str], *, by: Actor, at: datetime) -> None:
    """A person said which goals the visit serves; saying that they stay as they are teaches as well."""
    _keep(visit, GOAL, list(before), suggestable_goals(visit), by=by, at=at)


def teach_word(
    topic: str,
    language: str,
    word: str,
    *,
    weight: float,
    removed: bool = False,
    note: str = "",
    visit: Visit | None = None,
    by: Actor,
    at: datetime | None = None,
) -> WordEdit:
    """This word means (or, removed, does not mean) that topic here, perhaps because of what a visit's text said."""
    at = at or now()
    edit = edit_word(topic, language, word, weight=weight, removed=removed, note=note, by=by, at=at)
    said = f"{language}/{edit.word}"
    before, after = ([said], []) if removed else ([], [said])
    author = by.user.id if by.user else None
    visit_id = visit.id if visit else None
    db.session.add(
        Correction(visit_id=visit_id, kind="word", topic=topic, before=before, after=after, by_id=author, at=at)
    )
    db.session.flush()
    return edit


def _keep(visit: Visit, kind: str, before: list[str], after: list[str], *, by: Actor, at: datetime) -> None:
    db.session.add(
        Correction(
            visit_id=visit.id,
            kind=kind,
            topic=leading_topic(visit.routing),
            before=before,
            after=after,
            by_id=by.user.id if by.user else None,
            at=at,
        )
    )
    db.session.flush()
