"""Learn routing's word model from a city's labelled texts, fit the weights of evidence, and write both beside them.

Run: make routing-model   (needs requirements-bench.txt: numpy and scipy; some minutes of processor time). The same
texts, words and requests give the same file. Both models learn from the texts, from `open` and the development halves
of the labelled requests, and from the requests of `training/requests`. Every file of any of them is once left out and
guessed by models of the others: on these guesses the weights are fitted. Prints how many leads and co-hosts are right
in each file when it was left out (with another hand's words, that is), and how many requests have a host among the
first three that would be a mistake.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from learning.model import learn
from learning.texts import Told, of_cases, of_text
from learning.weights import TEXT_COUNTS, Guessed, fitted
from learning.whole import whole_words

from app.city.catalogue import catalogue_from_files
from app.routing import Catalogue
from app.routing.decide import SURE_LEAD
from app.routing.labelled import read_labelled
from app.routing.model import FILE, WORDS_FILE, TextModel, read_texts
from app.routing.ranking import Heard, Standing, rank_hosts

CITY = ROOT / "app" / "city" / "data" / "bergen"
SHARES = 7  # in which the files are left out, a seventh of them at a time
INBOX = ("open", "own-dev", "blind-dev", "blind2-dev", "blind3-dev", "blind4-dev", "inbox-dev")
CASES = (*INBOX, "blind5-dev")  # where fields and neighbours mislead more often than in an inbox


def texts_of(folder: Path, catalogue: Catalogue) -> tuple[list[Told], str]:
    """All labelled texts of a folder, and a mark that changes when they do."""
    texts: list[Told] = []
    mark = hashlib.sha256()
    for path in sorted(folder.glob("*.jsonl")):
        mark.update(path.read_bytes())
        rows = read_texts(path.read_text(encoding="utf-8").splitlines())
        texts += [of_text(path.stem, row, catalogue) for row in rows]
    return texts, mark.hexdigest()[:16]


def requests_of(folder: Path, catalogue: Catalogue) -> tuple[list[Told], str]:
    """The routed requests of `open`, the development halves and a folder, and their mark: no testing half is read."""
    requests: list[Told] = []
    mark = hashlib.sha256()
    for path in (*(ROOT / "tests" / "cases" / f"{name}.jsonl" for name in CASES), *sorted(folder.glob("*.jsonl"))):
        mark.update(path.read_bytes())
        requests += of_cases(path.stem, read_labelled(path.read_text(encoding="utf-8").splitlines()), catalogue)
    return requests, mark.hexdigest()[:16]


def learnt_from(texts: Sequence[Told], requests: Sequence[Told]) -> dict[str, Any]:
    """Both models as plain data: the one for who takes part and what is served, and the one for who leads."""
    everything = [*texts, *requests]
    return {**learn(everything), "leading": learn(everything, for_lead=True)}


def left_out(texts: Sequence[Told], requests: Sequence[Told]) -> Iterator[Guessed]:
    """Each text and request with what models read in it that have not learnt from its file, nor from some others."""
    files = list(dict.fromkeys(text.file for text in [*texts, *requests]))
    for out in (files[at::SHARES] for at in range(SHARES)):
        model = TextModel(learnt_from(*([one for one in some if one.file not in out] for some in (texts, requests))))
        for text in (one for one in [*texts, *requests] if one.file in out):
            count = 1.0 if text.file in INBOX else TEXT_COUNTS
            yield Guessed(text, text.beside(model), text.leading(model), model, count)


def report(guessed: Sequence[Guessed], weights: dict[str, Any], catalogue: Catalogue) -> None:
    """Leads right at once, among three, of those that are sure and that are not, and co-hosts among five, by file."""
    names = ("texts", "lead@1", "lead@3", "co@5", "sure", "right", "unsure", "right", "mistake")
    print(f"{'left out':12}" + "".join(f"{name:>8}" for name in names))
    for file in dict.fromkeys(one.text.file for one in guessed):
        first = three = found = wanted = count = mistaken = 0
        right: dict[bool, list[bool]] = {True: [], False: []}
        for text, beside, leading, model, _ in (one for one in guessed if one.text.file == file):
            model.weigh(weights)
            standing = Standing(political=False, ceremonies=0, unclear=False)
            ranked = rank_hosts(
                text.enquiry, Heard(leading, beside, beside), text.partners, catalogue, standing, model, text.refused
            )
            order, lead, part = [host.slug for host in ranked], {*text.labels["lead"]}, {*text.labels["co_hosts"]}
            first, three, count = first + bool(lead & {*order[:1]}), three + bool(lead & {*order[:3]}), count + 1
            found, wanted = found + len(part & {*order[:5]}), wanted + len(part)
            mistaken += bool({*text.labels.get("not", ())} & {*order[:3]})
            sure = len(ranked) == 1 or ranked[0].score >= SURE_LEAD * ranked[1].score
            right[sure].append(order[0] in lead)
        print(
            f"{file:12}{count:8}{first / count:8.3f}{three / count:8.3f}{found / max(wanted, 1):8.3f}"
            + "".join(f"{len(one):8}{sum(one) / max(len(one), 1):8.3f}" for one in right.values())
            + f"{mistaken:8}"
        )


def main() -> None:
    """Learn, fit, report, write."""
    catalogue = replace(catalogue_from_files(CITY), model="")  # what was learnt before has no say in what is learnt now
    texts, mark = texts_of(CITY / "training", catalogue)
    requests, asked = requests_of(CITY / "training" / "requests", catalogue)
    guessed = list(left_out(texts, requests))
    weights = fitted(guessed, catalogue)
    report(guessed, weights, catalogue)
    print(json.dumps(weights))
    learnt = {"learnt_from": mark, "requests": asked, "weighing": weights, **learnt_from(texts, requests)}
    packed = gzip.compress(json.dumps(learnt, ensure_ascii=False).encode(), mtime=0)
    (CITY / FILE).write_bytes(packed)
    known = {*learnt["features"], *learnt["leading"]["features"]}
    words = whole_words((one.enquiry.purpose for one in [*texts, *requests]), known)
    (CITY / WORDS_FILE).write_text("".join(f"{word}\n" for word in words), encoding="utf-8")
    print(f"{CITY / FILE}: {len(packed) / 1024:.0f} kB, {len(texts)} texts, {len(learnt['features'])} features")


if __name__ == "__main__":
    main()
