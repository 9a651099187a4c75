"""Names of places in the name of a sender: Essen, Bath or Tours say where somebody comes from, not what about."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from babel import Locale, UnknownLocaleError

from app.routing.catalogue import ThemeProfile, TopicProfile
from app.routing.data import table
from app.routing.languages import OF_COUNTRY
from app.routing.ranks import words_of_ranks
from app.routing.text import FIELD_CAP, Passage, fold, read
from app.routing.types import Enquiry

NAMING = ("organisation", "head_title", "on_behalf_of")  # the fields in which a sender is named
IN_MANY_LANGUAGES = 6  # of eleven that are read: a word listed so often under one topic is a name everywhere
Words = tuple[str, ...]


def words_of_places(passage: Passage, enquiry: Enquiry, themes: Sequence[ThemeProfile]) -> frozenset[int]:
    """Which words of a sender's name or title name a place: its city, its country, or what stands beside "city of".

    A place that the themes list by its own name (Hiroshima, for peace) tells its subject all the same.
    """
    words = tuple(word.folded for word in passage.words)
    found: set[int] = set()
    for name in _own_places(enquiry):
        found.update(at for start in _places_of(name, words) for at in range(start, start + len(name)))
    found.update(_beside_municipality(passage, words))
    listed = _listed_names(themes)
    return frozenset(at for at in found if words[at] not in listed)


def without_places(text: str, enquiry: Enquiry, themes: Sequence[ThemeProfile]) -> str:
    """A sender's name or title with blanks where places stand, and words of its rank or kind."""
    passage = read("organisation", text, FIELD_CAP)
    letters = list(passage.text)
    for word in (passage.words[at] for at in words_of_places(passage, enquiry, themes) | words_of_ranks(passage)):
        letters[word.start : word.end] = " " * (word.end - word.start)
    return "".join(letters)


def _listed_names(themes: Sequence[ThemeProfile]) -> frozenset[str]:
    """The single words that a topic lists alike in many languages: names, not words that a place happens to be."""
    if not _KEPT or _KEPT[0][0] is not themes:
        topics = [topic for theme in themes for topic in theme.topics]
        times = Counter((at, word) for at, topic in enumerate(topics) for word in _words_of_languages(topic))
        _KEPT[:] = [(themes, frozenset(word for (_, word), count in times.items() if count >= IN_MANY_LANGUAGES))]
    return _KEPT[0][1]


def _words_of_languages(topic: TopicProfile) -> Iterator[str]:
    for words in topic.words.values():
        yield from {fold(word) for word in words if word.isalpha()}


_KEPT: list[tuple[Sequence[ThemeProfile], frozenset[str]]] = []  # of the themes asked for last, which hardly change


def _own_places(enquiry: Enquiry) -> Iterator[Words]:
    """The city as the form has it ("Halle (Saale)" is Halle), and the country's names in languages that are read."""
    yield _split(re.split(r"[,(/]", enquiry.city)[0])
    yield from _names_of_country(enquiry.country)


def _split(name: str) -> Words:
    return tuple(word.folded for word in read("city", name, FIELD_CAP).words)


@cache
def _names_of_country(country: str) -> tuple[Words, ...]:
    found = {
        _split(name) for language in ("en", "nb", *OF_COUNTRY.get(country, ())) if (name := _called(country, language))
    }
    return tuple(sorted(found))


def _called(country: str, language: str) -> str:
    try:
        return str(Locale.parse("nb" if language == "no" else language).territories.get(country, ""))
    except UnknownLocaleError:
        return ""


def _places_of(name: Words, words: Words) -> Iterator[int]:
    """Where the whole name stands among the words."""
    for at in range(len(words) - len(name) + 1 if name else 0):
        if words[at : at + len(name)] == name:
            yield at


@cache
def _municipality(side: str) -> tuple[Words, ...]:
    """The phrases of one side, the longest first."""
    rows = {_split(phrase) for phrases in table("municipalities")[side].values() for phrase in phrases.split(",")}
    return tuple(sorted(filter(None, rows), key=lambda row: (-len(row), row)))


@cache
def municipal_words() -> frozenset[str]:
    """The single words of what stands beside a municipality's name: city, stadt, kommune, ayuntamiento …"""
    return frozenset(word for side in ("before", "after") for phrase in _municipality(side) for word in phrase)


@cache
def _between() -> frozenset[str]:
    return frozenset(fold(word.strip().strip("'\"")) for word in table("municipalities")["between"].split(","))


def _beside_municipality(passage: Passage, words: Words) -> Iterator[int]:
    """The one word, with a capital, beside a word for a municipality; a comma or bracket between them parts them."""
    for side, step in (("before", 1), ("after", -1)):
        for phrase in _municipality(side):
            for start in _places_of(phrase, words):
                at = start + len(phrase) if step > 0 else start - 1
                while step > 0 and at < len(words) and words[at] in _between():
                    at += 1
                if 0 <= at < len(words) and _named(passage, at, start, step, len(phrase)):
                    yield at


def _named(passage: Passage, at: int, start: int, step: int, length: int) -> bool:
    word = passage.words[at]
    if step > 0:
        gap = passage.text[passage.words[start + length - 1].end : word.start]
    else:
        gap = passage.text[word.end : passage.words[start].start]
    return passage.text[word.start].isupper() and not re.search(r"[,;:()/–—\n]| - ", gap)
