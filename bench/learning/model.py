"""The word model from labelled texts: one ridge regression per label over all texts, kept as small whole numbers."""

from __future__ import annotations

import base64
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from app.routing.model import KIND_VALUE, KINDS
from learning.texts import Row, Told

LEAST = 2  # a feature of one text only teaches nothing
COMMON = 0.03  # of all texts: what stands in more of them is no subject
SIZE = 16000  # features kept
RIDGE = 0.2
FOR_LEAD = ("lead", "host")  # what the model for who leads learns; the other learns all


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


def ridge(texts: Any, wanted: Any, counts: Any) -> Any:
    """Weights per feature and label, solved by texts (there are fewer of them than features)."""
    alike = (texts @ texts.T).toarray() + np.diag(RIDGE / counts)
    return texts.T @ np.linalg.solve(alike, wanted)


def learn(texts: Sequence[Told], size: int = SIZE, *, for_lead: bool = False) -> dict[str, Any]:
    """The model of labelled texts as plain data: all features once, then the most telling ones anew."""
    found = [text.early if for_lead else text.features for text in texts]
    kept = FOR_LEAD if for_lead else KINDS
    seen = Counter(name for one in found for name in one)
    kinds = sorted({f"={text.enquiry.organisation_type}" for text in texts if text.enquiry.organisation_type})
    names = sorted(name for name in seen if name[0] == "#" or LEAST <= seen[name] <= COMMON * len(texts)) + kinds
    known = sorted({label for text in texts for label in labels(text.labels) if label[0] in kept})
    wanted = np.array([[float(label in labels(text.labels)) for label in known] for text in texts])
    counts = np.array([text.counts if for_lead else 1.0 for text in texts])
    base = np.average(wanted, axis=0, weights=counts)
    judged, mistakes = judged_on([text.labels for text in texts], known)
    base[mistakes] = wanted[np.ix_(judged, mistakes)].mean(0)
    for keep in (size, None):
        rarity = np.array([_rarity(name, seen, len(texts)) for name in names])
        values = matrix(texts, found, names, rarity)
        weights = ridge(values, wanted - base, counts)
        if len(mistakes):
            weights[:, mistakes] = ridge(values[judged], (wanted - base)[np.ix_(judged, mistakes)], counts[judged])
        if keep:
            worth = np.sqrt((weights**2).sum(1)) * np.array([math.sqrt(seen.get(name, len(texts))) for name in names])
            best = sorted(np.argsort(-worth, kind="stable")[:keep])
            names = [names[at] for at in best]
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
