"""Learning: how many decisions it takes until another host leads a subject, unanimous ones and contradicted ones.

Run: .venv/bin/python bench/routing_learning.py   takes some minutes. The visits are requests of the city's
training/requests; what was learnt from the first ones about a subject is asked of the others about it. The host they
are given to is the next one that answers for the subject, or one that has nothing to do with it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.city.catalogue import catalogue_from_files
from app.routing import Catalogue, Enquiry, propose
from app.routing.cases import read_cases
from app.routing.edits import with_factors
from app.routing.learning import LEAD, Lesson, leading_topic, learn

CITY = ROOT / "app" / "city" / "data" / "bergen"
MANY = 22  # requests about a subject that is measured
ASKED = 8  # of them, that none was learnt from
NUMBERS = (3, 4, 5, 6, 8)
CONTRADICTED = ((5, 1), (8, 1), (9, 1), (12, 2))
STRANGERS = ("vnb", "byarkivet", "brannvesen", "hvl")

Visit = tuple[Enquiry, str]  # with who leads it, nothing learnt


def main() -> None:
    """A line for each subject and host: of the requests about it, the share that the host leads then."""
    catalogue = catalogue_from_files(CITY)
    columns = [f"{number}" for number in NUMBERS] + [f"{more}:{less}" for more, less in CONTRADICTED]
    print(f"{'subject':40}{'given to':28}" + "".join(f"{one:>6}" for one in columns))
    for topic, visits in sorted(by_subject(catalogue).items()):
        for host, kind in others(topic, visits, catalogue):
            told, asked = visits[ASKED:], visits[:ASKED]
            cells = [led(topic, host, told, asked, number, 0, catalogue) for number in NUMBERS]
            cells += [led(topic, host, told, asked, more, less, catalogue) for more, less in CONTRADICTED]
            print(f"{topic:40}{f'{host} ({kind})':28}" + "".join(f"{one:6.2f}" for one in cells), flush=True)


def by_subject(catalogue: Catalogue) -> dict[str, list[Visit]]:
    """The requests about each subject that many are about, led by the host that leads most of them."""
    found: dict[str, list[Visit]] = defaultdict(list)
    for path in sorted((CITY / "training" / "requests").glob("*.jsonl")):
        for enquiry in read_cases(path.read_text(encoding="utf-8").splitlines()):
            proposal = propose(enquiry, catalogue)
            if proposal.lead:
                found[leading_topic(proposal.to_json())].append((enquiry, proposal.lead))
    kept = {}
    for topic, visits in found.items():
        leads = [lead for _enquiry, lead in visits]
        usual = max(sorted(set(leads)), key=leads.count)
        if leads.count(usual) >= MANY:
            kept[topic] = [visit for visit in visits if visit[1] == usual][:MANY]
    return kept


def others(topic: str, visits: Sequence[Visit], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """The next host that answers for the subject, and one that does not."""
    theme = next(one for one in catalogue.themes if one.slug == topic.split("/")[0])
    own = next((one for one in theme.topics if f"{theme.slug}/{one.slug}" == topic), theme)
    edges, lead = own.hosts or theme.hosts, visits[0][1]
    known = sorted((one for one in edges if one != lead), key=lambda one: -edges[one])
    yield from ((one, "next") for one in known[:1])
    yield from ((one, "other") for one in [one for one in STRANGERS if one not in edges][:1])


def led(
    topic: str, host: str, told: Sequence[Visit], asked: Sequence[Visit], more: int, less: int, catalogue: Catalogue
) -> float:
    """The share of requests that the host leads after so many decisions for it, and against it."""
    lessons = [
        Lesson(visit.id, topic, LEAD, frozenset({lead}), frozenset({host if at < more else lead}))
        for at, (visit, lead) in enumerate(told[: more + less])
    ]
    taught = replace(catalogue, themes=with_factors(catalogue.themes, learn(lessons, catalogue).factors))
    return sum(propose(enquiry, taught).lead == host for enquiry, _lead in asked) / len(asked)


if __name__ == "__main__":
    main()
