"""What the sender comes for: how it knows the city never picks who leads, nor a side stop beside a stated main one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.routing.aside import words_if_time
from app.routing.catalogue import Catalogue, PartnershipProfile
from app.routing.cues import cue
from app.routing.evidence import Evidence, Reading, told_of_each_topic
from app.routing.names import mentions
from app.routing.partners import Partners, only_in_passing
from app.routing.ranks import words_of_titles
from app.routing.scores import best_of
from app.routing.stated import MAIN, SIDE, marks_of
from app.routing.text import Passage
from app.routing.topics import NEXT_TO_IT
from app.routing.twins import TWIN_WORDS
from app.routing.unwanted import without

NAMED = 2.4  # the least weight of words for one topic that name a subject: about one that decides
TOLD = 1.3  # what a sentence tells of another topic, to be more than a word of a network, or of one only in passing
STATED = 1.5  # what the words said to be the main subject must tell of one topic, or nobody knows what it is
_BESIDE = ("relation", "on_behalf_of", "event")  # fields that tell how the sender knows the city


def without_acquaintance(reading: Reading, partners: Partners, catalogue: Catalogue) -> Reading | None:
    """The reading without names of networks and twin cities, and without sentences that only tell of them.

    None where nothing else names a subject, where what does is what the network is for, and where it is asked about.
    """
    known = [network for network, _ in partners.networks]
    names = _names(reading, partners, catalogue)
    near, led = _near(known, catalogue), _led(known, catalogue)
    if _asked_for(names, reading):
        return None
    for words in (names | _sentences_about(names, near | led, reading), names):
        evidence = tuple(one for one in reading.evidence if not _from_acquaintance(one, words, bool(known)))
        totals = told_of_each_topic(evidence)
        best = max(totals.values(), default=0.0)
        if best >= (NAMED if known else TOLD):
            shared = max((total for topic, total in totals.items() if topic in near), default=0.0)
            own = max((total for topic, total in totals.items() if topic in led), default=0.0)
            is_its_own = own == best or shared >= NEXT_TO_IT * best
            return None if is_its_own else replace(_less(reading, words), evidence=evidence)
    return None


def asks_about_network(reading: Reading, partners: Partners, catalogue: Catalogue) -> bool:
    """Whether a network is named in the purpose and its work is asked about: then it is the subject."""
    named = any(mention.source == reading.purpose.source for _, mention in partners.networks)
    return named and cue("network_asked").search(reading.purpose.folded) is not None


def with_what_is_mainly_meant(reading: Reading) -> Reading | None:
    """The reading without its side stops, and what is only for a time to spare; None where there is neither.

    Nor is anything left out where what is mainly meant names no subject.
    """
    passing = words_if_time(reading.purpose)
    left = _less(reading, passing)
    if not passing or max(told_of_each_topic(left.evidence).values(), default=0.0) < STATED:
        return _without_side_stops(reading)
    return _without_side_stops(left) or left


def _without_side_stops(reading: Reading) -> Reading | None:
    marks = marks_of(reading.purpose)
    main = frozenset(at for at, mark in enumerate(marks) if mark == MAIN)
    side = frozenset(at for at, mark in enumerate(marks) if mark == SIDE)
    told = told_of_each_topic(one for one in reading.evidence if one.source == "purpose" and main.issuperset(one.at))
    if not side or max(told.values(), default=0.0) < STATED:
        return None
    return _less(reading, side)


def _less(reading: Reading, words: frozenset[int]) -> Reading:
    kept = tuple(one for one in reading.evidence if not _from_acquaintance(one, words, False))
    return replace(reading, asked=without(reading.asked, words), evidence=kept)


def _near(known: Iterable[PartnershipProfile], catalogue: Catalogue) -> frozenset[str]:
    """The topics that these networks are for."""
    themes = {slug for one in known for slug in one.themes}
    return frozenset(
        f"{theme.slug}/{topic.slug}" for theme in catalogue.themes for topic in theme.topics if theme.slug in themes
    )


def _led(known: Iterable[PartnershipProfile], catalogue: Catalogue) -> frozenset[str]:
    """The topics that the hosts lead which follow these networks up."""
    own = {one.practical or one.responsible for one in known}
    return frozenset(
        f"{theme.slug}/{topic.slug}"
        for theme in catalogue.themes
        for topic in theme.topics
        if best_of(topic.hosts or theme.hosts) in own
    )


def _names(reading: Reading, partners: Partners, catalogue: Catalogue) -> frozenset[int]:
    """Which words of the purpose are names of the sender's networks, though only in passing, and of twin cities.

    A title that towns bear is one as well.
    """
    passage = reading.purpose
    slugs = {network.slug for network, _ in partners.networks}
    found = set(words_of_titles(passage))
    for mention in mentions(catalogue, passage):
        passing = mention.name.kind == "network" and only_in_passing(passage, mention)
        if passing or mention.name.slug in slugs or mention.name.kind == "twin-city":
            found.update(range(mention.at, mention.last))
    for _, mention in partners.networks:
        if mention.source == passage.source:
            start = passage.words[mention.at].start
            found.update(_within(passage, start, start + len(mention.quote)))
    for match in TWIN_WORDS.finditer(passage.folded):
        found.update(_within(passage, *match.span()))
    return frozenset(found)


def _within(passage: Passage, start: int, end: int) -> Iterator[int]:
    return (at for at, word in enumerate(passage.words) if word.start < end and start < word.end)


def _sentences_about(names: frozenset[int], near: frozenset[str], reading: Reading) -> frozenset[int]:
    """The words of sentences that name a network, ask for nothing, and tell of nothing but what it is for."""
    told = {number for number in _sentences_of(names, reading) if not _asks(number, reading)}
    told = {number for number in told if _told_beside(names, number, reading, near) < TOLD}
    return frozenset(at for at, word in enumerate(reading.purpose.words) if word.sentence in told)


def _asked_for(names: frozenset[int], reading: Reading) -> bool:
    """Whether a network is itself what a sentence asks about: it names no other subject."""
    return any(
        _asks(number, reading) and _told_beside(names, number, reading) < TOLD
        for number in _sentences_of(names, reading)
    )


def _sentences_of(names: frozenset[int], reading: Reading) -> set[int]:
    return {reading.purpose.words[at].sentence for at in names}


def _asks(number: int, reading: Reading) -> bool:
    return cue("ask").search(reading.purpose.folded, *reading.purpose.sentences[number]) is not None


def _told_beside(names: frozenset[int], number: int, reading: Reading, near: frozenset[str] = frozenset()) -> float:
    """What the other words of a sentence tell of the one subject, not near, that they tell most of."""
    words = reading.purpose.words
    totals = told_of_each_topic(
        one
        for one in reading.evidence
        if one.source == "purpose" and words[one.at[0]].sentence == number and not names.issuperset(one.at)
    )
    return max((total for topic, total in totals.items() if topic not in near), default=0.0)


def _from_acquaintance(one: Evidence, words: frozenset[int], through_network: bool) -> bool:
    if one.source == "purpose":
        return not words.isdisjoint(one.at)
    return through_network and one.source in _BESIDE
