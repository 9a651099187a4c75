"""Learn routing's word model from a city's labelled texts, fit the weights of evidence, and write both beside them.

Run: make routing-model   (needs requirements-bench.txt: numpy and scipy; a minute of processor time). The same texts,
words and requests give the same file. Every file of texts is once left out and guessed by a model of the others: on
these guesses, and on the development halves of the labelled requests, the weights are fitted. Prints how many leads and
co-hosts are right in texts of each file when their own file was left out: with another hand's words, that is.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from learning.model import learn
from learning.texts import Told, of_cases, of_text
from learning.weights import TEXT_COUNTS, Guessed, fitted

from app.city.catalogue import catalogue_from_files
from app.routing import Catalogue
from app.routing.decide import SURE_LEAD
from app.routing.labelled import read_labelled
from app.routing.model import FILE, TextModel, read_texts
from app.routing.ranking import Standing, rank_hosts

CITY = ROOT / "app" / "city" / "data" / "bergen"
REQUESTS = ("open", "own-dev", "blind-dev", "blind2-dev", "blind3-dev", "blind4-dev")


def texts_of(folder: Path, catalogue: Catalogue) -> tuple[list[Told], str]:
    """All labelled texts of a folder, and a mark that changes when they do."""
    texts: list[Told] = []
    mark = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl")):
        mark.update(path.read_bytes())
        rows = read_texts(path.read_text(encoding="utf-8").splitlines())
        texts += [of_text(path.stem, row, catalogue) for row in rows]
    return texts, mark.hexdigest()[:16]


def requests_of(catalogue: Catalogue) -> Iterator[Told]:
    """The routed requests of the development halves: no testing half is read here."""
    for name in REQUESTS:
        path = ROOT / "tests" / "cases" / f"{name}.jsonl"
        if path.exists():
            yield from of_cases(name, read_labelled(path.read_text(encoding="utf-8").splitlines()), catalogue)


def left_out(texts: Sequence[Told]) -> Iterator[Guessed]:
    """Each text with the guesses of a model that has not learnt from its file."""
    for file in sorted({text.file for text in texts}):
        model = TextModel(learn([text for text in texts if text.file != file]))
        for text in texts:
            if text.file == file:
                yield text, text.guesses(model), model, TEXT_COUNTS


def report(guessed: Sequence[Guessed], weights: dict[str, Any], catalogue: Catalogue) -> None:
    """Leads right at once, among three, of those that are sure and that are not, and co-hosts among five, by file."""
    names = ("texts", "lead@1", "lead@3", "co@5", "sure", "right", "unsure", "right")
    print(f"{'left out':12}" + "".join(f"{name:>8}" for name in names))
    for file in dict.fromkeys(text.file for text, _, _, _ in guessed):
        first = three = found = wanted = count = 0
        right: dict[bool, list[bool]] = {True: [], False: []}
        for text, guesses, model, _ in (one for one in guessed if one[0].file == file):
            model.weigh(weights)
            standing = Standing(political=False, ceremonies=0, unclear=False)
            ranked = rank_hosts(text.enquiry, text.topics, text.partners, catalogue, standing, guesses, model)
            order, lead, part = [host.slug for host in ranked], {*text.labels["lead"]}, {*text.labels["co_hosts"]}
            first, three, count = first + bool(lead & {*order[:1]}), three + bool(lead & {*order[:3]}), count + 1
            found, wanted = found + len(part & {*order[:5]}), wanted + len(part)
            sure = len(ranked) == 1 or ranked[0].score >= SURE_LEAD * ranked[1].score
            right[sure].append(order[0] in lead)
        print(
            f"{file:12}{count:8}{first / count:8.3f}{three / count:8.3f}{found / max(wanted, 1):8.3f}"
            + "".join(f"{len(one):8}{sum(one) / max(len(one), 1):8.3f}" for one in right.values())
        )


def main() -> None:
    """Learn, fit, report, write."""
    catalogue = catalogue_from_files(CITY)
    texts, mark = texts_of(CITY / "training", catalogue)
    learnt = learn(texts)
    model = TextModel(learnt)
    guessed = list(left_out(texts))
    requests: list[Guessed] = [(one, one.guesses(model), model, 1.0) for one in requests_of(catalogue)]
    weights = fitted([*guessed, *requests], catalogue)
    report([*guessed, *requests], weights, catalogue)
    print(json.dumps(weights))
    learnt = {"learnt_from": mark, "weighing": weights, **learnt}
    packed = gzip.compress(json.dumps(learnt, ensure_ascii=False).encode(), mtime=0)
    (CITY / FILE).write_bytes(packed)
    print(f"{CITY / FILE}: {len(packed) / 1024:.0f} kB, {len(texts)} texts, {len(learnt['features'])} features")


if __name__ == "__main__":
    main()
