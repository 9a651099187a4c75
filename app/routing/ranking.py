"""From topics, words and names to hosts: who leads, by points; who else takes part, by how likely that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.routing.catalogue import Catalogue, HostProfile
from app.routing.model import Guesses
from app.routing.partners import Partners
from app.routing.parts import Known, log_odds, shares
from app.routing.topics import TopicScore, told_in
from app.routing.types import Enquiry, RankedHost, Reason

# What each kind of evidence is worth at its most, fitted together on labelled requests (docs/routing.md).
SUBJECT = 4.4
LIKE_LEADS = 4.4
LIKE_INVOLVED = 1.6
WISHED = 0.3
NAMED = 0.1
NETWORK = 1.3
NETWORK_FORMAL = 0.9
TYPE = 0.2
CEREMONY = 0.8
MOST_CEREMONIES = 3
TOLD = 0.12  # the least likeness that is worth a reason
AGENCY_SHARE = 0.9
HEAD_OF_STATE_SHARE = 1.05
PART_SHARE = 0.2
MOST_PARTS = 4
NOISE = 0.1
HEAD_OF_STATE = "head-of-state-or-government"
SUBJECT_POWER = 1.2


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

    def settle(self) -> dict[str, float]:
        """Each host's share of its subjects' points, the best one's being 1, and the points for it.

        Many small sums must not outweigh one clear subject: they count by their power mean.
        """
        sums = {slug: sum(part**SUBJECT_POWER for part in parts) for slug, parts in self.parts.items()}
        best = max(sums.values(), default=0.0) ** (1 / SUBJECT_POWER)
        found = {slug: one ** (1 / SUBJECT_POWER) / best for slug, one in sums.items()}
        for slug, share in found.items():
            self.points[slug] += SUBJECT * share
        return found

    def lift(self, slug: str, share: float, reason: Reason) -> None:
        """See that a host has at least this share of the best host's points."""
        least = share * max(self.points.values(), default=1.0)
        if slug in self.known and self.points[slug] < least:
            self.points[slug] = least
            self.reasons[slug].append(reason)

    def best(self) -> str:
        """The host with most points, or none."""
        return max(self.points, key=lambda slug: (self.points[slug], slug), default="")


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
    guesses: Guesses,
    together: Mapping[str, Mapping[str, float]],
) -> tuple[RankedHost, ...]:
    """The lead, then whoever else is likely enough to take part, best first."""
    scores = Scores(catalogue.hosts)
    best = max((topic.score for topic in topics), default=0.0)
    for topic in topics:
        if topic.score >= NOISE * best:
            _from_topic(scores, topic, best)
    subject = scores.settle()
    _from_likeness(scores, guesses)
    _from_names(scores, partners)
    for slug, weight in catalogue.rules.type_hosts.get(enquiry.organisation_type, {}).items():
        scores.add(slug, weight * TYPE, Reason("sender-type", "organisation_type", (), weight * TYPE))
    _agency_first(scores)
    _by_rule(scores, enquiry, catalogue, standing)
    lead = scores.best()
    if not lead:
        return ()
    known = Known(enquiry, partners, catalogue, standing.political, standing.ceremonies)
    odds, placed = log_odds(lead, subject, guesses, together, known)
    for slug, reason in placed:
        scores.reasons[slug].append(reason)
    return _ranked(scores, lead, shares(scores.points, lead, odds))


def _from_likeness(scores: Scores, guesses: Guesses) -> None:
    """Points for hosts that requests in such words went to."""
    for slug, guess in guesses.lead.items():
        involved = guesses.host.get(slug, guess)
        points = LIKE_LEADS * max(guess.share, 0.0) + LIKE_INVOLVED * max(involved.share, 0.0)
        told = max(guess.share, involved.share) >= TOLD
        words = guess.words or involved.words
        reasons = [Reason("resembles", "purpose", words, round(points, 2), slug)] if told else []
        scores.add(slug, points, *reasons)


def _from_topic(scores: Scores, topic: TopicScore, best: float) -> None:
    hosts: Mapping[str, float] = topic.topic.hosts or topic.theme.hosts
    for slug, weight in hosts.items():
        points = topic.standing(best) * weight
        subject = f"{topic.theme.slug}/{topic.topic.slug}".rstrip("/")
        quoted = tuple(word for reason in topic.reasons[:3] for word in reason.words)
        if slug in scores.known and points > 0:
            scores.parts[slug].append(points)
            worth = round(SUBJECT * points / best, 2)
            scores.reasons[slug].append(Reason("answers-for", told_in(topic), quoted, worth, subject))


def _from_names(scores: Scores, partners: Partners) -> None:
    best: dict[str, tuple[float, Reason]] = {}
    for mention in partners.hosts:
        wished = mention.source == "wanted_hosts"
        points = mention.name.weight * (WISHED if wished else NAMED)
        if points > best.get(mention.name.slug, (0.0,))[0]:
            reason = Reason(
                "wished" if wished else "named", mention.source, (mention.quote,), round(points, 2), mention.name.slug
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
    best = scores.best()
    near = [
        slug
        for slug in scores.points
        if scores.known[slug].owner == best and scores.points[slug] >= AGENCY_SHARE * scores.points[best]
    ]
    for slug in sorted(near, key=lambda slug: -scores.points[slug])[:1]:
        scores.lift(slug, 1.02, Reason("does-the-work", "", (), 0.0, best))


def _by_rule(scores: Scores, enquiry: Enquiry, catalogue: Catalogue, standing: Standing) -> None:
    """Who leads by the rules of representation, or where no subject is clear."""
    rules = catalogue.rules
    wishes = CEREMONY * min(standing.ceremonies, MOST_CEREMONIES)
    scores.add(rules.representation, wishes, Reason("ceremonial", "purpose", (), wishes))
    if standing.political and enquiry.head_level == HEAD_OF_STATE:
        reason = Reason("level", "head_level", (enquiry.head_title,))
        scores.lift(rules.representation, HEAD_OF_STATE_SHARE, reason)
    if standing.unclear and rules.coordination in scores.known:
        scores.lift(rules.coordination, 1.2, Reason("coordinates", ""))


def _ranked(scores: Scores, lead: str, parts: Mapping[str, float]) -> tuple[RankedHost, ...]:
    """Scores are points: the lead's own, and so large a share of them as each other host is likely."""
    best = scores.points[lead]
    order = [lead, *sorted(parts, key=lambda slug: (-parts[slug], slug))]
    ranked = []
    for at, slug in enumerate(order):
        share = parts.get(slug, 1.0)
        near = 0 < at <= MOST_PARTS and share >= PART_SHARE
        reasons = tuple(sorted(scores.reasons[slug], key=lambda reason: -reason.weight)[:6])
        ranked.append(RankedHost(slug, round(share * best, 3), "lead" if at == 0 else "part" if near else "", reasons))
    return tuple(ranked)
