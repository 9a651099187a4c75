"""Two subjects side by side, told about equally, and neither said to be the main one: nobody knows who leads."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from app.routing.aside import words_in_passing
from app.routing.catalogue import Catalogue
from app.routing.evidence import Evidence, Reading
from app.routing.parts import SURE
from app.routing.scores import best_of
from app.routing.stated import MAIN, marks_of
from app.routing.topics import DECISIVE, TopicScore
from app.routing.types import RankedHost

ABOUT = 0.65  # of what is told of the one subject, told of the other
APART = 70  # characters between two subjects that are named in one breath
_AND = re.compile(r"\b(and|as well as|plus|og|samt|och|und|sowie|et|y|e|i|oraz|a takze|en|et aussi)\b|[;&]")


def even_hosts(
    reading: Reading, topics: Sequence[TopicScore], ranked: Sequence[RankedHost], catalogue: Catalogue
) -> frozenset[str]:
    """The hosts of subjects that the text names beside one of the lead's, with as much of each.

    Each of them is ranked by the words as a whole too; a greeting by the mayor is no subject beside one.
    """
    lead, parts = ranked[0].slug, {one.slug for one in ranked} - {catalogue.rules.representation}
    told = {f"{one.theme.slug}/{one.topic.slug}": one for one in topics if one.asked >= DECISIVE}
    if MAIN in marks_of(reading.purpose):
        return frozenset()
    by_host: dict[str, float] = defaultdict(float)
    for one in told.values():
        by_host[best_of(_hosts(one))] += one.asked
    topics_alone = {name: one.asked for name, one in told.items()}
    together = {name: by_host[best_of(_hosts(one))] for name, one in told.items()}
    return _even(reading, told, topics_alone, lead, parts, catalogue) or _even(
        reading, told, together, lead, parts, catalogue
    )


def _even(
    reading: Reading,
    told: Mapping[str, TopicScore],
    much: Mapping[str, float],
    lead: str,
    parts: set[str],
    catalogue: Catalogue,
) -> frozenset[str]:
    own = {name: one for name, one in told.items() if lead in _hosts(one)}
    most = max((much[name] for name in own), default=0.0)
    if not own or any(one > most / ABOUT for one in much.values()):
        return frozenset()
    near = _near(lead, own, catalogue)
    others = {
        name
        for name, one in told.items()
        if much[name] / most >= ABOUT and near.isdisjoint(_hosts(one)) and best_of(_hosts(one)) in parts
    }
    mine = {name for name in own if much[name] == most}
    beside = {other.topic for one, other in _pairs(reading, mine, others) if _side_by_side(reading, one, other)}
    return frozenset(best_of(_hosts(told[name])) for name in beside)


def with_even(ranked: tuple[RankedHost, ...], hosts: frozenset[str]) -> tuple[RankedHost, ...]:
    """The ranking with these hosts behind the lead: who is named as much as the lead takes part."""
    if not hosts:
        return ranked
    least = SURE * ranked[0].score
    even = [replace(one, part="part", score=max(one.score, round(least, 3))) for one in ranked if one.slug in hosts]
    others = [one for one in ranked[1:] if one.slug not in hosts]
    return (ranked[0], *sorted([*even, *others], key=lambda one: -one.score))


def _hosts(topic: TopicScore) -> Mapping[str, float]:
    return topic.topic.hosts or topic.theme.hosts


def _near(lead: str, own: Mapping[str, TopicScore], catalogue: Catalogue) -> set[str]:
    """The lead, who shares its subjects, and the department above it, or the agencies below."""
    owners = {host.slug: host.owner for host in catalogue.hosts}
    found = {lead, owners.get(lead, "")} | {slug for slug, owner in owners.items() if owner == lead}
    return found | {best_of(_hosts(one)) for one in own.values()}


def _pairs(reading: Reading, mine: set[str], others: set[str]) -> Iterator[tuple[Evidence, Evidence]]:
    passing = words_in_passing(reading.purpose)
    told = (one for one in reading.evidence if one.source == "purpose" and passing.isdisjoint(one.at))
    decisive = [one for one in told if one.weight >= DECISIVE]
    for one in (item for item in decisive if item.topic in mine):
        yield from ((one, other) for other in decisive if other.topic in others and set(one.at).isdisjoint(other.at))


def _side_by_side(reading: Reading, one: Evidence, other: Evidence) -> bool:
    """Whether both stand in one sentence with nothing but a few words and an "and" between them."""
    first, second = sorted((one, other), key=lambda item: item.at)
    words = reading.purpose.words
    end, start = words[first.at[-1]].end, words[second.at[0]].start
    same = words[first.at[0]].sentence == words[second.at[0]].sentence
    return same and end <= start <= end + APART and _AND.search(reading.purpose.folded, end, start) is not None
