"""A stored ranking weighed anew: what was said then of who can receive is taken back, and today's is said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.routing.availability import OBSTACLES, weigh_availability
from app.routing.catalogue import HostProfile
from app.routing.types import ROUTE, Enquiry, Proposal, RankedHost, Reason

# What availability and fairness say, beside what the subject says.
OF_THAT_DAY = frozenset({*OBSTACLES, "earlier-host", "spread-load", "load-evened"})


def weigh_anew(
    stored: Iterable[Mapping[str, Any]], enquiry: Enquiry, hosts: Iterable[HostProfile], *, holiday_calendar: str
) -> tuple[RankedHost, ...]:
    """The hosts of a stored proposal (its `ranked`, as JSON) in the order in which they can receive now."""
    ranked = tuple(sorted(map(_by_subject, stored), key=lambda one: (-one.score, one.slug)))
    if not ranked:
        return ()
    proposal = Proposal(ROUTE, lead=ranked[0].slug, ranked=ranked)
    return weigh_availability(proposal, enquiry, hosts, holiday_calendar=holiday_calendar).ranked


def _by_subject(stored: Mapping[str, Any]) -> RankedHost:
    """The host as its subject ranked it: each of those reasons weighs what the score lost or won by it."""
    reasons = [Reason(**{**one, "words": tuple(one["words"])}) for one in stored.get("reasons", ())]
    lost = sum(one.weight for one in reasons if one.code in OF_THAT_DAY)
    kept = tuple(one for one in reasons if one.code not in OF_THAT_DAY)
    return RankedHost(stored["slug"], round(float(stored["score"]) - lost, 3), "", kept)


def subject_score(stored: Mapping[str, Any]) -> float:
    """What the text alone says of the host, whoever can receive."""
    return _by_subject(stored).score
