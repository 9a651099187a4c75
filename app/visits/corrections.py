"""Keeping what people corrected, so that routing can learn from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.people.actors import Actor, by_user
from app.routing.learning import CO_HOST, GOAL, LEAD, leading_topic
from app.strategy.edit_models import Correction, WordEdit
from app.strategy.word_drafts import drop_draft
from app.strategy.words import edit_word, undo_edit
from app.visits.models import Activity, Offer, Visit
from app.visits.reasons import NOT_OURS
from app.visits.word_check import WordCheck, require_current, require_harmless

INSTEAD_OF = "instead_of"  # in the changes of the verb "offer": the proposed lead that was passed over
GOAL_KINDS = ("priority", "sdg")  # the goals that routing suggests


def note_lead(visit: Visit, before: str | None, after: str, *, by: Actor, at: datetime) -> None:
    """Another host got the lead than had it, or than routing suggested; only coordinators' decisions teach."""
    was = before or visit.routing.get("lead")
    if by.is_coordinator and was and was != after:
        _keep(visit, LEAD, [was], [after], by=by, at=at)


def passed_over(visit: Visit, host: str, *, by: Actor) -> str:
    """The proposed lead that a coordinator who asks this host instead does not ask; empty where nothing is corrected.

    A proposed lead that was asked and had no time, or did not answer, is none: the subject was its own.
    """
    proposed = str(visit.routing.get("lead") or "")
    answers = [one for one in visit.offers if one.part == "lead" and one.host.slug == proposed]
    had_no_time = any(
        one.status == "lapsed" or (one.status == "declined" and one.decline_reason != NOT_OURS) for one in answers
    )
    return "" if not by.is_coordinator or had_no_time or host == proposed else proposed


def note_claimed_lead(visit: Visit, offer: Offer, *, at: datetime) -> None:
    """The host takes the lead; where a coordinator had asked it instead of the proposed one, that was right."""
    asked = db.session.scalar(
        select(Activity)
        .where(Activity.visit_id == visit.id, Activity.verb == "offer", Activity.subject_id == offer.id)
        .order_by(Activity.id.desc())
        .limit(1)
    )
    instead_of = asked.changes.get(INSTEAD_OF) if asked else None
    if asked and asked.user and instead_of:
        _keep(visit, LEAD, [instead_of], [offer.host.slug], by=by_user(asked.user), at=at)


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
    checked: WordCheck,
    removed: bool = False,
    note: str = "",
    visit: Visit | None = None,
    by: Actor,
    at: datetime | None = None,
) -> WordEdit:
    """This word means (or, removed, does not mean) that topic here, perhaps because of what a visit's text said.

    Refused where the check of just this edit says that a labelled measure falls, or is older than another edit.
    """
    require_harmless(checked)
    at = at or now()
    edit = edit_word(topic, language, word, weight=weight, removed=removed, note=note, by=by, at=at)
    drop_draft(topic, language, word)
    db.session.add(_of_word(edit, means=not removed, visit_id=visit.id if visit else None, by=by, at=at))
    db.session.flush()
    return edit


def undo_word(edit: WordEdit, *, checked: WordCheck, reason: str = "", by: Actor, at: datetime | None = None) -> None:
    """What the files say of the word counts again; kept as a correction.

    Refused as teaching is, unless there is a reason: whatever was taught can be taken back.
    """
    if reason:
        require_current(checked)
    else:
        require_harmless(checked)
    kept = _of_word(edit, means=edit.removed, visit_id=None, by=by, at=at or now())
    kept.undone, kept.reason = True, reason if checked.fallen else ""
    db.session.add(kept)
    undo_edit(edit)


def _of_word(edit: WordEdit, *, means: bool, visit_id: int | None, by: Actor, at: datetime) -> Correction:
    said = [f"{edit.language}/{edit.word}"]
    return Correction(
        visit_id=visit_id,
        kind="word",
        topic=edit.topic,
        before=[] if means else said,
        after=said if means else [],
        by_id=by.user.id if by.user else None,
        at=at,
    )


def latest_word_corrections(most: int) -> list[Correction]:
    """What was taught, taken out and undone, the newest first."""
    query = select(Correction).where(Correction.kind == "word").order_by(Correction.at.desc(), Correction.id.desc())
    return list(db.session.scalars(query.limit(most)))


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
