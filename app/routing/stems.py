"""Word stems per language, and the lexicon that finds a catalogue's words in a text."""

from __future__ import annotations

import threading
from functools import lru_cache

import snowballstemmer

from app.routing.text import fold

ALGORITHMS = {
    "en": "english",
    "no": "norwegian",
    "sv": "swedish",
    "da": "danish",
    "de": "german",
    "fr": "french",
    "es": "spanish",
    "it": "italian",
    "pl": "polish",
    "nl": "dutch",
    "pt": "portuguese",
}
COMPOUNDING = frozenset({"no", "sv", "da", "de", "nl"})
ACCENTED = frozenset({"fr", "es", "it", "pl", "pt"})  # often typed without accents


_own = threading.local()


def _stemmer(language: str) -> snowballstemmer.stemmer:
    """One for each thread: a stemmer keeps the word it works on in itself, and two words at once spoil each other."""
    made: dict[str, snowballstemmer.stemmer] = _own.__dict__.setdefault("made", {})
    if language not in made:
        made[language] = snowballstemmer.stemmer(ALGORITHMS[language])
    return made[language]


@lru_cache(maxsize=100_000)
def stem(language: str, lower: str) -> str:
    """The folded stem of a lower-case word; a language without a stemmer keeps the word."""
    if language not in ALGORITHMS:
        return fold(lower)
    return fold(_stemmer(language).stemWord(lower))
