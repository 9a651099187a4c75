"""Learn routing's word model from a city's labelled texts, and write it beside them.

Run: make routing-model   (needs requirements-bench.txt: numpy and scipy). The same texts give the same file. One ridge
regression per label over all texts; features that tell little are left out, the others learnt once more and kept as
small whole numbers. `--check` measures instead: of texts that were not learnt from, how many leads are right.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.routing.model import FILE, KIND_VALUE, TextModel, features, read_texts

CITY = ROOT / "app" / "city" / "data" / "bergen"
LEAST = 2  # a feature of one text only teaches nothing
COMMON = 0.03  # of all texts: what stands in more of them is no subject
SIZE = 14000  # features kept
RIDGE = 0.2
FOLDS = 6

Row = Mapping[str, Any]


def labels(row: Row) -> list[tuple[str, str]]:
    """All labels of a text: who leads, who is involved, what it serves."""
    return [
        *(("lead", slug) for slug in row["lead"][:1]),
        *(("host", slug) for slug in dict.fromkeys([*row["lead"], *row["co_hosts"]])),
        *(("priority", code) for code in row["priorities"]),
        *(("sdg", f"sdg-{number}") for number in row["sdgs"]),
    ]


def matrix(found: Sequence[Mapping[str, float]], rows: Sequence[Row], names: list[str], rarity: Any) -> Any:
    """Texts by features: of length 1, and the sender's kind beside."""
    place = {name: at for at, name in enumerate(names)}
    texts, columns, values = [], [], []
    for at, (has, row) in enumerate(zip(found, rows, strict=True)):
        known = {place[name]: value * rarity[place[name]] for name, value in has.items() if name in place}
        length = math.sqrt(sum(value * value for value in known.values())) or 1.0
        known = {column: value / length for column, value in known.items()}
        if (kind := place.get(f"={row.get('type', '')}")) is not None:
            known[kind] = KIND_VALUE
        texts += [at] * len(known)
        columns += known.keys()
        values += known.values()
    return sparse.csr_matrix((values, (texts, columns)), shape=(len(rows), len(names)))


def ridge(texts: Any, wanted: Any) -> Any:
    """Weights per feature and label, solved by texts (there are fewer of them than features)."""
    alike = (texts @ texts.T).toarray() + RIDGE * np.eye(texts.shape[0])
    return texts.T @ np.linalg.solve(alike, wanted)


def learn(rows: Sequence[Row], size: int = SIZE) -> dict[str, Any]:
    """The model of labelled texts as plain data."""
    found = [features(str(row["purpose"])) for row in rows]
    seen = Counter(name for has in found for name in has)
    kinds = sorted({f"={row['type']}" for row in rows if row.get("type")})
    names = sorted(name for name, times in seen.items() if LEAST <= times <= COMMON * len(rows)) + kinds
    known = sorted({label for row in rows for label in labels(row)})
    wanted = np.array([[float(label in labels(row)) for label in known] for row in rows])
    base = wanted.mean(0)
    for keep in (size, None):
        rarity = np.array([math.log(1 + len(rows) / seen[name]) if name in seen else 1.0 for name in names])
        weights = ridge(matrix(found, rows, names, rarity), wanted - base)
        if keep:
            worth = np.sqrt((weights**2).sum(1)) * np.array([math.sqrt(seen.get(name, len(rows))) for name in names])
            best = sorted(np.argsort(-worth, kind="stable")[:keep])
            names = [names[at] for at in best]
    scale = np.abs(weights).max(0) / 127
    small = np.rint(weights / scale).astype(np.int8)
    return {
        "texts": len(rows),
        "labels": known,
        "features": names,
        "rarity": [round(float(one), 3) for one in rarity],
        "base": [round(float(one), 5) for one in base],
        "scale": [float(f"{one:.5g}") for one in scale],
        "together": together(rows),
        "weights": base64.b64encode(small.tobytes()).decode(),
    }


def together(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """How often a host takes part in what another leads."""
    led: Counter[str] = Counter()
    joined: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for lead in row["lead"][:1]:
            led[lead] += 1
            joined[lead].update(row["co_hosts"])
    return {
        lead: {slug: round(n / (led[lead] + 1), 4) for slug, n in sorted(joined[lead].items())} for lead in sorted(led)
    }


def texts_of(folder: Path) -> tuple[list[dict[str, Any]], str]:
    """All labelled texts of a folder, and a mark that changes when they do."""
    rows: list[dict[str, Any]] = []
    mark = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl")):
        mark.update(path.read_bytes())
        rows += read_texts(path.read_text(encoding="utf-8").splitlines())
    return rows, mark.hexdigest()[:16]


def check(rows: Sequence[Row], size: int = SIZE) -> float:
    """The share of right leads among texts that were not learnt from, by the words alone."""
    order = np.random.RandomState(0).permutation(len(rows))
    right = 0
    for fold in range(FOLDS):
        apart = set(order[fold::FOLDS].tolist())
        model = TextModel(learn([row for at, row in enumerate(rows) if at not in apart], size))
        for at in apart:
            lead = model.read(rows[at]["purpose"], rows[at].get("type", "")).lead
            right += max(lead, key=lambda slug: lead[slug].share) in rows[at]["lead"] if lead else 0
    return right / len(rows)


def main() -> None:
    """Write the model, or measure."""
    rows, mark = texts_of(CITY / "training")
    if "--check" in sys.argv[1:]:
        print(f"leads right by the words alone, of {len(rows)} texts: {check(rows):.3f}")
        return
    learnt = {"learnt_from": mark, **learn(rows)}
    packed = gzip.compress(json.dumps(learnt, ensure_ascii=False).encode(), mtime=0)
    (CITY / FILE).write_bytes(packed)
    print(f"{CITY / FILE}: {len(packed) / 1024:.0f} kB, {len(rows)} texts, {len(learnt['features'])} features")


if __name__ == "__main__":
    main()
