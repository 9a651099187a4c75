"""Verbs of hosting: offer, claim, join, decline an offer, lapse, release, reassign."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.core.errors import AlreadyClaimed, IllegalMove, Invalid, NotAllowed
from app.core.text import clean_text
from app.core.time import now
from app.extensions import db
from app.people.actors import SYSTEM, Actor
from app.people.models import Host
from app.planning.clock import due_after
from app.strategy.settings import city_rules
from app.visits.corrections import INSTEAD_OF, note_claimed_lead, note_co_host, note_lead, passed_over
from app.visits.locks import take_turns
from app.visits.models import Offer, Visit
from app.visits.reasons import OFFER_DECLINE_REASONS
from app.visits.record import move
from app.visits.scopes import raise_for_visit
from app.visits.statuses import PLANNING, Status
from app.visits.waves import next_wave_of, ranked_now, wave_number

LIVE = ("open", "claimed", "joined")


def offer(
    visit: Visit,
    host: Host,
    *,
    part: str = "lead",
    by: Actor,
    at: datetime | None = None,
    score: float = 0.0,
    reasons: list[dict[str, Any]] | None = None,
    text: str = "",
    wave: int = 1,
    suggested: bool = False,
) -> Offer:
    """Show the visit to a host, as lead or as part; once the visit has a lead, only a part can be offered.

    An earlier answer of the same host is replaced by the new question; an open offer is returned as it is. A
    coordinator who asks for the lead whom routing did not propose first corrects it, unless that is `suggested`.
    """
    at = at or now()
    verb = "invite" if visit.status in PLANNING else "offer"
    if verb == "invite" and part == "lead":
        raise IllegalMove("offer", visit.status)
    found = _offer_to(visit, host, part)
    if found is not None and found.status in LIVE:
        return found
    made = found or Offer(visit_id=visit.id, host_id=host.id, part=part, created_at=at, due_at=at)
    instead_of = passed_over(visit, host.slug, by=by) if part == "lead" and not suggested else ""
    made.status, made.created_at, made.wave = "open", at, wave
    made.due_at = due_after(at, city_rules().offer_working_days)
    made.answered_at, made.answered_by_id, made.decline_reason, made.decline_text = None, None, "", ""
    made.score, made.reasons, made.note = score, reasons or [], clean_text(text)
    db.session.add(made)
    db.session.flush()
    if part == "lead":
        _close_own_part(visit, host, by, at, only=("open",))  # nobody is asked for both
    changes = {"host": host.slug, "part": part} | ({INSTEAD_OF: instead_of} if instead_of else {})
    move(visit, verb, by=by, at=at, subject="offer", subject_id=made.id, changes=changes)
    db.session.refresh(visit)
    raise_for_visit(visit)  # whoever is asked may see it from now on
    if part == "part":
        note_co_host(visit, host.slug, by=by, at=at)
    return made


def claim(visit: Visit, host: Host, *, by: Actor, at: datetime | None = None) -> None:
    """The host takes the lead: exactly one winner; other lead offers close, part offers stay open.

    Raises AlreadyClaimed naming the winner, who may be joined. Needs an open lead offer to that host.
    """
    at = at or now()
    take_turns(visit)  # the visit and its offers are looked at together, after whoever came first
    taken = _offer_to(visit, host, "lead")
    if visit.status == Status.OFFERED and (taken is None or taken.status != "open"):
        raise NotAllowed("no-open-offer")
    values = {"lead_host_id": host.id, "lead_user_id": by.user.id if by.user else None}
    try:
        move(visit, "claim", by=by, at=at, where=(Visit.lead_host_id.is_(None),), values=values)
    except IllegalMove as refused:
        if visit.lead_host_id is not None:
            raise AlreadyClaimed(visit.lead_host.slug if visit.lead_host else None) from refused
        raise
    _close_lead_offers(visit, at)
    if taken is not None:
        _answer(taken, "claimed", by, at)
        note_claimed_lead(visit, taken, at=at)
    _close_own_part(visit, host, by, at)
    _refresh(visit)


def _close_own_part(
    visit: Visit, host: Host, by: Actor, at: datetime, *, only: tuple[str, ...] = ("open", "joined")
) -> None:
    """Who leads takes no part besides: every host stands once on a visit."""
    own_part = _offer_to(visit, host, "part")
    if own_part is not None and own_part.status in only:
        _answer(own_part, "closed", by, at)


def join(visit: Visit, host: Host, *, by: Actor, at: datetime | None = None) -> Offer:
    """The host takes a part: with an open offer (lead or part), or after losing the claim."""
    at = at or now()
    found = _offer_to(visit, host, "part") or _offer_to(visit, host, "lead")
    if found is None or found.status not in ("open", "closed"):
        raise NotAllowed("no-open-offer")
    if visit.lead_host_id == host.id:
        raise NotAllowed("already-lead")
    move(visit, "join", by=by, at=at, subject="offer", subject_id=found.id, changes={"host": host.slug})
    if found.part == "lead" and (part := _offer_to(visit, host, "part")) is None:
        found.part = "part"
    elif found.part == "lead" and part is not None:
        found = part
    _answer(found, "joined", by, at)
    _refresh(visit)
    return found


def decline_offer(
    visit: Visit,
    host: Host,
    *,
    part: str,
    reason: str,
    text: str = "",
    better_host: Host | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Offer:
    """The host says no, with a reason or a better host; when no lead offer is left, the next wave goes out."""
    at = at or now()
    if reason not in OFFER_DECLINE_REASONS:
        raise Invalid("choice", "reason")
    found = _offer_to(visit, host, part)
    if found is None or found.status not in ("open", "joined"):
        raise NotAllowed("no-open-offer")
    changes = {"host": host.slug, "better_host": better_host.slug if better_host else None}
    move(visit, "decline-offer", by=by, at=at, reason=reason, subject="offer", subject_id=found.id, changes=changes)
    found.decline_reason, found.decline_text = reason, clean_text(text)
    found.better_host_id = better_host.id if better_host else None
    _answer(found, "declined", by, at)
    _refresh(visit)
    if better_host is not None:
        _ask_instead(visit, better_host, part, at)
    if part == "lead":
        next_wave(visit, at=at)
    return found


def _ask_instead(visit: Visit, host: Host, part: str, at: datetime) -> None:
    """The host that another one named is asked for the same part, once."""
    if _offer_to(visit, host, part) is None and visit.lead_host_id != host.id and host.retired_at is None:
        (found,) = [one for one in ranked_now(visit, [host.slug]) if one["slug"] == host.slug]
        score, reasons = found["score"], found["reasons"]
        offer(visit, host, part=part, score=score, reasons=reasons, by=SYSTEM, at=at, wave=wave_number(visit))


def lapse(open_offer: Offer, *, by: Actor = SYSTEM, at: datetime | None = None) -> None:
    """The offer's time is over without an answer; as with a decline, the next wave follows the last of its wave."""
    at = at or now()
    visit = open_offer.visit
    changes = {"host": open_offer.host.slug}
    move(visit, "lapse", by=by, at=at, subject="offer", subject_id=open_offer.id, changes=changes)
    _answer(open_offer, "lapsed", by, at)
    _refresh(visit)
    if open_offer.part == "lead":
        next_wave(visit, at=at)


