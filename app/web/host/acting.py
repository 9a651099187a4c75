"""Who acts, and as which host: a person may belong to several."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from flask import request
from flask_login import current_user

from app.core.errors import IllegalMove, Invalid, NotAllowed
from app.people.actors import Actor, by_user
from app.people.backups import hosts_of
from app.people.models import Host, User
from app.visits.models import Visit
from app.visits.queries import get_visit
from app.visits.rules import host_ids, may
from app.visits.statuses import is_legal


def reader() -> User:
    """The signed-in person."""
    return cast(User, current_user._get_current_object())


def visit_for(ref: str, verb: str) -> Visit:
    """The visit, when the reader may carry out the verb on it now; raises NotFound, IllegalMove or NotAllowed."""
    visit = get_visit(ref, reader())
    check(visit, verb)
    return visit


def check(visit: Visit, verb: str) -> None:
    """Raise IllegalMove when the verb does not fit the status, NotAllowed when it is not the reader's."""
    if not is_legal(verb, visit.status):
        raise IllegalMove(verb, visit.status)
    if not may(reader(), verb, visit):
        raise NotAllowed(verb)


def acting(visit: Visit) -> Actor:
    """The reader as the nearest host of the visit: lead, joined, with an appointment, asked; or as nobody's."""
    return by_user(reader(), own_host(visit))


def acting_for(visit: Visit, host: Host) -> Actor:
    """The reader speaking for that host where they are a member of it, otherwise as `acting`."""
    user = reader()
    return by_user(user, host) if host.id in host_ids(user) else acting(visit)


def own_host(visit: Visit) -> Host | None:
    """The reader's host that is nearest to the visit, or None."""
    mine = {host.id: host for host in hosts_of(reader())}
    near = [visit.lead_host_id]
    near += [offer.host_id for offer in visit.offers if offer.status == "joined"]
    near += [appointment.host_id for appointment in visit.appointments if not appointment.is_cancelled]
    near += [offer.host_id for offer in visit.offers]
    return next((mine[host_id] for host_id in near if host_id in mine), None)


def chosen_host(candidates: Iterable[Host]) -> Host:
    """The host that the form names, or the only one there is; raises Invalid for any other."""
    known = {host.slug: host for host in candidates}
    slug = request.form.get("host", "")
    if not slug and len(known) == 1:
        return next(iter(known.values()))
    if slug not in known:
        raise Invalid("choice", "host")
    return known[slug]
