"""Who is told what when something happens to a visit: one function for each verb, one mail per person and event.

A person who fits two lines of a verb gets the first. Decisions that wait stand on lists (/inbox, /triage) as well, so
coordinators get mail only when something is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import select

from app.extensions import db
from app.notifications.facts import About
from app.notifications.happening import Happening, Tell
from app.notifications.known_before import to_whom_it_is_news
from app.notifications.recipients import (
    Recipient,
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
from app.visits.programme_models import Appointment, FollowUp
from app.visits.statuses import PLANNING, Status

SHOWN = {"starts_at", "ends_at", "place", "host"}  # the changes of a stop that its people must know


def _tell(
    kind: str,
    recipients: Iterable[Recipient],
    what: Happening,
    *,
    visit: Visit | None = None,
    about: About | None = None,
    is_receipt: bool = False,
) -> Iterator[Tell]:
    for recipient in recipients:
        yield Tell(kind, recipient, visit or what.visit, what.about if about is None else about, is_receipt)


def _visitor(kind: str, *, is_receipt: bool = False) -> Callable[[Happening], Iterator[Tell]]:
    """A verb that only the visitor hears of."""

    def tell(what: Happening) -> Iterator[Tell]:
        yield from _tell(kind, visitor_of(what.visit), what, is_receipt=is_receipt)

    return tell


def _lead(kind: str) -> Callable[[Happening], Iterator[Tell]]:
    """A verb that only the lead host hears of."""

    def tell(what: Happening) -> Iterator[Tell]:
        yield from _tell(kind, lead_members(what.visit), what)

    return tell


def on_offer(what: Happening) -> Iterator[Tell]:
    """The host that is asked; where it has nobody who could answer, the coordinators.

    A host that is asked for the lead need not read that it is asked for a part of the same visit too.
    """
    if what.offer is None:
        return
    if not what.is_lesser_offer():
        yield from _tell("offer", members_of([what.offer.host]), what)
    if not has_somebody(what.offer.host):
        yield from _tell("nobody-there", coordinators(), what)


def on_claim(what: Happening) -> Iterator[Tell]:
    """The visitor, and the hosts that were asked for the lead too: they need not answer, and may join."""
    yield from _tell("claimed", visitor_of(what.visit), what)
    yield from _tell("taken", members_of(offer.host for offer in what.closed_offers("lead")), what)


def on_part_refused(what: Happening) -> Iterator[Tell]:
    """The lead host, when another host does not take the part it was asked for."""
    if what.offer is not None and what.offer.part == "part" and what.activity.status_after in PLANNING:
        yield from _tell("part-refused", lead_members(what.visit), what)


def on_release(what: Happening) -> Iterator[Tell]:
    """The coordinators and the visitor; hosts whose offers are open again; co-hosts."""
    for offer in what.reopened_offers():
        yield from _tell("offer", members_of([offer.host]), what, about={"offer": offer.id})
    yield from _tell("released", coordinators(), what)
    yield from _tell("host-released", members_of(receiving_hosts(what.visit)), what)
    yield from _tell("given-back", visitor_of(what.visit), what)


def on_reassign(what: Happening) -> Iterator[Tell]:
    """The new lead host, the former one, the others asked, and the visitor."""
    yield from _tell("assigned", lead_members(what.visit), what)
    former = what.former_lead()
    yield from _tell("reassigned", members_of([former] if former else []), what)
    yield from _tell("taken", members_of(offer.host for offer in what.closed_offers("lead")), what)
    yield from _tell("claimed", visitor_of(what.visit), what)


def on_part(what: Happening) -> Iterator[Tell]:
    """A new stop: the other host that is asked to take it."""
    stop = what.appointment
    if stop is not None and stop.answer == "asked" and not stop.is_cancelled:
        yield from _tell("part-asked", members_of([stop.host]), what)


def on_move(what: Happening) -> Iterator[Tell]:
    """Its host (asked again, or told), whoever has it no more, the lead; the visitor where nothing is proposed anew."""
    stop, changed = what.appointment, what.activity.changes.keys()
    if stop is None:
        return
    stands = not stop.is_cancelled and not what.is_overtaken()  # else something later tells where it is
    if stands and (SHOWN | {"contact"}) & changed:
        yield from _on_new_people(stop, what)
    for former in what.former_contact():
        about = {**what.about, "former_contact": former.user.id if former.user else 0}
        yield from _tell("contact-replaced", [former], what, about=about)
    if stands and SHOWN & changed:
        yield from _on_new_facts(stop, what)


def _on_new_people(stop: Appointment, what: Happening) -> Iterator[Tell]:
    """The host that is asked for it, the new contact person, the host that has it no more."""
    if stop.answer == "asked":
        yield from _tell("part-asked", members_of([stop.host]), what)
    yield from _tell("contact-named", what.new_contact(), what, about={**what.about, "contact": stop.contact_id})
    for former in what.former_hosts():
        yield from _tell("host-replaced", members_of([former]), what, about={**what.about, "former_host": former.id})


def _on_new_facts(stop: Appointment, what: Happening) -> Iterator[Tell]:
    """Whoever receives there and the lead; the visitor, if the stop had been shown and nothing big is asked anew."""
    yield from _tell("host-moved", to_whom_it_is_news(_people_of(stop, what), stop, what.activity), what)
    if not what.is_seen_by_visitor(stop) or what.activity.changes.get("big"):
        return
    waits = what.activity.status_after == Status.PROPOSED  # the visitor is still to accept: look at it once more
    visitor = visitor_of(what.visit)
    if waits:
        yield from _tell("proposed", visitor, what)
    else:
        yield from _tell("moved", to_whom_it_is_news(visitor, stop, what.activity), what)


def on_run_late(what: Happening) -> Iterator[Tell]:
    """At once, one mail each: whoever receives at the moved stops, the lead host, the visitor."""
    moved: list[int] = what.activity.changes.get("moved") or []
    stops = [stop for stop in what.visit.appointments if stop.id in moved and not stop.is_cancelled]
    about: About = {"late": moved, "minutes": what.activity.changes.get("minutes", 0)}
    people = as_recipients(stop.contact for stop in stops if stop.contact) + members_of(stop.host for stop in stops)
    yield from _tell("host-running-late", people + lead_members(what.visit), what, about=about)
    if any(what.is_seen_by_visitor(stop) for stop in stops):
        yield from _tell("running-late", visitor_of(what.visit), what, about=about)


def on_remove(what: Happening) -> Iterator[Tell]:
    """Its host, the lead of others' removals, and the visitor if the stop had been shown."""
    stop = what.appointment
    if stop is None:
        return
    yield from _tell("host-removed", _people_of(stop, what), what)
    if what.is_seen_by_visitor(stop):
        yield from _tell("removed", visitor_of(what.visit), what)


