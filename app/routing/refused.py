"""Whom a sender does not want to meet: hosts of subjects that are refused, or that are named where something is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.routing.catalogue import Catalogue
from app.routing.evidence import Evidence, Reading
from app.routing.partners import Partners
from app.routing.types import Reason

NAMED = 1.5  # points of a name, for each point of its weight; a decisive word has about 3
A_LITTLE = 0.5  # points of doubt


@dataclass(frozen=True, slots=True)
class Refusal:
    """How much of what is told of a host's subjects is not wanted, above 0 to below 1, and why it is thought so."""

    share: float
    reason: Reason


def refused_hosts(reading: Reading, partners: Partners, catalogue: Catalogue) -> dict[str, Refusal]:
    """The hosts of which something is refused."""
    against, words = _points(reading.refused, catalogue)
    for mention in partners.refused:
        against[mention.name.slug] += NAMED * mention.name.weight
        words[mention.name.slug].append((mention.quote,))
    asked = (one for one in reading.evidence if one.source == "purpose")
    wanted = _points(asked, catalogue)[0] if against else {}
    return {
        slug: Refusal(
            points / (points + wanted.get(slug, 0.0) + A_LITTLE),
            Reason("refused", "purpose", words[slug][-1], 0.0, slug),
        )
        for slug, points in against.items()
    }


def _points(
    evidence: Iterable[Evidence], catalogue: Catalogue
) -> tuple[dict[str, float], dict[str, list[tuple[str, ...]]]]:
    """Each host's points from words of the subjects it answers for, and these words, the heaviest last."""
    hosts = _hosts_of_topics(catalogue)
    points: dict[str, float] = defaultdict(float)
    words: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for one in sorted(evidence, key=lambda one: one.weight):
        for slug, weight in hosts.get(one.topic, {}).items():
            points[slug] += one.weight * weight
            words[slug].append(one.words)
    return points, words


def _hosts_of_topics(catalogue: Catalogue) -> Mapping[str, Mapping[str, float]]:
    return {
        f"{theme.slug}/{topic.slug}": topic.hosts or theme.hosts for theme in catalogue.themes for topic in theme.topics
    } | {f"{theme.slug}/": theme.hosts for theme in catalogue.themes}
