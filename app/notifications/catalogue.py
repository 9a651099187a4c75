"""Who is told what when something happens to a visit: one function for each verb, one mail per person and event.

A person who fits two lines of a verb gets the first. Decisions that wait stand on lists (/inbox, /triage) as well, so
coordinators get mail only when something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import select

from app.extensions import db
from app.notifications.facts import About
from app.notifications.happening import Happening, Tell, tell_each
from app.notifications.happening_to_stops import (
    on_hold_lapsed,
    on_move,
    on_part,
    on_part_declined,
    on_remove,
    on_run_late,
)
from app.notifications.recipients import (
    as_recipients,
    coordinators,
    lead_members,
    lead_or_coordinators,
    members_of,
    receiving_hosts,
    visitor_of,
)
from app.people.backups import has_somebody
from app.visits.models import Visit
from app.visits.programme_models import FollowUp
from app.visits.statuses import PLANNING, Status


def _visitor(kind: str, *, is_receipt: bool = False) -> Callable[[Happening], Iterator[Tell]]:
    """A verb that only the visitor hears of."""

    def tell(what: Happening) -> Iterator[Tell]:
        yield from tell_each(kind, visitor_of(what.visit), what, is_receipt=is_receipt)

    return tell


def _lead(kind: str) -> Callable[[Happening], Iterator[Tell]]:
    """A verb that only the lead host hears of."""

    def tell(what: Happening) -> Iterator[Tell]:
        yield from tell_each(kind, lead_members(what.visit), what)

    return tell


def on_offer(what: Happening) -> Iterator[Tell]:
    """The host that is asked; where it has nobody who could answer, the coordinators.

    A host that is asked for the lead need not read that it is asked for a part of the same visit too.
    """
    if what.offer is None:
        return
    if not what.is_lesser_offer():
        yield from tell_each("offer", members_of([what.offer.host]), what)
    if not has_somebody(what.offer.host):
        yield from tell_each("nobody-there", coordinators(), what)


def on_claim(what: Happening) -> Iterator[Tell]:
    """The visitor, and the hosts that were asked for the lead too: they need not answer, and may join."""
    yield from tell_each("claimed", visitor_of(what.visit), what)
    yield from tell_each("taken", members_of(offer.host for offer in what.closed_offers("lead")), what)


def on_part_refused(what: Happening) -> Iterator[Tell]:
    """The lead host, when another host does not take the part it was asked for."""
    if what.offer is not None and what.offer.part == "part" and what.activity.status_after in PLANNING:
        yield from tell_each("part-refused", lead_members(what.visit), what)


def on_release(what: Happening) -> Iterator[Tell]:
    """The coordinators and the visitor; hosts whose offers are open again; co-hosts."""
    for offer in what.reopened_offers():
        yield from tell_each("offer", members_of([offer.host]), what, about={"offer": offer.id})
    yield from tell_each("released", coordinators(), what)
    yield from tell_each("host-released", members_of(receiving_hosts(what.visit)), what)
    yield from tell_each("given-back", visitor_of(what.visit), what)


def on_reassign(what: Happening) -> Iterator[Tell]:
    """The new lead host, the former one, the others asked, and the visitor."""
    yield from tell_each("assigned", lead_members(what.visit), what)
    former = what.former_lead()
    yield from tell_each("reassigned", members_of([former] if former else []), what)
    yield from tell_each("taken", members_of(offer.host for offer in what.closed_offers("lead")), what)
    yield from tell_each("claimed", visitor_of(what.visit), what)


def on_accept(what: Happening) -> Iterator[Tell]:
    """Every host that receives, and the visitor, who gets the agreed programme as a receipt."""
    yield from tell_each("accepted", members_of(receiving_hosts(what.visit)), what)
    yield from tell_each("confirmed", visitor_of(what.visit), what, is_receipt=True)


def on_message(what: Happening) -> Iterator[Tell]:
    """The visitor's words go to those who have the visit, staff's to the visitor, notes to the other hosts."""
    message = what.message
    if message is None:
        return
    if message.user_id is None:
        yield from tell_each("host-message", lead_or_coordinators(what.visit), what)
    elif message.kind == "note":
        yield from tell_each("host-message", members_of(receiving_hosts(what.visit)), what)
    else:
        yield from tell_each("message", visitor_of(what.visit), what)


def on_answer(what: Happening) -> Iterator[Tell]:
    """Whoever asked and the lead host, or the coordinators; hosts whose offers got more time by it."""
    asked = [message.user for message in what.visit.messages if message.kind == "question" and message.user]
    people = as_recipients(asked[-1:]) + lead_members(what.visit)
    yield from tell_each("host-message", people or coordinators(), what)
    for offer in what.extended_offers():
        yield from tell_each("offer", members_of([offer.host]), what, about={"offer": offer.id})


def on_end(visitor_kind: str, host_kind: str) -> Callable[[Happening], Iterator[Tell]]:
    """The visit is off: the visitor and everybody who had to do with it."""

    def tell(what: Happening) -> Iterator[Tell]:
        if visitor_kind:
            yield from tell_each(visitor_kind, visitor_of(what.visit), what)
        if what.activity.status_before != Status.SUBMITTED:
            yield from tell_each(host_kind, members_of(what.hosts_before()), what)

    return tell


def on_absorb(what: Happening) -> Iterator[Tell]:
    """The contact and the hosts of the request that was merged away (its own history lies with this visit now)."""
    gone = db.session.scalar(select(Visit).where(Visit.ref == str(what.activity.changes.get("from", ""))))
    if gone is None:
        return
    yield from tell_each("merged", visitor_of(gone), what, visit=gone)
    hosts = [gone.lead_host] if gone.lead_host else []
    hosts += [offer.host for offer in gone.offers if offer.answered_at == what.activity.at]
    hosts += [stop.host for stop in gone.appointments if stop.changed_at == what.activity.at]
    yield from tell_each("host-merged", members_of(hosts), what, visit=gone)


def on_invitation_answer(what: Happening) -> Iterator[Tell]:
    """The lead host, when somebody cannot come or proposes another time, and has said nothing else since.

    A yes stands on the page.
    """
    kinds = {"DECLINED": "answer-declined", "COUNTER": "answer-counter"}
    kind = kinds.get(str(what.activity.changes.get("answer", "")))
    about: About = {**what.about, "invitation": what.activity.changes.get("invitation", 0)}
    about["answered_at"] = what.activity.at.isoformat()
    if kind is not None and what.appointment is not None:
        yield from tell_each(kind, lead_members(what.visit), what, about=about)


def on_report(what: Happening) -> Iterator[Tell]:
    """The owners of follow-ups, one mail for each commitment."""
    for follow_up in what.visit.follow_ups:
        if follow_up.owner is not None and follow_up.done_at is None:
            yield from tell_each("follow-up", as_recipients([follow_up.owner]), what, about=_commitment(follow_up))


def _commitment(follow_up: FollowUp) -> About:
    return {"follow_up": follow_up.id}


RULES: dict[str, Callable[[Happening], Iterator[Tell]]] = {
    "submit": _visitor("confirm-address", is_receipt=True),
    "send-again": _visitor("confirm-address", is_receipt=True),
    "receive": _visitor("received", is_receipt=True),
    "register": _visitor("received"),
    "offer": on_offer,
    "invite": on_offer,
    "claim": on_claim,
    "join": _lead("joined"),
    "decline-offer": on_part_refused,
    "lapse": on_part_refused,
    "return": lambda what: tell_each("nobody-left", coordinators(), what),
    "release": on_release,
    "reassign": on_reassign,
    "add-appointment": on_part,
    "move-appointment": on_move,
    "remove-appointment": on_remove,
    "run-late": on_run_late,
    "answer-invitation": on_invitation_answer,
    "accept-part": _lead("part-accepted"),
    "decline-part": on_part_declined,
    "lapse-hold": on_hold_lapsed,
    "propose": _visitor("proposed"),
    "accept": on_accept,
    "ask-for-change": _lead("change-asked"),
    "ask-visitor": _visitor("question"),
    "answer": on_answer,
    "write": on_message,
    "pass-by": lambda what: tell_each("days-passed", lead_members(what.visit) + coordinators(), what),
    "report": on_report,
    "decline": on_end("declined", "host-withdrawn"),
    "withdraw": on_end("", "host-withdrawn"),
    "cancel": on_end("cancelled", "host-cancelled"),
    "absorb": on_absorb,
    "reopen": _visitor("reopened"),
}
# Nobody is told by a line of their own: nothing to do for anybody, or a reminder follows on its own day, or invitations
# and what stands in for feeds bring it (a place's new name or address).
SILENT = frozenset(
    {
        "expire", "complete", "edit-delegates", "correct-goals", "mark-no-show", "merge", "keep-contact",
        "look-at-contact-again", "correct-place",
    }
)  # fmt: skip
