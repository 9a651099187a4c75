"""Verbs of the end: complete, report, decline, withdraw, cancel, no-show, merge, reopen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update

from app.core.errors import IllegalMove, Invalid
from app.core.text import clean_line, clean_text
from app.core.time import now
from app.extensions import db
from app.people.actors import SYSTEM, VISITOR, Actor
from app.people.models import User
from app.strategy.models import Goal
from app.visits.corrections import note_goals, suggestable_goals
from app.visits.models import Activity, Offer, Visit, VisitGoal
from app.visits.programme_models import Delegate, FollowUp, Message, Outcome
from app.visits.programming import cancel_all
from app.visits.reasons import DECLINE_REASONS
from app.visits.record import move
from app.visits.routing import route
from app.visits.rules import is_left_open
from app.visits.scopes import raise_for_visit


@dataclass(frozen=True, slots=True)
class Commitment:
    """A follow-up as typed: what, by whom, until when."""

    text: str
    due_on: date
    owner: User | None = None


def complete(visit: Visit, *, by: Actor = SYSTEM, at: datetime | None = None) -> None:
    """The last appointment has ended; the lead host is asked to report.

    The scheduler does it where that is sure. A person may say so where the days passed without the visitor's last yes.
    """
    at = at or now()
    if by.user is not None and not is_left_open(visit, at=at):
        raise IllegalMove("complete", visit.status)
    move(visit, "complete", by=by, at=at)


def pass_by(visit: Visit, *, by: Actor = SYSTEM, at: datetime | None = None) -> None:
    """Its days passed without the visitor's last yes: the lead host and the coordinators are asked to settle it."""
    move(visit, "pass-by", by=by, at=at or now())


def report(
    visit: Visit,
    *,
    achieved: int,
    text: str,
    goals: Iterable[Goal],
    follow_ups: Iterable[Commitment] = (),
    by: Actor,
    at: datetime | None = None,
) -> None:
    """The lead host records what was achieved (1-5, and in words), the goals served and the follow-ups.

    The goals given are confirmed, all others removed. A second report replaces the first, with those of its
    follow-ups that are not done yet.
    """
    at = at or now()
    if not 1 <= achieved <= 5:
        raise Invalid("achieved", "achieved")
    outcome = visit.outcome or Outcome(visit_id=visit.id)
    outcome.achieved, outcome.text, outcome.recorded_at = achieved, clean_text(text), at
    outcome.recorded_by_id = by.user.id if by.user else None
    db.session.add(outcome)
    suggested = suggestable_goals(visit)
    set_goals(visit, goals)
    note_goals(visit, suggested, by=by, at=at)
    _promise(visit, follow_ups)
    move(visit, "report", by=by, at=at, subject="outcome", subject_id=outcome.id, changes={"achieved": achieved})
    db.session.expire(visit)


def _promise(visit: Visit, commitments: Iterable[Commitment]) -> None:
    """These are the visit's follow-ups now, beside those that are done; one that stays as it was keeps its row."""
    wanted = {(clean_line(one.text), one.due_on, one.owner.id if one.owner else None) for one in commitments}
    for known in visit.follow_ups:
        as_promised = (known.text, known.due_on, known.owner_id)
        if as_promised not in wanted and known.done_at is None:
            db.session.delete(known)
        wanted.discard(as_promised)
    for text, due_on, owner_id in sorted(wanted, key=lambda one: one[:2]):
        db.session.add(FollowUp(visit_id=visit.id, text=text, due_on=due_on, owner_id=owner_id))
    db.session.flush()


def correct_goals(visit: Visit, goals: Iterable[Goal], *, by: Actor, at: datetime | None = None) -> None:
    """A person says which goals the visit serves: those given are confirmed, the others removed."""
    at, suggested = at or now(), suggestable_goals(visit)
    before = sorted(link.goal.slug for link in visit.goal_links if link.state != "removed")
    set_goals(visit, goals)
    after = sorted(link.goal.slug for link in visit.goal_links if link.state != "removed")
    move(visit, "correct-goals", by=by, at=at, changes={"goals": [before, after]})
    note_goals(visit, suggested, by=by, at=at)