def on_part_declined(what: Happening) -> Iterator[Tell]:
    """The lead host, with the reason; the visitor if the stop had been shown."""
    yield from _tell("part-declined", lead_members(what.visit), what)
    if what.appointment is not None and what.is_seen_by_visitor(what.appointment):
        yield from _tell("removed", visitor_of(what.visit), what)


def on_hold_lapsed(what: Happening) -> Iterator[Tell]:
    """The lead host and the stop's own."""
    stop = what.appointment
    hosts = [what.visit.lead_host, stop.host if stop else None]
    yield from _tell("hold-lapsed", members_of(host for host in hosts if host), what)


def on_accept(what: Happening) -> Iterator[Tell]:
    """Every host that receives, and the visitor, who gets the agreed programme as a receipt."""
    yield from _tell("accepted", members_of(receiving_hosts(what.visit)), what)
    yield from _tell("confirmed", visitor_of(what.visit), what, is_receipt=True)


def on_message(what: Happening) -> Iterator[Tell]:
    """The visitor's words go to those who have the visit, staff's to the visitor, notes to the other hosts."""
    message = what.message
    if message is None:
        return
    if message.user_id is None:
        yield from _tell("host-message", lead_or_coordinators(what.visit), what)
    elif message.kind == "note":
        yield from _tell("host-message", members_of(receiving_hosts(what.visit)), what)
    else:
        yield from _tell("message", visitor_of(what.visit), what)


