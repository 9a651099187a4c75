"""Who led earlier visits of the same organisation, also where it writes under a name with other words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, or_, select

from app.extensions import db
from app.people.models import Host
from app.routing.place_names import municipal_words
from app.routing.same_people import own_domain
from app.strategy.models import Counterpart
from app.visits.counterparts import name_key, telling_words
from app.visits.models import Visit
from app.visits.statuses import EXITS, Status


class _Led(NamedTuple):
    """An earlier visit that a host led."""

    visit: int
    counterpart: int | None
    organisation: str
    country: str
    address: str
    at: datetime
    host: str


def earlier_hosts_of(visits: Sequence[Visit]) -> dict[int, tuple[str, ...]]:
    """Per visit's id the hosts that led its organisation's earlier visits, the latest first.

    The same organisation is the same counterpart; one of its country whose name has the same words in another order;
    or one that writes from the same mail domain of its own and has the same name but for words such as "city of".
    """
    wanted = [visit for visit in visits if visit.counterpart_id is not None]
    same = _same_words(wanted)
    led = _led(wanted, same)
    found: dict[int, tuple[str, ...]] = {visit.id: () for visit in visits}
    for visit in wanted:
        earlier = (one for one in led if one.visit != visit.id and one.at <= visit.submitted_at)
        mine = same[visit.counterpart_id or 0]
        hosts = (one.host for one in earlier if one.counterpart in mine or _same_sender(visit, one))
        found[visit.id] = tuple(dict.fromkeys(hosts))
    return found


def _same_words(visits: Sequence[Visit]) -> Mapping[int, set[int]]:
    """Per counterpart's id the ids of those of its country with the same words in their names, its own among them."""
    found = {one: {one} for visit in visits if (one := visit.counterpart_id) is not None}
    names = select(Counterpart.id, Counterpart.country, Counterpart.name_key).where(
        Counterpart.country.in_(select(Counterpart.country).where(Counterpart.id.in_(found))),
        or_(Counterpart.merged_into_id.is_(None), Counterpart.id.in_(found)),
    )
    alike: dict[tuple[str, tuple[str, ...]], set[int]] = defaultdict(set)
    rows = db.session.execute(names).all() if found else []
    keys = {number: (country, tuple(telling_words(name))) for number, country, name in rows}
    for number, key in keys.items():
        alike[key].add(number)
    for number, mine in found.items():
        if keys[number][1]:
            mine |= alike[keys[number]]
    return found


def _led(visits: Sequence[Visit], same: Mapping[int, set[int]]) -> list[_Led]:
    """Visits with a lead host of these organisations or from their mail domains, the latest first."""
    if not visits:
        return []
    domains = {own_domain(visit.contact_email) for visit in visits} - {""}
    from_there = [func.lower(Visit.contact_email).endswith(f"@{one}", autoescape=True) for one in sorted(domains)]
    columns = (Visit.id, Visit.counterpart_id, Visit.organisation, Visit.country, Visit.contact_email)
    query = (
        select(*columns, Visit.submitted_at, Host.slug)
        .join(Host, Visit.lead_host_id == Host.id)
        .where(or_(Visit.counterpart_id.in_(set().union(*same.values())), *from_there))
        .where(Visit.status.not_in((*EXITS, Status.SUBMITTED)))
        .order_by(Visit.submitted_at.desc(), Visit.id.desc())
    )
    return [_Led(*row) for row in db.session.execute(query)]


def _same_sender(visit: Visit, led: _Led) -> bool:
    """Whether both write from one domain of their own, by the same name but for what they call a municipality."""
    domain = own_domain(visit.contact_email)
    if not domain or domain != own_domain(led.address) or visit.country != led.country:
        return False
    mine, theirs = _own_words(visit.organisation), _own_words(led.organisation)
    return bool(mine) and mine == theirs


def _own_words(organisation: str) -> set[str]:
    return set(telling_words(name_key(organisation))) - municipal_words()
