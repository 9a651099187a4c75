"""Who takes part beside the lead: how likely each host is, from subjects, words, names and the rules of representation.

And how likely it would be a mistake near the top: a neighbour of the subject who has nothing to do with this errand.
The weights of both (PartWeights) are logistic regressions' over (request, host) pairs of labelled requests:
docs/routing.md.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.routing.catalogue import Catalogue
from app.routing.model import Guess, Guesses, TextModel
from app.routing.partners import Partners
from app.routing.refused import Refusal
from app.routing.types import Enquiry, Reason

NEVER = 0.02  # how often where it never did
MOST_CEREMONIES = 3
LEAST_BY_RULE = {"level": 1.0, "nordic-twin": 1.0, "twin": -0.4}
AS_LEAD = 0.8  # how much of its likeliness as lead counts for standing among the first
MISTAKE = 2.0  # how much a mistake weighs beside a host that is missed
LEAST = 0.06  # hosts that are less worth showing are not ranked …
LEAST_LIKELY = 0.03  # … nor those that hardly take part, though nobody would call them a mistake
SURE = 0.78  # of the lead's score: a host that is sure to take part, but not to lead
EVEN = 0.25  # of the lead's chance to lead: from here a host is another lead rather than a part, and nothing is sure
MOST = 0.97  # of the lead's score
UNREAD_STEEP = 4.0  # so many times as much says a point more where no model read the text
NORDIC_COUNTRIES = frozenset({"SE", "FI", "DK", "IS", "FO", "GL", "AX"})


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the request besides its subject."""

    enquiry: Enquiry
    partners: Partners
    catalogue: Catalogue
    political: bool
    ceremonies: int
    refused: Mapping[str, Refusal] = field(default_factory=dict)  # by host
    learned: Mapping[str, float] = field(default_factory=dict)  # log odds by host, from what people decided


@dataclass(frozen=True, slots=True)
class Odds:
    """A host's log odds of taking part beside the lead, and of being a mistake near the top."""

    part: float
    mistake: float


def log_odds(
    lead: str, subject: Mapping[str, float], guesses: Guesses, model: TextModel, known: Known
) -> tuple[dict[str, Odds], list[tuple[str, Reason]]]:
    """Each other host's odds, and the reasons of those that a rule brings in."""
    rules = _by_rule(lead, known)
    found = terms(lead, subject, guesses, model, known)
    part = {slug: model.part_weights.sum(values) + known.learned.get(slug, 0.0) for slug, values in found.items()}
    mistake = {slug: model.mistake_weights.sum(v) - known.learned.get(slug, 0.0) for slug, v in found.items()}
    for slug, reason in rules:
        if slug in part:
            part[slug] = max(part[slug], LEAST_BY_RULE.get(reason.code, part[slug]))
    odds = {slug: Odds(part[slug], mistake[slug]) for slug in found}
    return odds, [(slug, reason) for slug, reason in rules if slug in odds]


def terms(
    lead: str, subject: Mapping[str, float], guesses: Guesses, model: TextModel, known: Known
) -> dict[str, dict[str, float]]:
    """What speaks for each other host taking part, and what for its being a mistake, by the name of its weight."""
    by_rule, usual, apart = _rule_terms(lead, known), model.together.get(lead, {}), model.apart.get(lead, {})
    names = _from_names(known.partners)
    slugs = {host.slug for host in known.catalogue.hosts} & (
        subject.keys() | guesses.host.keys() | usual.keys() | names.keys() | by_rule.keys() | known.learned.keys()
    )
    return {
        slug: _from_words(subject.get(slug, 0.0), guesses.host.get(slug), usual.get(slug, 0.0))
        | _against(guesses.mistake.get(slug), apart.get(slug, 0.0))
        | names.get(slug, {})
        | by_rule.get(slug, {})
        | ({"refused": known.refused[slug].share} if slug in known.refused else {})
        for slug in slugs - {lead}
    }


def _from_words(subject: float, guess: Guess | None, usual: float) -> dict[str, float]:
    share = max(guess.share, 0.0) if guess else 0.0
    roots = {"subject": math.sqrt(subject), "like": share, "like_root": math.sqrt(share)}
    return {"base": 1.0, **roots, "usual": math.log(usual + NEVER)}


def _against(guess: Guess | None, apart: float) -> dict[str, float]:
    share = max(guess.share, 0.0) if guess else 0.0
    return {"tempting": share, "tempting_root": math.sqrt(share), "apart": math.log(apart + NEVER)}


def _from_names(partners: Partners) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for mention in partners.hosts:
        kind = "wished" if mention.source == "wanted_hosts" else "named"
        own = found[mention.name.slug]
        own[kind] = max(own.get(kind, 0.0), mention.name.weight / 2)
    for network, _ in partners.networks:
        practical = network.practical or network.responsible
        found[practical]["network"] = 1.0
        if network.responsible != practical:
            found[network.responsible]["network_formal"] = 1.0
    return found


def _by_rule(lead: str, known: Known) -> list[tuple[str, Reason]]:
    """The department above a leading agency, the mayor's office, and whoever coordinates with Nordic twin cities."""
    rules, twin = known.catalogue.rules, known.partners.twin
    owner = next((host.owner for host in known.catalogue.hosts if host.slug == lead), "")
    found = [(owner, Reason("owner", "", (), 0.0, lead))] if owner else []
    if known.political:
        found.append((rules.representation, Reason("level", "head_level", (known.enquiry.head_title,))))
    if twin and twin.country in NORDIC_COUNTRIES and known.enquiry.organisation_type == "city":
        found.append((rules.nordic_administration, Reason("nordic-twin", "city", (), 0.0, twin.slug)))
    elif twin:
        found.append((rules.representation, Reason("twin", "city", (), 0.0, twin.slug)))
    return found


TERM_OF = {"owner": "owner", "level": "political", "nordic-twin": "nordic", "twin": "twin"}


def _rule_terms(lead: str, known: Known) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for slug, reason in _by_rule(lead, known):
        found[slug][TERM_OF[reason.code]] = 1.0
        if reason.code == "level":
            found[slug]["ceremony"] = min(known.ceremonies, MOST_CEREMONIES)
    return found


def shares(points: Mapping[str, float], lead: str, odds: Mapping[str, Odds], *, read: bool = True) -> dict[str, float]:
    """What share of the lead's score each other host gets: by how likely it takes part, or leads after all.

    Of two hosts that are as likely the one goes first that would less likely be a mistake. A text that no model has
    `read` gives few points: they tell as much as many do elsewhere.
    """
    steep = 1.0 if read else UNREAD_STEEP
    chances = {slug: math.exp(steep * (points.get(slug, 0.0) - points[lead])) for slug in odds}
    whole = 1.0 + sum(chances.values())
    found = {}
    for slug, one in odds.items():
        likely = min(_chance(one.part) + AS_LEAD * chances[slug] / whole, 1.0)
        worth = math.sqrt(likely) * likely / (likely + MISTAKE * _chance(one.mistake))
        if chances[slug] >= EVEN:
            found[slug] = SURE + (MOST - SURE) * chances[slug]
        elif worth >= LEAST and likely >= LEAST_LIKELY:
            found[slug] = SURE * worth
    return found


def _chance(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