def on_answer(what: Happening) -> Iterator[Tell]:
    """Whoever asked and the lead host, or the coordinators; hosts whose offers got more time by it."""
    asked = [message.user for message in what.visit.messages if message.kind == "question" and message.user]
    people = as_recipients(asked[-1:]) + lead_members(what.visit)
    yield from _tell("host-message", people or coordinators(), what)
    for offer in what.extended_offers():
        yield from _tell("offer", members_of([offer.host]), what, about={"offer": offer.id})


def on_end(visitor_kind: str, host_kind: str) -> Callable[[Happening], Iterator[Tell]]:
    """The visit is off: the visitor and everybody who had to do with it."""

    def tell(what: Happening) -> Iterator[Tell]:
        if visitor_kind:
            yield from _tell(visitor_kind, visitor_of(what.visit), what)
        if what.activity.status_before != Status.SUBMITTED:
            yield from _tell(host_kind, members_of(what.hosts_before()), what)

    return tell


def on_absorb(what: Happening) -> Iterator[Tell]:
    """The contact and the hosts of the request that was merged away (its own history lies with this visit now)."""
    gone = db.session.scalar(select(Visit).where(Visit.ref == str(what.activity.changes.get("from", ""))))
    if gone is None:
        return
    yield from _tell("merged", visitor_of(gone), what, visit=gone)
    hosts = [gone.lead_host] if gone.lead_host else []
    hosts += [offer.host for offer in gone.offers if offer.answered_at == what.activity.at]
    yield from _tell("host-merged", members_of(hosts), what, visit=gone)


def on_invitation_answer(what: Happening) -> Iterator[Tell]:
    """The lead host, when somebody cannot come or proposes another time; a yes stands on the page."""
    kinds = {"DECLINED": "answer-declined", "COUNTER": "answer-counter"}
    kind = kinds.get(str(what.activity.changes.get("answer", "")))
    about: About = {**what.about, "invitation": what.activity.changes.get("invitation", 0)}
    if kind is not None and what.appointment is not None:
        yield from _tell(kind, lead_members(what.visit), what, about=about)


def on_report(what: Happening) -> Iterator[Tell]:
    """The owners of follow-ups, one mail for each commitment."""
    for follow_up in what.visit.follow_ups:
        if follow_up.owner is not None and follow_up.done_at is None:
            yield from _tell("follow-up", as_recipients([follow_up.owner]), what, about=_commitment(follow_up))


def _commitment(follow_up: FollowUp) -> About:
    return {"follow_up": follow_up.id}


def _people_of(stop: Appointment, what: Happening) -> list[Recipient]:
    """The stop's host and the lead host, without the host whose person did it; its contact person in any case."""
    hosts = [stop.host, *([what.visit.lead_host] if what.visit.lead_host else [])]
    people = members_of(host for host in hosts if host.id != what.activity.host_id)
    contact = [stop.contact] if stop.contact and what.is_seen_by_visitor(stop) else []
    return as_recipients(contact) + people


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
    "return": lambda what: _tell("nobody-left", coordinators(), what),
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
    "report": on_report,
    "decline": on_end("declined", "host-withdrawn"),
    "withdraw": on_end("", "host-withdrawn"),
    "cancel": on_end("cancelled", "host-cancelled"),
    "absorb": on_absorb,
    "reopen": _visitor("reopened"),
}
# Nobody is told by mail: nothing to do for anybody, or a reminder follows on its own day.
SILENT = frozenset(
    {
        "expire", "complete", "edit-delegates", "correct-goals", "mark-no-show", "merge", "keep-contact",
        "look-at-contact-again",
    }
)  # fmt: skip
