"""The word model from labelled texts: per label a ridge regression, and naive Bayes beside it, as small whole numbers.

The regression asks what each word adds beside all others, and of two words that mostly stand together it hardly trusts
either; naive Bayes asks each word by itself. Their mean finds more than each alone (docs/routing.md).
"""

from __future__ import annotations

import base64
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from scipy.linalg import solve

from app.routing.everyday import everyday_words_of_all
from app.routing.model import KIND_VALUE, KINDS
from learning.texts import Row, Told

LEAST = 2  # a feature of one text only teaches nothing
COMMON = 0.03  # of all texts: what stands in more of them is no subject
SIZE = 20000  # features kept
FOR_LEAD = ("lead", "host")  # what the model for who leads learns; the other learns all
BY_ODDS = ("lead", "host", "priority", "sdg")  # kinds that naive Bayes tells of; who would be a mistake it does not
WITH, WITHOUT = 0.3, 100.0  # as if so many more texts had a label, with a word and in all: rare words tell less


@dataclass(frozen=True, slots=True)
class Mean:
    """How firmly the regression is held back, how much of it counts, and how much of a word's log odds beside it."""

    ridge: float
    share: float
    odds: float


LEADING = Mean(0.2, 0.55, 0.044)
BESIDE = Mean(3.0, 0.85, 0.017)


def labels(row: Row) -> list[tuple[str, str]]:
    """All labels of a text: who leads, who is involved, who would be a mistake, what it serves."""
    return [
        *(("lead", slug) for slug in row["lead"][:1]),
        *(("host", slug) for slug in dict.fromkeys([*row["lead"], *row["co_hosts"]])),
        *(("mistake", slug) for slug in row.get("not", ())),
        *(("priority", code) for code in row["priorities"]),
        *(("sdg", f"sdg-{number}") for number in row["sdgs"]),
    ]


def matrix(texts: Sequence[Told], found: Sequence[Mapping[str, float]], names: list[str], rarity: Any) -> Any:
    """Texts by features: words of length 1, and topics and the sender's kind beside, as they are."""
    place = {name: at for at, name in enumerate(names)}
    rows, columns, values = [], [], []
    for at, text in enumerate(texts):
        known = {place[name]: value * rarity[place[name]] for name, value in found[at].items() if name in place}
        topics = {place[name] for name in found[at] if name[0] == "#" and name in place}
        length = math.sqrt(sum(value * value for column, value in known.items() if column not in topics)) or 1.0
        known = {column: value if column in topics else value / length for column, value in known.items()}
        if (kind := place.get(f"={text.enquiry.organisation_type}")) is not None:
            known[kind] = KIND_VALUE
        rows += [at] * len(known)
        columns += known.keys()
        values += known.values()
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(names)))


def ridge(texts: Any, alike: Any, wanted: Any, held: Any) -> Any:
    """Weights per feature and label, solved by texts (there are fewer of them than features) and how alike they are."""
    return texts.T @ solve(alike + np.diag(held), wanted, assume_a="pos", overwrite_a=True, check_finite=False)


def regression(texts: Any, missing: Any, held: Any, judged: Any, mistakes: Any) -> Any:
    """The weights of all labels by all texts; of who would be a mistake by those that were judged for it."""
    alike = (texts @ texts.T).toarray()
    weights = ridge(texts, alike, missing, held)
    if len(mistakes):
        missed = missing[np.ix_(judged, mistakes)]
        weights[:, mistakes] = ridge(texts[judged], alike[np.ix_(judged, judged)], missed, held[judged])
    return weights


def log_odds(texts: Any, wanted: Any, counts: Any, of_words: Any) -> Any:
    """How much likelier each word is in texts with a label than in those without, by its logarithm; else 0."""
    stands = sparse.csr_matrix(texts > 0).astype(float).multiply(of_words).tocsr()
    counts = counts / counts.max()
    both, with_label = stands.T @ (wanted * counts[:, None]), counts @ wanted
    seen, all_texts = (stands.T @ counts)[:, None], counts.sum()
    odds = (both + WITH) / (with_label + WITHOUT) * (all_texts - with_label + WITHOUT) / (seen - both + WITH)
    return np.log(odds) * np.array(of_words, dtype=float)[:, None]


