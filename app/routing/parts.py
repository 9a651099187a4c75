"""Who takes part beside the lead: how likely each host is, from subjects, words, names and the rules of representation.

The weights are a logistic regression's over (request, host) pairs of the labelled requests: see docs/routing.md.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from app.routing.catalogue import Catalogue
from app.routing.model import Guess, Guesses
from app.routing.partners import Partners
from app.routing.types import Enquiry, Reason

BASE = -3.8
SUBJECT = 4.0  # of the root of the share of the subjects' points
LIKE = 1.75
LIKE_ROOT = 1.5
WISHED = 0.67
NAMED = 0.63
NETWORK = 1.0
NETWORK_FORMAL = 0.7
USUAL = 0.36  # of the logarithm of how often the host takes part in what the lead leads
NEVER = 0.02  # how often where it never did
OWNER = 0.2
POLITICAL = 3.0
CEREMONY = 1.3
NORDIC = 3.9
TWIN = 3.1
MOST_CEREMONIES = 3
LEAST_BY_RULE = {"level": 1.0, "nordic-twin": 1.0, "twin": -0.4}
AS_LEAD = 0.8  # how much of its likeliness as lead counts for standing among the first
LEAST = 0.08  # less likely hosts are not ranked
SURE = 0.78  # of the lead's score: a host that is sure to take part, but not to lead
EVEN = 0.5  # of the lead's chance to lead: from here a host is another lead rather than a part
MOST = 0.97  # of the lead's score
NORDIC_COUNTRIES = frozenset({"SE", "FI", "DK", "IS", "FO", "GL", "AX"})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the request besides its subject."""

    enquiry: Enquiry
    partners: Partners
    catalogue: Catalogue
    political: bool
    ceremonies: int


def log_odds(
    lead: str,
    subject: Mapping[str, float],
    guesses: Guesses,
    together: Mapping[str, Mapping[str, float]],
    known: Known,
) -> tuple[dict[str, float], list[tuple[str, Reason]]]:
    """Each other host's log odds of taking part, and the reasons of those that a rule brings in."""
    rules = _by_rule(lead, known)
    names = _from_names(known.partners)
    usual = together.get(lead, {})
    slugs = {host.slug for host in known.catalogue.hosts} & (
        subject.keys() | guesses.host.keys() | usual.keys() | names.keys() | {slug for slug, _, _ in rules}
    )
    odds = {
        slug: _from_words(subject.get(slug, 0.0), guesses.host.get(slug), usual.get(slug, 0.0)) + names.get(slug, 0.0)
        for slug in slugs - {lead}
    }
    placed = []
    for slug, more, reason in rules:
        if slug in odds:
            odds[slug] = max(odds[slug] + more, LEAST_BY_RULE.get(reason.code, odds[slug]))
            placed.append((slug, reason))
    return odds, placed


def _from_words(subject: float, guess: Guess | None, usual: float) -> float:
    share = max(guess.share, 0.0) if guess else 0.0
    words = SUBJECT * math.sqrt(subject) + LIKE * share + LIKE_ROOT * math.sqrt(share)
    return BASE + words + USUAL * math.log(usual + NEVER)


def _from_names(partners: Partners) -> dict[str, float]:
    wished: dict[str, float] = {}
    named: dict[str, float] = {}
    networks: dict[str, float] = {}
    for mention in partners.hosts:
        kind, most = (wished, WISHED) if mention.source == "wanted_hosts" else (named, NAMED)
        slug = mention.name.slug
        kind[slug] = max(kind.get(slug, 0.0), most * mention.name.weight / 2)
    for network, _ in partners.networks:
        formal, practical = network.responsible, network.practical or network.responsible
        networks[formal] = max(networks.get(formal, 0.0), NETWORK_FORMAL)
        networks[practical] = NETWORK
    slugs = wished.keys() | named.keys() | networks.keys()
    return {slug: sum(kind.get(slug, 0.0) for kind in (wished, named, networks)) for slug in slugs}


def _by_rule(lead: str, known: Known) -> list[tuple[str, float, Reason]]:
    """The department above a leading agency, the mayor's office, and whoever coordinates with Nordic twin cities."""
    rules, enquiry, twin = known.catalogue.rules, known.enquiry, known.partners.twin
    owner = next((host.owner for host in known.catalogue.hosts if host.slug == lead), "")
    found = [(owner, OWNER, Reason("owner", "", (), 0.0, lead))]
    if known.political:
        wishes = CEREMONY * min(known.ceremonies, MOST_CEREMONIES)
        reason = Reason("level", "head_level", (enquiry.head_title,))
        found.append((rules.representation, POLITICAL + wishes, reason))
    if twin and twin.country in NORDIC_COUNTRIES and enquiry.organisation_type == "city":
        found.append((rules.nordic_administration, NORDIC, Reason("nordic-twin", "city", (), 0.0, twin.slug)))
    elif twin:
        found.append((rules.representation, TWIN, Reason("twin", "city", (), 0.0, twin.slug)))
    return found


def shares(points: Mapping[str, float], lead: str, odds: Mapping[str, float]) -> dict[str, float]:
    """What share of the lead's score each other host gets: by how likely it takes part, or leads after all."""
    chances = {slug: math.exp(points.get(slug, 0.0) - points[lead]) for slug in odds}
    whole = 1.0 + sum(chances.values())
    found = {}
    for slug, one in odds.items():
        likely = 1 / (1 + math.exp(-one)) + AS_LEAD * chances[slug] / whole
        if likely >= LEAST:
            even = chances[slug] if chances[slug] >= EVEN else 0.0
            found[slug] = SURE * min(likely, 1.0) if not even else SURE + (MOST - SURE) * even
    return found
