"""From topics and names to hosts: who answers for the subject, who is wished for, who must be there by rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.routing.catalogue import Catalogue, HostProfile
from app.routing.model import Guess
from app.routing.partners import Partners
from app.routing.topics import TopicScore, told_in
from app.routing.types import Enquiry, RankedHost, Reason

LIKENESS = 4.0
LIKENESS_NOISE = 0.12
WISHED = 1.5
NAMED = 0.75
NETWORK = 1.6
NETWORK_FORMAL = 1.2
TYPE = 0.8
POLITICAL_SHARE = 0.6
NORDIC_SHARE = 0.62
TWIN_SHARE = 0.42
OWNER_SHARE = 0.4
AGENCY_SHARE = 0.85
HEAD_OF_STATE_SHARE = 1.05
PART_SHARE = 0.24
MOST_PARTS = 4
NOISE = 0.1
CEREMONY = 1.2
MOST_CEREMONIES = 3
HEAD_OF_STATE = "head-of-state-or-government"
SUBJECT_POWER = 1.2
NORDIC = frozenset({"SE", "FI", "DK", "IS", "FO", "GL", "AX"})


class Scores:
    """Points per host with the reasons for them."""

    def __init__(self, hosts: Iterable[HostProfile]) -> None:
        self.known = {host.slug: host for host in hosts}
        self.points: dict[str, float] = defaultdict(float)
        self.reasons: dict[str, list[Reason]] = defaultdict(list)
        self.parts: dict[str, list[float]] = defaultdict(list)

    def add(self, slug: str, points: float, *reasons: Reason) -> None:
        """Give a known host points; unknown slugs are ignored."""
        if slug in self.known and points > 0:
            self.points[slug] += points
            self.reasons[slug].extend(reasons)

    def settle(self) -> None:
        """Many small sums must not outweigh one clear subject: points so far count by their power mean."""
        for slug, parts in self.parts.items():
            self.points[slug] = sum(part**SUBJECT_POWER for part in parts) ** (1 / SUBJECT_POWER)

    def lift(self, slug: str, share: float, reason: Reason) -> None:
        """See that a host has at least this share of the best host's points."""
        least = share * max(self.points.values(), default=1.0)
        if slug in self.known and self.points[slug] < least:
            self.points[slug] = least
            self.reasons[slug].append(reason)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules of representation need: a head of high office, ceremonial wishes, whether a subject is clear."""

    political: bool
    ceremonies: int
    unclear: bool


def rank_hosts(
    enquiry: Enquiry,
    topics: list[TopicScore],
    partners: Partners,
    catalogue: Catalogue,
    standing: Standing,
    likeness: tuple[Guess, ...] = (),
) -> tuple[RankedHost, ...]:
    """All hosts with points, best first; the first is the lead, the next near enough ones are parts."""
    scores = Scores(catalogue.hosts)
    best = max((topic.score for topic in topics), default=0.0)
    for topic in topics:
        if topic.score >= NOISE * best:
            _from_topic(scores, topic, best)
    scores.settle()
    _from_likeness(scores, likeness)
    _from_names(scores, partners)
    for slug, weight in catalogue.rules.type_hosts.get(enquiry.organisation_type, {}).items():
        scores.add(slug, weight * TYPE, Reason("sender-type", "organisation_type", (), weight * TYPE))
    _agency_first(scores)
    _by_rule(scores, enquiry, partners, catalogue, standing)
    if standing.unclear and catalogue.rules.coordination in scores.known:
        scores.lift(catalogue.rules.coordination, 1.2, Reason("coordinates", ""))
    return _ranked(scores)


def _from_likeness(scores: Scores, likeness: tuple[Guess, ...]) -> None:
    """A few points for hosts that received requests in such words: they matter where no decisive word is found."""
    for guess in likeness:
        if guess.share >= LIKENESS_NOISE:
            points = LIKENESS * guess.share
            scores.add(guess.label, points, Reason("resembles", "purpose", guess.words, round(points, 2), guess.label))


def _from_topic(scores: Scores, topic: TopicScore, best: float) -> None:
    hosts: Mapping[str, float] = topic.topic.hosts or topic.theme.hosts
    for slug, weight in hosts.items():
        points = topic.standing(best) * weight
        subject = f"{topic.theme.slug}/{topic.topic.slug}".rstrip("/")
        quoted = tuple(word for reason in topic.reasons[:3] for word in reason.words)
        if slug in scores.known and points > 0:
            scores.parts[slug].append(points)
            scores.reasons[slug].append(
                Reason("answers-for", told_in(topic), quoted, round(points, 2), subject)
            )


def _from_names(scores: Scores, partners: Partners) -> None:
    best: dict[str, tuple[float, Reason]] = {}
    for mention in partners.hosts:
        wished = mention.source == "wanted_hosts"
        points = mention.name.weight * (WISHED if wished else NAMED)
        if points > best.get(mention.name.slug, (0.0,))[0]:
            reason = Reason(
                "wished" if wished else "named", mention.source, (mention.quote,), points, mention.name.slug
            )
            best[mention.name.slug] = (points, reason)
    for slug, (points, reason) in best.items():
        scores.add(slug, points, reason)
    for network, mention in partners.networks:
        reason = Reason("network", mention.source, (mention.quote,), NETWORK, network.slug)
        scores.add(network.practical or network.responsible, NETWORK, reason)
        if network.practical and network.practical != network.responsible:
            scores.add(network.responsible, NETWORK_FORMAL, reason)


def _agency_first(scores: Scores) -> None:
    """An agency that does the work goes before its owner department when both are near the top."""
    best = max(scores.points, key=lambda slug: scores.points[slug], default="")
    near = [
        slug
        for slug in scores.points
        if scores.known[slug].owner == best and scores.points[slug] >= AGENCY_SHARE * scores.points[best]
    ]
    for slug in sorted(near, key=lambda slug: -scores.points[slug])[:1]:
        scores.lift(slug, 1.02, Reason("does-the-work", "", (), 0.0, best))


def _by_rule(scores: Scores, enquiry: Enquiry, partners: Partners, catalogue: Catalogue, standing: Standing) -> None:
    rules = catalogue.rules
    wishes = CEREMONY * min(standing.ceremonies, MOST_CEREMONIES)
    scores.add(rules.representation, wishes, Reason("ceremonial", "purpose", (), wishes))
    best = max(scores.points, key=lambda slug: scores.points[slug], default="")
    if best and scores.known[best].owner:
        scores.lift(scores.known[best].owner, OWNER_SHARE, Reason("owner", "", (), 0.0, best))
    twin = partners.twin
    if twin:
        nordic = twin.country in NORDIC and enquiry.organisation_type == "city"
        if nordic:
            scores.lift(rules.nordic_administration, NORDIC_SHARE, Reason("nordic-twin", "city", (), 0.0, twin.slug))
        else:
            scores.lift(rules.representation, TWIN_SHARE, Reason("twin", "city", (), 0.0, twin.slug))
    if standing.political:
        of_state = enquiry.head_level == HEAD_OF_STATE
        share = HEAD_OF_STATE_SHARE if of_state else POLITICAL_SHARE
        scores.lift(rules.representation, share, Reason("level", "head_level", (enquiry.head_title,)))


def _ranked(scores: Scores) -> tuple[RankedHost, ...]:
    order = sorted(
        (slug for slug in scores.points if scores.points[slug] > 0), key=lambda slug: (-scores.points[slug], slug)
    )
    best = scores.points[order[0]] if order else 0.0
    ranked = []
    for at, slug in enumerate(order):
        near = 0 < at <= MOST_PARTS and scores.points[slug] >= PART_SHARE * best
        reasons = tuple(sorted(scores.reasons[slug], key=lambda reason: -reason.weight)[:6])
        ranked.append(
            RankedHost(slug, round(scores.points[slug], 3), "lead" if at == 0 else "part" if near else "", reasons)
        )
    return tuple(ranked)