def release(visit: Visit, *, reason: str, by: Actor, at: datetime | None = None) -> None:
    """The lead host gives the visit back; closed lead offers still within their time reopen, else the next wave."""
    at = at or now()
    if not reason.strip():
        raise Invalid("required", "reason")
    host = visit.lead_host
    raise_for_visit(visit)
    values = {"lead_host_id": None, "lead_user_id": None}
    move(visit, "release", by=by, at=at, reason=clean_text(reason), values=values)
    for other in visit.offers:
        if other.part == "lead" and other.status == "closed" and other.due_at > at:
            other.status, other.answered_at, other.answered_by_id = "open", None, None
        elif host and other.host_id == host.id and other.status == "claimed":
            other.status, other.decline_reason = "declined", "no-capacity"
    _refresh(visit)
    next_wave(visit, at=at)


def reassign(visit: Visit, host: Host, *, reason: str, by: Actor, at: datetime | None = None) -> None:
    """A coordinator gives the lead to another host, with a reason; open lead offers close."""
    at = at or now()
    if not reason.strip():
        raise Invalid("required", "reason")
    raise_for_visit(visit)
    before = visit.lead_host.slug if visit.lead_host else None
    for other in visit.offers:
        if other.status == "claimed":
            _answer(other, "closed", by, at)
    values = {"lead_host_id": host.id, "lead_user_id": None}
    changes = {"lead_host": [before, host.slug]}
    move(visit, "reassign", by=by, at=at, reason=clean_text(reason), changes=changes, values=values)
    note_lead(visit, before, host.slug, by=by, at=at)
    _close_lead_offers(visit, at)
    taken = _offer_to(visit, host, "lead") or Offer(
        visit_id=visit.id, host_id=host.id, part="lead", created_at=at, due_at=at
    )
    db.session.add(taken)
    _answer(taken, "claimed", by, at)
    _close_own_part(visit, host, by, at)
    _refresh(visit)