def learn(texts: Sequence[Told], size: int = SIZE, *, for_lead: bool = False) -> dict[str, Any]:
    """The model of labelled texts as plain data: all features once, then the most telling ones anew."""
    found = [text.early if for_lead else text.features for text in texts]
    kept = FOR_LEAD if for_lead else KINDS
    seen = Counter(name for one in found for name in one)
    kinds = sorted({f"={text.enquiry.organisation_type}" for text in texts if text.enquiry.organisation_type})
    plain = everyday_words_of_all()  # of every day in one language, though rare among all texts: no subject
    telling = (name for name in seen if LEAST <= seen[name] <= COMMON * len(texts) and name not in plain)
    names = sorted({*telling, *(name for name in seen if name[0] == "#")}) + kinds
    having = [{*labels(text.labels)} for text in texts]
    known = sorted({label for some in having for label in some if label[0] in kept})
    wanted = np.array([[float(label in some) for label in known] for some in having])
    counts, mean = np.array([text.counts for text in texts]), LEADING if for_lead else BESIDE
    base = np.average(wanted, axis=0, weights=counts)
    judged, mistakes = judged_on([text.labels for text in texts], known)
    base[mistakes] = wanted[np.ix_(judged, mistakes)].mean(0)
    told = np.array([kind in BY_ODDS for kind, _label in known])
    for keep in (size, None):
        rarity = np.array([_rarity(name, seen, len(texts)) for name in names])
        values = matrix(texts, found, names, rarity)
        held = mean.ridge / counts
        weights = regression(values, wanted - base, held, judged, mistakes) * np.where(told, mean.share, 1.0)
        odds = mean.odds * log_odds(values, wanted, counts, [name[0] not in "#=" for name in names]) * told
        weights += odds
        if keep:
            worth = np.sqrt((weights**2).sum(1)) * np.array([math.sqrt(seen.get(name, len(texts))) for name in names])
            best = sorted(np.argsort(-worth, kind="stable")[:keep])
            names = [names[at] for at in best]
    base = base * np.where(told, mean.share, 1.0) - np.average(values @ odds, axis=0, weights=counts)
    scale = np.abs(weights).max(0) / 127
    return {
        "texts": len(texts),
        "labels": known,
        "features": names,
        "rarity": [round(float(one), 3) for one in rarity],
        "base": [round(float(one), 5) for one in base],
        "scale": [float(f"{one:.5g}") for one in scale],
        "together": {} if for_lead else beside([text.labels for text in texts], "co_hosts"),
        "apart": {} if for_lead else beside([text.labels for text in texts if "not" in text.labels], "not"),
        "weights": base64.b64encode(np.rint(weights / scale).astype(np.int8).tobytes()).decode(),
    }


def _rarity(name: str, seen: Mapping[str, int], texts: int) -> float:
    """Rare words tell more; topics and kinds count as they are."""
    return math.log(1 + texts / seen[name]) if name in seen and name[0] != "#" else 1.0


def judged_on(rows: Sequence[Row], known: Sequence[tuple[str, str]]) -> tuple[Any, Any]:
    """The places of the texts that say who would be a mistake (bare texts do not), and of these labels."""
    judged = [at for at, row in enumerate(rows) if "not" in row]
    mistakes = [at for at, (kind, _slug) in enumerate(known) if kind == "mistake"]
    return np.array(judged, dtype=int), np.array(mistakes, dtype=int)


def beside(rows: Sequence[Row], label: str) -> dict[str, dict[str, float]]:
    """How often a host has this label (takes part, would be a mistake) in what another leads."""
    led: Counter[str] = Counter()
    joined: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for lead in row["lead"][:1]:
            led[lead] += 1
            joined[lead].update(row[label])
    return {
        lead: {slug: round(n / (led[lead] + 1), 4) for slug, n in sorted(joined[lead].items())} for lead in sorted(led)
    }
