"""Word stems per language, and the lexicon that finds a catalogue's words in a text."""

from __future__ import annotations

from functools import cache, lru_cache

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


@cache
def _stemmer(language: str) -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer(ALGORITHMS[language])


@lru_cache(maxsize=100_000)
def stem(language: str, lower: str) -> str:
    """The folded stem of a lower-case word; a language without a stemmer keeps the word."""
    if language not in ALGORITHMS:
        return fold(lower)
    return fold(_stemmer(language).stemWord(lower))