def next_wave(visit: Visit, *, at: datetime) -> None:
    """When nobody is left to answer for the lead: the next hosts are asked (waves.py), else back to triage."""
    if visit.status != Status.OFFERED or any(o.part == "lead" and o.status == "open" for o in visit.offers):
        return
    if ask_wave(visit, at=at):
        return
    _give_back(visit, at)


def _give_back(visit: Visit, at: datetime) -> None:
    move(visit, "return", by=SYSTEM, at=at, reason="nobody-left")
    _refresh(visit)


def ask_wave(visit: Visit, *, at: datetime) -> list[Offer]:
    """Ask the next hosts for the lead, one or several at once; none when nobody is left.

    Who is passed over, because it cannot receive on any wished day, is kept with the visit, and why.
    """
    number, wave = wave_number(visit), next_wave_of(visit)
    if wave.passed_over:
        kept = [one for one in visit.routing.get("passed_over", []) if one["wave"] != number]
        new = [{"wave": number, "slug": one["slug"], "reasons": one["reasons"]} for one in wave.passed_over]
        visit.routing = {**visit.routing, "passed_over": [*kept, *new]}
    return [
        offer(visit, host, part="lead", score=score, reasons=reasons, by=SYSTEM, at=at, wave=number)
        for host, score, reasons in wave.asked
    ]


def first_wave(visit: Visit, *, at: datetime) -> list[Offer]:
    """Ask the best hosts for the lead; where none of them can receive, the coordinators are told at once."""
    made = ask_wave(visit, at=at)
    if not made:
        _give_back(visit, at)
    return made


def _offer_to(visit: Visit, host: Host, part: str) -> Offer | None:
    return db.session.scalar(
        select(Offer).where(Offer.visit_id == visit.id, Offer.host_id == host.id, Offer.part == part)
    )


def _close_lead_offers(visit: Visit, at: datetime) -> None:
    closing = update(Offer).where(Offer.visit_id == visit.id, Offer.part == "lead", Offer.status == "open")
    db.session.execute(closing.values(status="closed", answered_at=at))


def _answer(found: Offer, status: str, by: Actor, at: datetime) -> None:
    found.status, found.answered_at = status, at
    found.answered_by_id = by.user.id if by.user else None
    db.session.flush()


def _refresh(visit: Visit) -> None:
    db.session.flush()
    db.session.expire(visit)
    raise_for_visit(visit)
