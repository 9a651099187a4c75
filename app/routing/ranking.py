"""From topics, words and names to hosts: who leads, by points; who else takes part, by how likely that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.routing.catalogue import Catalogue, ThemeProfile, TopicProfile
from app.routing.model import Guesses, TextModel
from app.routing.partners import Partners
from app.routing.parts import Known, log_odds, shares
from app.routing.scores import Scores
from app.routing.topics import TopicScore, told_in
from app.routing.types import Enquiry, RankedHost, Reason
from app.routing.weighing import LeadWeights

# What a rule makes of evidence; how heavy subjects and words weigh is fitted (LeadWeights, docs/routing.md).
WISHED = 0.3
NAMED = 0.1
NETWORK = 1.3
NETWORK_FORMAL = 0.9
CEREMONY = 0.8
MOST_CEREMONIES = 3
TOLD = 0.12  # the least likeness that is worth a reason
AGENCY_SHARE = 0.9
HEAD_OF_STATE_SHARE = 1.05
PART_SHARE = 0.2
MOST_PARTS = 4
NOISE = 0.1
SENDER_FIELDS = ("organisation", "head_title")
CLEAR_SENDER = 2.0  # weight of words by which a sender's own work is clear
NO_SUBJECT = ThemeProfile("")
HEAD_OF_STATE = "head-of-state-or-government"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules of representation need: a head of high office, ceremonial wishes, whether a subject is clear."""

    political: bool
    ceremonies: int
    unclear: bool


def rank_hosts(
    enquiry: Enquiry,
    topics: Sequence[TopicScore],
    partners: Partners,
    catalogue: Catalogue,
    standing: Standing,
    guesses: Guesses,
    model: TextModel,
) -> tuple[RankedHost, ...]:
    """The lead, then whoever else is likely enough to take part, best first."""
    scores, weights = Scores(catalogue.hosts), model.lead_weights
    subject = _from_topics(scores, topics, weights.subject)
    main = _main_subject(scores, catalogue)
    _from_likeness(scores, guesses, weights)
    _from_colleagues(scores, topics, weights)
    _from_form(scores, enquiry, catalogue, weights)
    from_names(scores, partners)
    scores.move(main.learned_leads)
    _agency_first(scores)
    _by_rule(scores, enquiry, catalogue, standing)
    lead = scores.best()
    if not lead:
        return ()
    known = Known(enquiry, partners, catalogue, standing.political, standing.ceremonies, main.learned_parts)
    odds, placed = log_odds(lead, subject, guesses, model, known)
    for slug, reason in placed:
        scores.reasons[slug].append(reason)
    return _ranked(scores, lead, shares(scores.points, lead, odds))


def _main_subject(scores: Scores, catalogue: Catalogue) -> ThemeProfile | TopicProfile:
    """The topic that counts most of all, or its theme: what people decided of earlier visits lies there."""
    reasons = [one for found in scores.reasons.values() for one in found if one.code == "answers-for"]
    slug, _slash, name = max(reasons, key=lambda one: one.weight).subject.partition("/") if reasons else ("", "", "")
    for theme in catalogue.themes:
        if theme.slug == slug:
            return next((topic for topic in theme.topics if topic.slug == name), theme)
    return NO_SUBJECT


def subject_shares(topics: Sequence[TopicScore], catalogue: Catalogue) -> dict[str, float]:
    """Each host's share of the points of the subjects it answers for, the best one's being 1."""
    return _from_topics(Scores(catalogue.hosts), topics, 1.0)


def _from_topics(scores: Scores, topics: Sequence[TopicScore], most: float) -> dict[str, float]:
    best = max((topic.score for topic in topics), default=0.0)
    for topic in topics:
        if topic.score >= NOISE * best:
            _from_topic(scores, topic, best, most)
    return scores.settle(most)


def _from_topic(scores: Scores, topic: TopicScore, best: float, most: float) -> None:
    hosts: Mapping[str, float] = topic.topic.hosts or topic.theme.hosts
    for slug, weight in hosts.items():
        points = topic.standing(best) * weight
        subject = f"{topic.theme.slug}/{topic.topic.slug}".rstrip("/")
        quoted = tuple(word for reason in topic.reasons[:3] for word in reason.words)
        if slug in scores.known and points > 0:
            scores.parts[slug].append(points)
            worth = round(most * points / best, 2)
            scores.reasons[slug].append(Reason("answers-for", told_in(topic), quoted, worth, subject))


def _from_likeness(scores: Scores, guesses: Guesses, weights: LeadWeights) -> None:
    """Points for hosts that requests in such words went to."""
    for slug, guess in guesses.lead.items():
        involved = guesses.host.get(slug, guess)
        points = weights.leads * max(guess.share, 0.0) + weights.involved * max(involved.share, 0.0)
        told = max(guess.share, involved.share) >= TOLD
        words = guess.words or involved.words
        reasons = [Reason("resembles", "purpose", words, round(points, 2), slug)] if told else []
        scores.add(slug, points, *reasons)


def colleagues(topics: Sequence[TopicScore]) -> dict[str, tuple[float, Reason]]:
    """Who does the same work as the sender, told by the sender's name and title: how surely, and the best reason."""
    points: dict[str, float] = defaultdict(float)
    best: dict[str, Reason] = {}
    for topic in topics:
        told = [reason for reason in topic.reasons if reason.code == "words" and reason.source in SENDER_FIELDS]
        for slug, weight in (topic.topic.hosts or topic.theme.hosts).items() if told else ():
            points[slug] += weight * sum(reason.weight for reason in told)
            reason = replace(told[0], code="colleague", weight=round(weight * told[0].weight, 2))
            best[slug] = max(best.get(slug, reason), reason, key=lambda one: one.weight)
    most = max(points.values(), default=0.0)
    return {slug: (one / max(most, CLEAR_SENDER), best[slug]) for slug, one in points.items()}


def _from_colleagues(scores: Scores, topics: Sequence[TopicScore], weights: LeadWeights) -> None:
    for slug, (share, reason) in colleagues(topics).items():
        points = weights.colleague * share
        scores.add(slug, points, replace(reason, weight=round(points, 2)))


def ticked_hosts(enquiry: Enquiry, catalogue: Catalogue) -> dict[str, tuple[float, str]]:
    """Who answers for the ticked themes: how much, the less the more are ticked, and for which."""
    ticked = [theme for theme in catalogue.themes if theme.slug in enquiry.themes]
    found: dict[str, tuple[float, str]] = {}
    for theme in ticked:
        for slug, weight in theme.hosts.items():
            found[slug] = max(found.get(slug, (0.0, "")), (weight / len(ticked), theme.slug))
    return found


def _from_form(scores: Scores, enquiry: Enquiry, catalogue: Catalogue, weights: LeadWeights) -> None:
    """A few points for who answers for the ticked themes, and for who most naturally meets such a sender."""
    for slug, (share, theme) in ticked_hosts(enquiry, catalogue).items():
        points = weights.ticked * share
        scores.add(slug, points, Reason("ticked", "themes", (), round(points, 2), theme))
    for slug, weight in catalogue.rules.type_hosts.get(enquiry.organisation_type, {}).items():
        points = weights.sender * weight
        scores.add(slug, points, Reason("sender-type", "organisation_type", (), round(points, 2)))


def from_names(scores: Scores, partners: Partners) -> None:
    """A few points for hosts that are wished for or named, and for whoever follows up a network."""
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
