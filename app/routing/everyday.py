"""Words of every day in the languages that are read: they stand in any text and tell a person nothing of a subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from app.routing.catalogue import ThemeProfile
from app.routing.data import table
from app.routing.languages import READ, small_words, spoken
from app.routing.text import fold, read

TYPICAL = 2.0  # the least weight at which a city's word stands for its subject, though it be a word of every day


def everyday_words(languages: Iterable[str] = READ) -> frozenset[str]:
    """The folded everyday words of some languages, or of all that are read."""
    return frozenset().union(*map(_of, languages))


@cache
def everyday_words_of_all() -> frozenset[str]:
    """The folded everyday words of all languages that are read."""
    return everyday_words()


def languages_of(text: str) -> tuple[str, ...]:
    """The languages whose everyday words say nothing in this text; all where it cannot be told."""
    found = tuple(language for language in spoken(read("", text)) if language in READ)
    return found or READ


@cache
def _of(language: str) -> frozenset[str]:
    listed = table("everyday")[language].split(",")
    return frozenset(fold(word.strip()) for word in (*listed, *small_words((language,))))


def subject_words(themes: Sequence[ThemeProfile]) -> frozenset[str]:
    """The single words, folded, that decide or are typical of a subject of these themes in any language."""
    if _KEPT and _KEPT[0][0] is themes:
        return _KEPT[0][1]
    found = frozenset(
        fold(word)
        for theme in themes
        for topic in theme.topics
        for words in topic.words.values()
        for word, weight in words.items()
        if weight >= TYPICAL and " " not in word
    )
    _KEPT[:] = [(themes, found)]
    return found


_KEPT: list[tuple[Sequence[ThemeProfile], frozenset[str]]] = []  # of the themes asked for last, which hardly change
