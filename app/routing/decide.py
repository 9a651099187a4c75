"""The decision itself: an enquiry and a catalogue in, a reasoned proposal out."""

from __future__ import annotations

from collections.abc import Sequence

from app.routing.catalogue import Catalogue
from app.routing.types import REVIEW, ROUTE, Enquiry, Proposal, RankedHost, Reason, Suggestion


def propose(enquiry: Enquiry, catalogue: Catalogue, *, earlier: Sequence[Enquiry] = ()) -> Proposal:
    """Rank hosts, suggest goals, raise flags and decide; never raises on any text."""
    ticked = [theme for theme in catalogue.themes if theme.slug in enquiry.themes]
    scores: dict[str, float] = {}
    for theme in ticked:
        for host, weight in theme.hosts.items():
            scores[host] = scores.get(host, 0.0) + weight
    ranked = sorted(scores, key=lambda slug: (-scores[slug], slug))
    reasons = tuple(Reason("ticked", "themes", (theme.slug,), 1.0, theme.slug) for theme in ticked)
    return Proposal(
        decision=ROUTE if ranked else REVIEW,
        lead=ranked[0] if ranked else None,
        co_hosts=tuple(ranked[1:3]),
        ranked=tuple(
            RankedHost(slug, scores[slug], "lead" if at == 0 else "part" if at < 3 else "", reasons)
            for at, slug in enumerate(ranked)
        ),
        themes=tuple(Suggestion(theme.slug, 1.0, reasons) for theme in ticked),
    )