def set_goals(visit: Visit, goals: Iterable[Goal]) -> None:
    """Confirm the given goals and mark every other linked one removed."""
    wanted = {goal.id: goal for goal in goals}
    raise_for_visit(visit)
    for link in visit.goal_links:
        link.state = "confirmed" if link.goal_id in wanted else "removed"
        wanted.pop(link.goal_id, None)
    for goal in wanted.values():
        visit.goal_links.append(VisitGoal(goal=goal, state="confirmed", score=1.0))
    raise_for_visit(visit)


def decline(
    visit: Visit, *, reason: str, text: str = "", alternatives: str = "", by: Actor, at: datetime | None = None
) -> None:
    """A coordinator says no, with a reason and alternatives; counted as unmet demand per theme and reason.

    Stops are left where a host had the visit and gave it back: they are cancelled.
    """
    at = at or now()
    if reason not in DECLINE_REASONS:
        raise Invalid("choice", "reason")
    values = {
        "closing_reason": reason,
        "closing_text": clean_text(text),
        "alternatives": clean_text(alternatives),
    }
    move(visit, "decline", by=by, at=at, reason=reason, values=values)
    _close_offers(visit, at)
    cancel_all(visit, at=at)


def withdraw(visit: Visit, *, text: str = "", by: Actor = VISITOR, at: datetime | None = None) -> None:
    """The visitor calls it off: appointments are cancelled, hosts told."""
    at = at or now()
    move(visit, "withdraw", by=by, at=at, reason=clean_text(text), values={"closing_text": clean_text(text)})
    _close_offers(visit, at)
    cancel_all(visit, at=at)


def cancel(visit: Visit, *, reason: str, by: Actor, at: datetime | None = None) -> None:
    """The lead host or a coordinator calls it off, with a reason the visitor reads; appointments are cancelled."""
    at = at or now()
    if not reason.strip():
        raise Invalid("required", "reason")
    move(visit, "cancel", by=by, at=at, reason=clean_text(reason), values={"closing_text": clean_text(reason)})
    _close_offers(visit, at)
    cancel_all(visit, at=at)


def mark_no_show(visit: Visit, *, by: Actor, text: str = "", at: datetime | None = None) -> None:
    """The delegation never came; what was still to come is cancelled."""
    at = at or now()
    move(visit, "mark-no-show", by=by, at=at, reason=clean_text(text))
    cancel_all(visit, at=at, begun=False)


def merge(gone: Visit, kept: Visit, *, by: Actor, at: datetime | None = None) -> None:
    """Two requests are one: history, messages and delegates of `gone` move to `kept`, its appointments end."""
    at = at or now()
    if gone.id == kept.id or kept.merged_into_id is not None:
        raise Invalid("same-visit", "kept")
    move(gone, "merge", by=by, at=at, changes={"into": kept.ref}, values={"merged_into_id": kept.id})
    _close_offers(gone, at)
    cancel_all(gone, at=at)
    for table in (Activity, Message, Delegate):
        db.session.execute(update(table).where(table.visit_id == gone.id).values(visit_id=kept.id))
    move(kept, "absorb", by=by, at=at, changes={"from": gone.ref})
    db.session.expire_all()


def reopen(visit: Visit, *, reason: str, by: Actor, at: datetime | None = None) -> None:
    """A coordinator takes an ended visit up again, with a reason; it is routed anew and waits for triage."""
    at = at or now()
    if not reason.strip():
        raise Invalid("required", "reason")
    raise_for_visit(visit)
    values = {
        "lead_host_id": None,
        "lead_user_id": None,
        "closing_reason": "",
        "closing_text": "",
        "alternatives": "",
        "merged_into_id": None,
        "received_at": visit.received_at or at,
    }
    move(visit, "reopen", by=by, at=at, reason=clean_text(reason), values=values)
    if not visit.routing:
        route(visit, at=at)


def finish_follow_up(follow_up: FollowUp, *, at: datetime | None = None) -> None:
    """The commitment was kept."""
    follow_up.done_at = at or now()
    db.session.flush()


def _close_offers(visit: Visit, at: datetime) -> None:
    raise_for_visit(visit)
    closing = update(Offer).where(Offer.visit_id == visit.id, Offer.status.in_(("open", "joined", "claimed")))
    db.session.execute(closing.values(status="closed", answered_at=at))
    db.session.expire(visit)


def open_offers(visit: Visit) -> list[Offer]:
    """Offers still waiting for an answer."""
    return list(db.session.scalars(select(Offer).where(Offer.visit_id == visit.id, Offer.status == "open")))
