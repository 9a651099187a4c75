"""How heavy each kind of evidence weighs: fitted on texts whose guesses come from a model that has not seen their file.

The lead is a choice among all hosts (a conditional logit whose weights are not negative), once by what is read for it
and once by what is read for who takes part; each further host is a yes or no beside the latter, for taking part and for
being a mistake (logistic regressions).
The labelled requests alone hold fields of the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize

from app.routing import Catalogue
from app.routing.model import TextModel
from app.routing.ranking import Read
from app.routing.weighing import LeadWeights, PartWeights
from learning.texts import Told, lead_terms, part_terms

LEAD = [one.name for one in fields(LeadWeights)]
PART = [one.name for one in fields(PartWeights)]
TEXT_COUNTS = 0.3  # beside a labelled request of tests/cases
PART_REQUEST_COUNTS = 3.0
PRIOR = 0.02
PART_PRIOR = 0.5


class Guessed(NamedTuple):
    """A text with what models that have not seen its file read in it: for who takes part and for who leads."""

    text: Told
    beside: Read
    leading: Read
    model: TextModel
    count: float


def fitted(guessed: Sequence[Guessed], catalogue: Catalogue) -> dict[str, dict[str, float]]:
    """As plain data: weights for the lead by either reading; with those by the second, for part and for mistake."""
    lead = lead_weights([(one.text, one.leading, one.count) for one in guessed], catalogue)
    usual = lead_weights([(one.text, one.beside, one.count) for one in guessed], catalogue)
    pairs = pairs_of(guessed, usual, catalogue)
    found = {"lead": lead, "usual": usual, "part": part_weights(pairs), "mistake": mistake_weights(pairs)}
    return {name: _rounded(asdict(weights)) for name, weights in found.items()}


def _rounded(weights: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in weights.items()}


def lead_weights(guessed: Sequence[tuple[Told, Read, float]], catalogue: Catalogue) -> LeadWeights:
    """Weights under which the labelled leads are likeliest."""
    slugs = [host.slug for host in catalogue.hosts]
    choices, right, counts = [], [], []
    for one, read, count in guessed:
        terms = lead_terms(one, read, catalogue)
        choices.append([[terms[slug][name] for name in (*LEAD, "fixed")] for slug in slugs])
        right.append([float(slug in one.labels["lead"]) for slug in slugs])
        counts.append(count)
    values, wanted, weigh = np.array(choices), np.array(right), np.array(counts)

    def surprise(weights: Any) -> tuple[float, Any]:
        points = values[:, :, :-1] @ weights + values[:, :, -1]
        chances = np.exp(points - points.max(1, keepdims=True))
        chances /= chances.sum(1, keepdims=True)
        among = (chances * wanted).sum(1)
        moved = weigh[:, None] * (chances - chances * wanted / among[:, None])
        slope = (moved[:, :, None] * values[:, :, :-1]).sum((0, 1))
        return -(weigh * np.log(among)).sum() + PRIOR * (weights**2).sum(), slope + 2 * PRIOR * weights

    found = minimize(surprise, np.zeros(len(LEAD)), jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(LEAD))
    return LeadWeights.of(dict(zip(LEAD, found.x.tolist(), strict=True)))


class Pair(NamedTuple):
    """A host beside the lead that is found: what speaks for it, whether it takes part or would be a mistake."""

    values: list[float]
    part: float
    mistake: float
    judged: bool  # the labels say who would be a mistake: those of bare texts do not
    count: float


def pairs_of(guessed: Sequence[Guessed], lead: LeadWeights, catalogue: Catalogue) -> list[Pair]:
    """Every text or request with every host that anything speaks for.

    Bare texts have fewer co-hosts than whole requests: that has a weight of its own, which routing does not need.
    """
    pairs = []
    for one, read, _leading, model, count in guessed:
        points = {
            slug: lead.sum({name: value for name, value in terms.items() if name != "fixed"}) + terms["fixed"]
            for slug, terms in lead_terms(one, read, catalogue).items()
        }
        found = part_terms(one, max(points, key=lambda slug: points[slug]), read, model, catalogue)
        part, wrong = {*one.labels["lead"], *one.labels["co_hosts"]}, {*one.labels.get("not", ())}
        weigh = count * PART_REQUEST_COUNTS if count == 1 else count
        for slug, terms in found.items():
            values = [*(terms.get(name, 0.0) for name in PART), float(not one.enquiry.organisation)]
            pairs.append(Pair(values, float(slug in part), float(slug in wrong), "not" in one.labels, weigh))
    return pairs


def part_weights(pairs: Sequence[Pair]) -> PartWeights:
    """Weights under which the labelled co-hosts are likeliest beside the lead that is found."""
    return _logistic([one.values for one in pairs], [one.part for one in pairs], [one.count for one in pairs])


def mistake_weights(pairs: Sequence[Pair]) -> PartWeights:
    """Weights under which the hosts that are labelled as mistakes are likeliest."""
    judged = [one for one in pairs if one.judged]
    return _logistic([one.values for one in judged], [one.mistake for one in judged], [one.count for one in judged])


def _logistic(pairs: list[list[float]], taken: list[float], counts: list[float]) -> PartWeights:
    values, wanted, weigh = np.array(pairs), np.array(taken), np.array(counts)
    free = np.array([*(float(name != "base") for name in PART), 0.0])

    def surprise(weights: Any) -> tuple[float, Any]:
        odds = values @ weights
        missed = weigh * (1 / (1 + np.exp(-odds)) - wanted)
        losses = weigh * (np.logaddexp(0, odds) - wanted * odds)
        slope = values.T @ missed + 2 * PART_PRIOR * free * weights
        return losses.sum() + PART_PRIOR * (free * weights**2).sum(), slope

    found = minimize(surprise, np.zeros(len(PART) + 1), jac=True, method="L-BFGS-B")
    return PartWeights.of(dict(zip(PART, found.x.tolist()[:-1], strict=True)))
