"""What routing suggests for a visit, as rows: hosts still to be asked, and a reason to decline where it sees one."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.core.time import now
from app.extensions import db
from app.people.actors import Actor
from app.people.models import Host
from app.visits.models import Offer, Visit
from app.visits.offering import LIVE, offer
from app.visits.waiting import hosts_with_people

# Which reason for declining a flag speaks for; the first flag of the visit that is found here is suggested.
DECLINE_FOR = {
    "not-a-delegation": "leisure",
    "commercial": "commercial",
    "wrong-city": "wrong-city",
    "invitation-letter": "invitation-letter",
    "past-date": "dates",
    "unclear-purpose": "no-purpose",
    "large-group": "too-large",
    "short-notice": "too-late",
}
RANKED_SHOWN = 5
CLOSED = "closed"  # not the host's answer: the visit had left the table, and the host may be asked again


@dataclass(frozen=True, slots=True)
class SuggestedHost:
    """A host that routing would ask: as lead or with a part, why, and what it was asked already."""

    host: Host
    part: str
    score: float
    reasons: list[dict[str, Any]]
    offer: Offer | None = None


def hosts_by_slug() -> dict[str, Host]:
    """Every host that is not retired."""
    return {host.slug: host for host in db.session.scalars(select(Host).where(Host.retired_at.is_(None)))}


def ranked_hosts(visit: Visit, hosts: Mapping[str, Host]) -> list[SuggestedHost]:
    """The hosts that routing ranked highest, best first, at most five."""
    parts = dict.fromkeys(visit.routing.get("co_hosts", []), "part")
    found = []
    for one in visit.routing.get("ranked", [])[:RANKED_SHOWN]:
        if one["slug"] in hosts:
            part = parts.get(one["slug"], "lead" if one["slug"] == visit.routing.get("lead") else "")
            found.append(_suggested(visit, hosts[one["slug"]], part, one))
    return found


def to_be_asked(visit: Visit, hosts: Mapping[str, Host], manned: Container[int]) -> list[SuggestedHost]:
    """Who one click asks: the suggested lead (or the best ranked host) and the co-hosts, as far as not asked yet.

    `manned` holds the ids of hosts where somebody can answer: they come first for the lead, and an open question to
    any other host does not count as one.
    """
    if visit.status not in ("received", "offered"):
        return []
    ranked = {one["slug"]: one for one in visit.routing.get("ranked", [])}
    asked = {(one.host.slug, one.part) for one in visit.offers if one.status != CLOSED}
    lead = _next_lead(visit, hosts, manned)
    wanted = [] if lead is None else [(lead, "lead")]
    wanted += [(slug, "part") for slug in visit.routing.get("co_hosts", []) if slug != lead]
    unranked = {"score": 0.0, "reasons": []}
    return [
        _suggested(visit, hosts[slug], part, ranked.get(slug, unranked))
        for slug, part in wanted
        if slug in hosts and (slug, part) not in asked
    ]


def _next_lead(visit: Visit, hosts: Mapping[str, Host], manned: Container[int]) -> str | None:
    live = [one for one in visit.offers if one.part == "lead" and one.status in LIVE]
    if any(one.host_id in manned for one in live):
        return None
    asked = {one.host.slug for one in visit.offers if one.part == "lead" and one.status != CLOSED}
    best = dict.fromkeys([visit.routing.get("lead"), *(one["slug"] for one in visit.routing.get("ranked", []))])
    left = [slug for slug in best if slug in hosts and slug not in asked]
    with_people = [slug for slug in left if hosts[slug].id in manned]
    return next(iter(with_people), None if live else next(iter(left), None))


def offer_suggested(visit: Visit, *, by: Actor, at: datetime | None = None) -> list[Offer]:
    """Offer the visit to everybody that routing suggests and nobody has asked; none when there is nobody left."""
    at = at or now()
    wanted = to_be_asked(visit, hosts_by_slug(), hosts_with_people())
    return [
        offer(visit, one.host, part=one.part, score=one.score, reasons=one.reasons, suggested=True, by=by, at=at)
        for one in wanted
    ]


def suggested_decline(visit: Visit) -> str:
    """The code of a reason to decline that the visit's flags speak for, or an empty text."""
    return next((DECLINE_FOR[flag] for flag in visit.flags if flag in DECLINE_FOR), "")


def _suggested(visit: Visit, host: Host, part: str, ranked: Mapping[str, Any]) -> SuggestedHost:
    made = next((one for one in visit.offers if one.host_id == host.id), None)
    return SuggestedHost(host, part, ranked["score"], ranked["reasons"], made)
