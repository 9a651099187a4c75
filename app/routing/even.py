"""Two subjects side by side, told about equally, and neither said to be the main one: nobody knows who leads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from app.routing.aside import words_in_passing
from app.routing.catalogue import Catalogue
from app.routing.evidence import Evidence, Reading
from app.routing.scores import best_of
from app.routing.stated import MAIN, marks_of
from app.routing.topics import DECISIVE, TopicScore
from app.routing.types import RankedHost

ABOUT = 0.65  # of what is told of the one subject, told of the other
APART = 70  # characters between two subjects that are named in one breath
_AND = re.compile(r"\b(and|as well as|plus|og|samt|och|und|sowie|et|y|e|i|oraz|a takze|en|et aussi)\b|[;&]")


def is_even(reading: Reading, topics: Sequence[TopicScore], ranked: Sequence[RankedHost], catalogue: Catalogue) -> bool:
    """Whether the text names a subject of the lead beside one that is another host's, with as much of each.

    That other host takes part by the words as a whole too; a greeting by the mayor is no subject beside one.
    """
    lead, parts = ranked[0].slug, {one.slug for one in ranked if one.part == "part"} - {catalogue.rules.representation}
    told = {f"{one.theme.slug}/{one.topic.slug}": one for one in topics if one.asked >= DECISIVE}
    own = {name: one for name, one in told.items() if lead in _hosts(one)}
    if not own or MAIN in marks_of(reading.purpose):
        return False
    most = max(one.asked for one in own.values())
    near = _near(lead, own, catalogue)
    others = {
        name
        for name, one in told.items()
        if ABOUT <= one.asked / most <= 1 / ABOUT and near.isdisjoint(_hosts(one)) and best_of(_hosts(one)) in parts
    }
    if not others or any(one.asked > most / ABOUT for one in told.values()):
        return False
    mine = {name for name, one in own.items() if one.asked == most}
    return any(_side_by_side(reading, one, other) for one, other in _pairs(reading, mine, others))


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
