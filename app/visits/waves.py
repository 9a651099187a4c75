"""Whom to ask for the lead next: one host where routing is sure, up to three at once where it is not.

Every wave is decided by who can receive on the day it goes out, whatever was so when the request came.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.people.models import Host
from app.routing.anew import weigh_anew
from app.routing.availability import SERIOUS
from app.strategy.settings import CityRules, city_rules
from app.visits.models import Visit
from app.visits.reading import current_hosts, enquiry_of, holiday_calendar

RANKED_ASKED = 5  # beyond these a coordinator thinks of somebody
NEAR = 0.5  # of the wave's best score: a host further off is not asked beside it, but may be in a later wave

Ranked = dict[str, Any]  # as a stored proposal has it: slug, score, reasons
Asking = tuple[Host, float, list[dict[str, Any]]]  # host, score, reasons


@dataclass(frozen=True, slots=True)
class Wave:
    """The hosts to ask for the lead now, best first, and those that would be asked if they could receive."""

    asked: list[Asking] = field(default_factory=list)
    passed_over: list[Ranked] = field(default_factory=list)


def next_wave_of(visit: Visit) -> Wave:
    """Hosts to ask for the lead now, none of them asked before.

    A host that somebody named while saying no goes before the ranked ones, and is asked alone. After the first wave,
    whose hosts are ranked this very moment, hosts that cannot receive on any wished day are passed over.
    """
    asked = {offer.host.slug for offer in visit.offers if offer.part == "lead"}
    named = [offer.better_host.slug for offer in visit.offers if offer.part == "lead" and offer.better_host is not None]
    stored = list(visit.routing.get("ranked", []))
    ranked = ranked_now(visit, named) if visit.offers else stored
    by_slug = {one["slug"]: one for one in ranked}
    hosts = _living(by_slug)
    if better := [slug for slug in dict.fromkeys(named) if slug in hosts and slug not in asked]:
        return Wave([_asking(hosts[slug], by_slug[slug]) for slug in better])
    left = [one for one in ranked[:RANKED_ASKED] if one["slug"] in hosts and one["slug"] not in asked]
    able = [one for one in left if not visit.offers or not cannot(one)]
    near = [one for one in able if one["score"] >= NEAR * able[0]["score"]]
    wave = [_asking(hosts[one["slug"]], one) for one in near[: wave_size(visit, city_rules())]]
    best = {one["slug"] for one in stored[:RANKED_ASKED]} & hosts.keys() - asked
    in_the_way = [one for one in ranked if one["slug"] in best or one in left]
    return Wave(wave, [one for one in in_the_way if visit.offers and cannot(one)])


def ranked_now(visit: Visit, others: Iterable[str] = ()) -> list[Ranked]:
    """The visit's ranked hosts by who can receive now, with the reasons; `others` come last, known by that alone."""
    stored = list(visit.routing.get("ranked", []))
    known = {one["slug"] for one in stored}
    stored += [{"slug": slug, "score": 0.0, "reasons": []} for slug in dict.fromkeys(others) if slug not in known]
    hosts = current_hosts(besides=visit)
    return [asdict(one) for one in weigh_anew(stored, enquiry_of(visit), hosts, holiday_calendar=holiday_calendar())]


def cannot(ranked: Ranked) -> bool:
    """Whether the host is away, quiet or full on every wished day."""
    return any(reason["code"] in SERIOUS for reason in ranked["reasons"])


def wave_size(visit: Visit, rules: CityRules) -> int:
    """How many hosts are asked for the lead at once."""
    return max(1, rules.offer_hosts_sure if visit.routing.get("sure") else rules.offer_hosts_unsure)


def wave_number(visit: Visit) -> int:
    """The number of the wave that goes out next, from 1."""
    return 1 + max((offer.wave for offer in visit.offers), default=0)


def _living(slugs: Iterable[str]) -> dict[str, Host]:
    rows = db.session.scalars(select(Host).where(Host.slug.in_(set(slugs)), Host.retired_at.is_(None)))
    return {host.slug: host for host in rows}


def _asking(host: Host, ranked: Ranked) -> Asking:
    return host, float(ranked.get("score", 0.0)), list(ranked.get("reasons", []))
