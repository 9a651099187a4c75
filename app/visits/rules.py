"""Who may do what with a visit: small named predicates, used by views and templates alike.

What is legal in the present status is statuses.py's; a button shows where both agree.
"""

from __future__ import annotations

from datetime import datetime

from app.core.time import now
from app.people.backups import hosts_of
from app.people.models import Host, User
from app.visits.models import Offer, Visit
from app.visits.programme_models import Appointment, FollowUp
from app.visits.statuses import PLANNING, Status, is_legal


def host_ids(user: User) -> set[int]:
    """The ids of the hosts the user acts for today: as a member, or standing in while the host is away."""
    return {host.id for host in hosts_of(user)}


def is_lead(user: User, visit: Visit) -> bool:
    """Whether the user belongs to the lead host."""
    return visit.lead_host_id is not None and visit.lead_host_id in host_ids(user)


def is_co_host(user: User, visit: Visit) -> bool:
    """Whether one of the user's hosts has joined or has an appointment that takes place."""
    mine = host_ids(user)
    joined = any(offer.status == "joined" and offer.host_id in mine for offer in visit.offers)
    return joined or any(a.host_id in mine and not a.is_cancelled for a in visit.appointments)


def was_asked(user: User, visit: Visit) -> bool:
    """Whether the visit was ever offered to one of the user's hosts."""
    mine = host_ids(user)
    return any(offer.host_id in mine for offer in visit.offers)


def may_see_visit(user: User, visit: Visit) -> bool:
    """Coordinators see every visit, others those offered to, led by or shared with their hosts."""
    if not user.is_active:
        return False
    return user.is_coordinator or is_lead(user, visit) or is_co_host(user, visit) or was_asked(user, visit)


def sees_without_stops(user: User, visit: Visit) -> bool:
    """Whether they would see the visit also if no stop of it were theirs."""
    return may_see_visit(user, visit) and (user.is_coordinator or is_lead(user, visit) or was_asked(user, visit))


def attends(user: User, stop: Appointment) -> bool:
    """Whether this is the contact person of a stop that takes place, and may still see it."""
    if stop.is_cancelled or stop.contact_id != user.id or not user.is_active:
        return False
    return stop.host in user.hosts or may_see_visit(user, stop.visit)


def may_see_contact(user: User, visit: Visit) -> bool:
    """The visitor's address and telephone: coordinators and those who receive the visit."""
    return user.is_coordinator or is_lead(user, visit) or is_co_host(user, visit)


def may_see_delegates(user: User, visit: Visit) -> bool:
    """Names and needs of delegates: coordinators and those who receive the visit."""
    return may_see_contact(user, visit)


def open_offers_for(user: User, visit: Visit) -> list[Offer]:
    """Offers of this visit that the user's hosts have still to answer."""
    mine = host_ids(user)
    return [offer for offer in visit.offers if offer.host_id in mine and offer.status == "open"]


def may_claim(user: User, visit: Visit) -> bool:
    """A member of a host with an open lead offer."""
    lead = [offer for offer in open_offers_for(user, visit) if offer.part == "lead"]
    return bool(lead) and is_legal("claim", visit.status)


def hosts_to_join_as(user: User, visit: Visit) -> list[Host]:
    """The user's hosts that could join with a part now: asked and open, or after losing the claim."""
    if not is_legal("join", visit.status):
        return []
    found = {
        offer.host_id: offer.host
        for offer in visit.offers
        if (offer.status == "open" and offer.part == "part")
        or (offer.status == "closed" and visit.status in PLANNING and offer.host_id != visit.lead_host_id)
    }
    joined = {offer.host_id for offer in visit.offers if offer.status == "joined"}
    mine = host_ids(user)
    return [host for host_id, host in found.items() if host_id in mine and host_id not in joined]


def may_lead(user: User, visit: Visit) -> bool:
    """What the lead host may do, a coordinator may too (with a reason where the verb asks one)."""
    return is_lead(user, visit) or user.is_coordinator


def may_plan(user: User, visit: Visit) -> bool:
    """Add appointments: the lead host for every host, a co-host for its own part, a coordinator."""
    return is_legal("add-appointment", visit.status) and (may_lead(user, visit) or is_co_host(user, visit))


def may_edit_appointment(user: User, appointment: Appointment) -> bool:
    """Move or remove: the lead host, the appointment's own host, a coordinator."""
    visit = appointment.visit
    if appointment.is_cancelled or not is_legal("move-appointment", visit.status):
        return False
    return may_lead(user, visit) or appointment.host_id in host_ids(user)


def may_answer_part(user: User, appointment: Appointment) -> bool:
    """Accept or decline an asked part: members of the appointment's host."""
    asked = appointment.answer == "asked" and not appointment.is_cancelled
    return asked and appointment.host_id in host_ids(user) and is_legal("accept-part", appointment.visit.status)


def may_finish_follow_up(user: User, follow_up: FollowUp) -> bool:
    """Say that it was done: its owner, the lead host, a coordinator."""
    return follow_up.owner_id == user.id or may_lead(user, follow_up.visit)


def may(user: User, verb: str, visit: Visit) -> bool:
    """Whether a button for the verb belongs on the page: legal now, and this person's to press."""
    if not is_legal(verb, visit.status):
        return False
    if verb in COORDINATOR_VERBS:
        return user.is_coordinator
    if verb == "complete" and not is_left_open(visit, at=now()):
        return False
    if verb in LEAD_VERBS:
        return may_lead(user, visit)
    if verb in TAKING_PART_VERBS:
        return may_lead(user, visit) or is_co_host(user, visit) or (verb in ASKED_VERBS and was_asked(user, visit))
    return False


COORDINATOR_VERBS = frozenset({"offer", "invite", "reassign", "decline", "merge", "reopen"})
LEAD_VERBS = frozenset(
    {"release", "propose", "complete", "report", "cancel", "mark-no-show", "ask-visitor", "correct-goals"}
)
TAKING_PART_VERBS = frozenset({"write", "add-appointment", "move-appointment", "remove-appointment"})
ASKED_VERBS = frozenset({"write"})


def is_left_open(visit: Visit, *, at: datetime) -> bool:
    """Whether all its days have passed without the visitor's yes to the programme as it stood last."""
    live = [stop for stop in visit.appointments if not stop.is_cancelled]
    is_open = visit.status in (Status.CLAIMED, Status.PROPOSED)
    return is_open and bool(live) and all(stop.ends_at <= at for stop in live)


def has_ended(visit: Visit) -> bool:
    """Whether nothing more is expected of anybody."""
    return not any(
        is_legal(verb, visit.status) for verb in ("claim", "propose", "accept", "complete", "report", "offer")
    )


def is_received(visit: Visit) -> bool:
    """Whether the request counts: its address was confirmed or a coordinator wrote it down."""
    return visit.status not in (Status.SUBMITTED, Status.EXPIRED)
