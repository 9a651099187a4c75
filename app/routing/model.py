"""A small word model: which host, themes and goals requests with such words had, learnt from our own labelled texts.

Weighted complement naive Bayes over word beginnings and letter groups (Rennie et al., "Tackling the poor assumptions
of naive Bayes text classifiers", 2003). It is trained from the city's `training/*.jsonl` when first asked, in about
a second, so what it learnt from can be read, changed and taken back; nothing else is stored.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.routing.text import TEXT_CAP, fold

SMOOTHING = 0.3
BEGINNING = 7  # letters of a word that count: a stem for every language
GROUP = 5  # letters of a letter group: parts of compounds, and words with typing errors
SHARPNESS = 3.0
LEAST = 2  # a feature of one text only teaches nothing
KINDS = ("host", "theme", "priority", "sdg")

WORD = re.compile(r"[^\W\d_]{3,40}")

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Guess:
    """A label with its share of all (0 to 1) and the word beginnings that spoke for it most."""

    label: str
    share: float
    words: tuple[str, ...]


def features(text: str) -> dict[str, float]:
    """Word beginnings and letter groups of a text, damped by how often they occur."""
    counted: Counter[str] = Counter()
    for word in WORD.findall(fold(text[:TEXT_CAP])):
        counted[word[:BEGINNING]] += 1
        framed = f"<{word}>"
        if len(word) >= 4:
            counted.update("~" + framed[at : at + GROUP] for at in range(len(framed) - GROUP + 1))
    return {feature: 1 + math.log(times) for feature, times in counted.items()}


class Labeller:
    """One kind of label: log weights per feature and label, kept only where a label has the feature."""

    def __init__(self, rows: Sequence[tuple[Features, Mapping[str, float]]], rarity: Mapping[str, float]) -> None:
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        totals: dict[str, float] = defaultdict(float)
        for found, labels in rows:
            for feature, value in normed(found, rarity).items():
                for label, weight in labels.items():
                    counts[feature][label] += value * weight
                    totals[label] += value * weight
        everything, size = sum(totals.values()), len(rarity) * SMOOTHING
        self.base = {
            label: math.log(everything - total + size) - math.log(total + size) for label, total in totals.items()
        }
        self.weights = {feature: _weights(found, sum(found.values())) for feature, found in counts.items()}

    def scores(self, found: Features) -> dict[str, float]:
        """Log odds per label for normed features."""
        mass = sum(found.values())
        scores = {label: base * mass for label, base in self.base.items()}
        for feature, value in found.items():
            for label, weight in self.weights.get(feature, {}).items():
                scores[label] += value * weight
        return scores


def _weights(found: Mapping[str, float], total: float) -> dict[str, float]:
    """How much more a label with the feature gets than one without it."""
    without = math.log(SMOOTHING) - math.log(total + SMOOTHING)
    return {
        label: math.log(value + SMOOTHING) - math.log(total - value + SMOOTHING) - without
        for label, value in found.items()
    }


def normed(found: Features, rarity: Mapping[str, float]) -> dict[str, float]:
    """Known features, weighted by how rare they are, to length 1."""
    weighted = {feature: value * rarity[feature] for feature, value in found.items() if feature in rarity}
    length = math.sqrt(sum(value * value for value in weighted.values())) or 1.0
    return {feature: value / length for feature, value in weighted.items()}


class TextModel:
    """Labellers for hosts, themes, priorities and SDGs over the same features."""

    def __init__(self, texts: Sequence[Mapping[str, Any]]) -> None:
        self.texts = len(texts)
        read = [(features(str(row["purpose"])), row) for row in texts]
        seen: Counter[str] = Counter(feature for found, _ in read for feature in found)
        self.rarity = {f: math.log(1 + self.texts / times) for f, times in seen.items() if times >= LEAST}
        self.labellers = {
            kind: Labeller([(found, labels(kind, row)) for found, row in read], self.rarity) for kind in KINDS
        }

    def read(self, text: str) -> dict[str, tuple[Guess, ...]]:
        """Guesses of every kind for a text, with the telling words as they stand in it."""
        found = features(text)
        written = {fold(word)[:BEGINNING]: word for word in reversed(WORD.findall(text[:TEXT_CAP]))}
        return {
            kind: tuple(
                Guess(one.label, one.share, tuple(written[word] for word in one.words if word in written))
                for one in self.guess(kind, found)
            )
            for kind in KINDS
        }

    def guess(self, kind: str, found: Features, *, most: int = 6) -> tuple[Guess, ...]:
        """The likeliest labels of a kind for a text's features, best first; empty where no feature is known."""
        known = normed(found, self.rarity)
        labeller = self.labellers[kind]
        scores = labeller.scores(known)
        if not known or not scores:
            return ()
        best = max(scores.values())
        shares = {label: math.exp(SHARPNESS * (score - best)) for label, score in scores.items()}
        whole = sum(shares.values())
        order = sorted(shares, key=lambda label: (-shares[label], label))[:most]
        return tuple(Guess(label, shares[label] / whole, _telling(labeller, known, label)) for label in order)


def _telling(labeller: Labeller, known: Features, label: str) -> tuple[str, ...]:
    """The word beginnings that spoke for the label most; letter groups are no words to show."""
    spoken = {
        feature: value * labeller.weights.get(feature, {}).get(label, 0.0)
        for feature, value in known.items()
        if not feature.startswith("~")
    }
    return tuple(sorted((f for f in spoken if spoken[f] > 0), key=lambda f: -spoken[f])[:3])


def labels(kind: str, row: Mapping[str, Any]) -> dict[str, float]:
    """A text's labels of a kind with weights: the first counts most."""
    if kind == "host":
        return dict.fromkeys(row["lead"][:1], 1.0)
    if kind == "theme":
        return {slug: 1.0 / (1 + at) for at, slug in enumerate(row["themes"])}
    if kind == "priority":
        return {code: 1.0 / (1 + at) for at, code in enumerate(row["priorities"])}
    return {f"sdg-{number}": 1.0 / (1 + at) for at, number in enumerate(row["sdgs"])}


def read_texts(lines: Iterable[str]) -> list[dict[str, Any]]:
    """Labelled texts from JSON lines."""
    return [json.loads(line) for line in lines if line.strip()]


@cache
def trained_model(folder: str) -> TextModel:
    """The model of the labelled texts in a city's folder, made once; without texts it never guesses."""
    texts: list[dict[str, Any]] = []
    for path in sorted(Path(folder).glob("*.jsonl")) if folder else ():
        texts += read_texts(path.read_text(encoding="utf-8").splitlines())
    return TextModel(texts)
