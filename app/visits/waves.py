"""Whom to ask for the lead next: one host where routing is sure, up to three at once where it is not.

Every wave is decided by who can receive on the day it goes out, whatever was so when the request came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.people.models import Host
from app.routing import Enquiry, HostProfile
from app.routing.anew import subject_score, weigh_anew
from app.routing.availability import SERIOUS
from app.strategy.settings import CityRules, city_rules
from app.visits.earlier_hosts import earlier_hosts_of
from app.visits.models import Visit
from app.visits.reading import current_hosts, current_hosts_for, enquiry_of, holiday_calendar

RANKED_ASKED = 5  # beyond these a coordinator thinks of somebody
CLOSED = "closed"  # not the host's answer: another was faster, or the visit had left the table
FIT = 0.2  # of what the best one left has by the subject alone: with less a host is not asked because the others cannot
NEAR = 0.5  # of the wave's best score: a host further off is not asked beside it, but may be in a later wave

Ranked = dict[str, Any]  # as a stored proposal has it: slug, score, reasons
Asking = tuple[Host, float, list[dict[str, Any]]]  # host, score, reasons


@dataclass(frozen=True, slots=True)
class Wave:
    """The hosts to ask for the lead now, best first, and those that would be asked if they could receive."""

    asked: list[Asking] = field(default_factory=list)
    passed_over: list[Ranked] = field(default_factory=list)


def next_wave_of(visit: Visit) -> Wave:
    """Hosts to ask for the lead now: none that said no or let its time pass.

    A host that somebody named while saying no goes before the ranked ones, and is asked alone. Hosts that cannot
    receive on any wished day are passed over; nobody far less fit is asked in their place.
    """
    spent = {offer.host.slug for offer in visit.offers if offer.part == "lead" and offer.status != CLOSED}
    named = [offer.better_host.slug for offer in visit.offers if offer.part == "lead" and offer.better_host is not None]
    ranked = ranked_now(visit, named) if visit.offers else list(visit.routing.get("ranked", []))
    by_slug = {one["slug"]: one for one in ranked}
    hosts = _living(by_slug)
    if better := [slug for slug in dict.fromkeys(named) if slug in hosts and slug not in spent]:
        return Wave([_asking(hosts[slug], by_slug[slug]) for slug in better])
    best = _best_by_subject(visit) | {one["slug"] for one in ranked[:RANKED_ASKED]}
    left = [one for one in ranked if one["slug"] in best & hosts.keys() - spent]
    near = _near(left)
    wave = [_asking(hosts[one["slug"]], one) for one in near[: wave_size(visit, city_rules())]]
    return Wave(wave, [one for one in left if cannot(one) and _would_be_asked(one, near)])


def _best_by_subject(visit: Visit) -> set[str]:
    """The hosts that the text alone put first: whoever cannot receive has not become less fit."""
    stored = sorted(visit.routing.get("ranked", []), key=lambda one: (-subject_score(one), one["slug"]))
    return {one["slug"] for one in stored[:RANKED_ASKED]}


def _near(left: list[Ranked]) -> list[Ranked]:
    """Of those left the ones that can receive, near the best of them, and none far behind whom cannot."""
    able = [one for one in left[:RANKED_ASKED] if not cannot(one)]
    if not able or subject_score(able[0]) < FIT * max(map(subject_score, left)):
        return []
    return [one for one in able if one["score"] >= NEAR * able[0]["score"]]


def _would_be_asked(one: Ranked, asked: list[Ranked]) -> bool:
    """Whether its subject alone would have brought it into the wave, or before it."""
    return not asked or subject_score(one) >= NEAR * subject_score(asked[0])


def ranked_now(visit: Visit, others: Iterable[str] = ()) -> list[Ranked]:
    """The visit's ranked hosts by who can receive now, with the reasons; `others` come last, known by that alone."""
    stored = list(visit.routing.get("ranked", []))
    known = {one["slug"] for one in stored}
    stored += [{"slug": slug, "score": 0.0, "reasons": []} for slug in dict.fromkeys(others) if slug not in known]
    return _weighed(stored, enquiry_of(visit), current_hosts(besides=visit))


def rankings_now(visits: Sequence[Visit]) -> dict[int, list[Ranked]]:
    """The same per visit's id, for visits that nobody leads, however many of them in one set of queries."""
    if not visits:
        return {}
    hosts, earlier = current_hosts_for(visits), earlier_hosts_of(visits)
    return {
        visit.id: _weighed(
            visit.routing.get("ranked", []), enquiry_of(visit, earlier_hosts=earlier[visit.id]), hosts[visit.id]
        )
        for visit in visits
    }


def _weighed(stored: Iterable[Ranked], enquiry: Enquiry, hosts: Iterable[HostProfile]) -> list[Ranked]:
    ranked = weigh_anew(stored, enquiry, hosts, holiday_calendar=holiday_calendar())
    return [{**asdict(one), "reasons": [asdict(reason) for reason in one.reasons]} for one in ranked]


def cannot(ranked: Ranked) -> bool:
    """Whether the host is away, quiet or full on every wished day."""
    return any(reason["code"] in SERIOUS for reason in ranked["reasons"])


def fit_first(ranked: Sequence[Ranked]) -> list[Ranked]:
    """In the same order, but those behind who cannot receive, or whose subject it hardly is."""
    enough = FIT * max(map(subject_score, ranked), default=0.0)
    return sorted(ranked, key=lambda one: cannot(one) or subject_score(one) < enough)


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
