"""Points for leading besides the subject's: likeness to earlier texts, the sender's own work, the form, names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.routing.catalogue import Catalogue
from app.routing.model import Guess, Guesses
from app.routing.partners import Partners
from app.routing.scores import Scores
from app.routing.topics import TopicScore
from app.routing.types import Enquiry, Reason
from app.routing.weighing import LeadWeights

# Points of names; how heavy the others weigh is fitted (LeadWeights, docs/routing.md).
WISHED = 0.3
NAMED = 0.1
NETWORK = 1.3
NETWORK_FORMAL = 0.9
TOLD = 0.12  # the least likeness that is worth a reason
SENDER_FIELDS = ("organisation", "head_title")
CLEAR_SENDER = 2.0  # weight of words by which a sender's own work is clear


def from_likeness(scores: Scores, guesses: Guesses, weights: LeadWeights) -> None:
    """Points for hosts that requests in such words went to."""
    for slug, guess in guesses.lead.items():
        involved = guesses.host.get(slug, guess)
        points = weights.leads * max(guess.share, 0.0) + weights.involved * max(involved.share, 0.0)
        told = max(guess.share, involved.share) >= TOLD
        words = guess.words or involved.words
        reasons = [Reason("resembles", "purpose", words, round(points, 2), slug)] if told else []
        scores.add(slug, points, *reasons)


def from_sender(scores: Scores, enquiry: Enquiry, guesses: Guesses, weights: LeadWeights) -> None:
    """Points for whoever leads what the words of the sender's own name and title stand for."""
    for slug, guess in guesses.sender.items():
        points = weights.alike * max(guess.share, 0.0)
        told = guess.share >= TOLD and bool(guess.words)
        scores.add(slug, points, *([_sender_reason(enquiry, guess, points)] if told else []))


def _sender_reason(enquiry: Enquiry, guess: Guess, points: float) -> Reason:
    """The reason with the words of the one field, name or title, in which the most telling one stands."""
    source = "head_title" if guess.words[0] in enquiry.head_title else "organisation"
    words = tuple(word for word in guess.words if word in getattr(enquiry, source)) or guess.words[:1]
    return Reason("sender-resembles", source, words, round(points, 2), guess.label)


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


def from_colleagues(scores: Scores, topics: Sequence[TopicScore], weights: LeadWeights) -> None:
    """Points for whoever does the same work as the sender."""
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


def from_form(scores: Scores, enquiry: Enquiry, catalogue: Catalogue, weights: LeadWeights) -> None:
    """A few points for who answers for the ticked themes, and for who most naturally meets such a sender."""
    for slug, (share, theme) in ticked_hosts(enquiry, catalogue).items():
        points = weights.ticked * share
        scores.add(slug, points, Reason("ticked", "themes", (), round(points, 2), theme))
    for slug, weight in catalogue.rules.type_hosts.get(enquiry.organisation_type, {}).items():
        points = weights.sender * weight
        scores.add(slug, points, Reason("sender-type", "organisation_type", (), round(points, 2)))


def from_names(scores: Scores, partners: Partners, told: Mapping[str, float] | None = None) -> None:
    """A few points for hosts that are wished for or named, and for whoever follows up a network.

    Where the errand names a subject, `told` is each host's share of it: a network gives no more than that share.
    """
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
        practical = network.practical or network.responsible
        for slug, worth in {network.responsible: NETWORK_FORMAL, practical: NETWORK}.items():
            points = round(worth * (1.0 if told is None else told.get(slug, 0.0)), 2)
            scores.give(slug, points, Reason("network", mention.source, (mention.quote,), points, network.slug))
