"""What routing suggests for a visit, as rows: hosts still to be asked, and a reason to decline where it sees one."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
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
from app.visits.statuses import Status
from app.visits.waiting import hosts_with_people
from app.visits.waves import CLOSED, Ranked, cannot, fit_first, ranked_now

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


def is_undecided(visit: Visit) -> bool:
    """Whether a host may still be asked for the lead: routing's ranking of today says whom."""
    return visit.status in (Status.RECEIVED, Status.OFFERED)


def ranked_hosts(
    visit: Visit, hosts: Mapping[str, Host], ranked: Sequence[Ranked] | None = None
) -> list[SuggestedHost]:
    """The hosts that routing ranks highest, best first, at most five: by today's ranking where it is given."""
    parts = dict.fromkeys(visit.routing.get("co_hosts", []), "part")
    lead = _best_first(visit, ranked)[0] if ranked else visit.routing.get("lead")
    found = []
    for one in (visit.routing.get("ranked", []) if ranked is None else ranked)[:RANKED_SHOWN]:
        if one["slug"] in hosts:
            part = "lead" if one["slug"] == lead else parts.get(one["slug"], "")
            found.append(_suggested(visit, hosts[one["slug"]], part, one))
    return found


def to_be_asked(
    visit: Visit, hosts: Mapping[str, Host], manned: Container[int], ranked: Sequence[Ranked] | None = None
) -> list[SuggestedHost]:
    """Who one click asks: the best host of today for the lead and the co-hosts, as far as not asked yet.

    `manned` holds the ids of hosts where somebody can answer: they come first for the lead, and an open question to
    any other host does not count as one. `ranked` is what ranked_now says, where it is known already. Nobody is asked
    for the lead and for a part, nor for a part who cannot receive on any wished day.
    """
    if not is_undecided(visit):
        return []
    if ranked is None:
        ranked = ranked_now(visit)
    by_slug = {one["slug"]: one for one in ranked}
    asked = {(one.host.slug, one.part) for one in visit.offers if one.status != CLOSED}
    lead = _next_lead(visit, hosts, manned, _best_first(visit, ranked))
    leading = {one.host.slug for one in visit.offers if one.part == "lead" and one.status in LIVE} | {lead}
    unranked = {"score": 0.0, "reasons": []}
    wanted = [] if lead is None else [(lead, "lead")]
    wanted += [
        (slug, "part")
        for slug in visit.routing.get("co_hosts", [])
        if slug not in leading and not cannot(by_slug.get(slug, unranked))
    ]
    return [
        _suggested(visit, hosts[slug], part, by_slug.get(slug, unranked))
        for slug, part in wanted
        if slug in hosts and (slug, part) not in asked
    ]


def _best_first(visit: Visit, ranked: Sequence[Ranked]) -> list[str]:
    """Today's order, those who cannot receive behind those fit; before it a lead that routing named without ranking."""
    slugs = [one["slug"] for one in fit_first(ranked)]
    lead = visit.routing.get("lead")
    return slugs if lead is None or lead in slugs else [lead, *slugs]


def _next_lead(visit: Visit, hosts: Mapping[str, Host], manned: Container[int], best: list[str]) -> str | None:
    live = [one for one in visit.offers if one.part == "lead" and one.status in LIVE]
    if any(one.host_id in manned for one in live):
        return None
    asked = {one.host.slug for one in visit.offers if one.part == "lead" and one.status != CLOSED}
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
