"""Whom to ask for the lead next: one host where routing is sure, up to three at once where it is not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.people.models import Host
from app.strategy.settings import CityRules, city_rules
from app.visits.models import Visit

RANKED_ASKED = 5  # beyond these a coordinator thinks of somebody
NEAR = 0.5  # of the wave's best score: a host further off is not asked beside it, but may be in a later wave

Asking = tuple[Host, float, list[dict[str, Any]]]  # host, score, reasons


def next_wave_hosts(visit: Visit) -> list[Asking]:
    """Hosts to ask for the lead now, best first, none of them asked before.

    A host that somebody named while saying no goes before the ranked ones, and is asked alone.
    """
    asked = {offer.host.slug for offer in visit.offers if offer.part == "lead"}
    named = [offer.better_host.slug for offer in visit.offers if offer.part == "lead" and offer.better_host is not None]
    ranked = {one["slug"]: one for one in visit.routing.get("ranked", [])[:RANKED_ASKED]}
    hosts = _living([*named, *ranked])
    if better := [slug for slug in dict.fromkeys(named) if slug in hosts and slug not in asked]:
        return [_asking(hosts[slug], ranked.get(slug, {})) for slug in better]
    left = [one for slug, one in ranked.items() if slug in hosts and slug not in asked]
    near = [one for one in left if one["score"] >= NEAR * left[0]["score"]]
    return [_asking(hosts[one["slug"]], one) for one in near[: wave_size(visit, city_rules())]]


def wave_size(visit: Visit, rules: CityRules) -> int:
    """How many hosts are asked for the lead at once."""
    return max(1, rules.offer_hosts_sure if visit.routing.get("sure") else rules.offer_hosts_unsure)


def wave_number(visit: Visit) -> int:
    """The number of the wave that goes out next, from 1."""
    return 1 + max((offer.wave for offer in visit.offers), default=0)


def _living(slugs: Iterable[str]) -> dict[str, Host]:
    rows = db.session.scalars(select(Host).where(Host.slug.in_(set(slugs)), Host.retired_at.is_(None)))
    return {host.slug: host for host in rows}


def _asking(host: Host, ranked: dict[str, Any]) -> Asking:
    return host, float(ranked.get("score", 0.0)), list(ranked.get("reasons", []))
