"""Somebody who receives falls out, for good or for a day: which stops fall, who could take them, what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from app.core.errors import Invalid
from app.core.time import now, venue_date
from app.extensions import db
from app.people.actors import Actor
from app.people.models import Absence, Host, User
from app.planning.scene import Busy
from app.visits.arranging import as_planned, move_appointment
from app.visits.availability import imported_between
from app.visits.caps import ask_why, is_taken
from app.visits.locks import take_turns
from app.visits.models import Offer, Visit
from app.visits.offering import decline_offer
from app.visits.programme_models import Appointment
from app.visits.programming import remove_appointment
from app.visits.statuses import Status


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who falls out: a host, or one person; on one day only, or (None) altogether."""

    host: Host | None = None
    person: User | None = None
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is done about one stop: removed, or given to another person, or to another host that is asked."""

    stop: Appointment
    person: User | None = None
    host: Host | None = None


@dataclass(frozen=True, slots=True)
class Fallout:
    """What falls and what follows. `part` is the host's joined offer, which ends too when it leaves altogether."""

    stops: list[Appointment]
    visitor_knows: list[Appointment]  # stops the visitor was shown
    hosts_told: list[Host]
    is_lead: bool
    part: Offer | None


def fallout_of(visit: Visit, leaving: Leaving) -> Fallout:
    """Look it up; nothing is written."""
    stops = [stop for stop in visit.appointments if _falls(stop, leaving)]
    shown = visit.status != Status.CLAIMED or any(stop.agreed for stop in stops)
    hosts = {stop.host_id: stop.host for stop in stops}
    if visit.lead_host is not None and stops:
        hosts.setdefault(visit.lead_host.id, visit.lead_host)
    whole = leaving.host is not None and leaving.on is None
    joined = [one for one in visit.offers if whole and leaving.host and one.host_id == leaving.host.id]
    return Fallout(
        stops=stops,
        visitor_knows=[stop for stop in stops if shown and stop.status != "hold"],
        hosts_told=list(hosts.values()),
        is_lead=leaving.host is not None and visit.lead_host_id == leaving.host.id,
        part=next((one for one in joined if one.status == "joined"), None),
    )


def free_people(stop: Appointment, *, besides: User | None = None) -> list[User]:
    """Others of the stop's host who are there and have nothing else at that time, nor in a calendar of their own."""
    busy = {user.id for user, _busy in busy_people(stop, besides=besides)}
    return [user for user in _present(stop, besides) if user.id not in busy]


def busy_people(stop: Appointment, *, besides: User | None = None) -> list[tuple[User, Busy]]:
    """Others of the stop's host who could come, but for a time in their own calendar: who, and the first such time."""
    found: dict[User, Busy] = {}
    for owner, busy in imported_between(_present(stop, besides), [], stop.starts_at, stop.ends_at):
        if isinstance(owner, User):
            found.setdefault(owner, busy)
    return list(found.items())


def _present(stop: Appointment, besides: User | None) -> list[User]:
    """Others of the stop's host who are there and have no other stop at that time."""
    day = venue_date(stop.starts_at)
    members = [user for user in stop.host.members if besides is None or user.id != besides.id]
    ids = [user.id for user in members if user.id != stop.contact_id]
    taken = select(Appointment.contact_id).where(
        Appointment.contact_id.in_(ids),
        Appointment.status != "cancelled",
        Appointment.starts_at < stop.ends_at,
        Appointment.ends_at > stop.starts_at,
    )
    away = select(Absence.user_id).where(Absence.user_id.in_(ids), Absence.starts_on <= day, Absence.ends_on >= day)
    busy = {*db.session.scalars(taken), *db.session.scalars(away)}
    return [user for user in members if user.id in ids and user.id not in busy]


def carry_out(
    visit: Visit,
    leaving: Leaving,
    remedies: Sequence[Remedy],
    *,
    reason: str,
    why_busy: str = "",
    by: Actor,
    at: datetime | None = None,
) -> None:
    """Do all of it or nothing: stops removed or handed over, and the host's part of the visit given back.

    Raises Invalid without a reason, or when what falls has changed since it was looked up; Overlap for a person who was
    taken meanwhile. `why_busy` says why a time is used that somebody's own calendar says is taken: why another one
    falls out is no reason for that, so Invalid without it. Each stop's people, the lead host and the visitor are told
    as for any such change.
    """
    at = at or now()
    if not reason.strip():
        raise Invalid("required", "reason")
    take_turns(visit)
    found = fallout_of(visit, leaving)
    if {remedy.stop.id for remedy in remedies} != {stop.id for stop in found.stops}:
        raise Invalid("changed", "stops")
    for remedy in remedies:
        _mend(remedy, reason=reason, why_busy=why_busy.strip(), by=by, at=at)
    if found.part is not None and leaving.host is not None:
        decline_offer(visit, leaving.host, part=found.part.part, reason="other", text=reason, by=by, at=at)


def _mend(remedy: Remedy, *, reason: str, why_busy: str, by: Actor, at: datetime) -> None:
    stop = remedy.stop
    if remedy.person is not None:
        plan = replace(as_planned(stop), contact=remedy.person)
    elif remedy.host is not None:
        plan = replace(as_planned(stop), host=remedy.host, contact=None)
    else:
        remove_appointment(stop, by=by, reason=reason, at=at)
        return
    ask_why(plan, why_busy, before=as_planned(stop))
    reasons = [reason, why_busy] if why_busy and is_taken(plan) else [reason]
    move_appointment(stop, plan, by=by, reason="\n".join(reasons), at=at)


def _falls(stop: Appointment, leaving: Leaving) -> bool:
    if stop.is_cancelled or (leaving.on is not None and venue_date(stop.starts_at) != leaving.on):
        return False
    if leaving.host is not None:
        return stop.host_id == leaving.host.id
    return leaving.person is not None and stop.contact_id == leaving.person.id
