"""The words of all themes, and every one of them found in a text."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Container, Sequence

from app.routing.catalogue import ThemeProfile
from app.routing.everyday import everyday_words
from app.routing.languages import OWN, Reader, small_words
from app.routing.matching import BEGINNING, Hit, foreign_hits, hits_in
from app.routing.stems import stem
from app.routing.text import Passage, Word
from app.routing.wordindex import Index, build_index

WITHIN_PHRASE = 0.4


class Lexicon:
    """The words of all themes, per language; a language's index is built when it is first needed."""

    def __init__(self, themes: Sequence[ThemeProfile]) -> None:
        self._themes = themes
        self._indexes: dict[str, Index] = {}

    def index(self, language: str) -> Index:
        """The index of one language."""
        if language not in self._indexes:
            self._indexes[language] = build_index(language, self._themes)
        return self._indexes[language]

    def find(
        self,
        passage: Passage,
        languages: Sequence[Reader],
        unsaying: frozenset[str] = frozenset(),
        familiar: Container[str] = (),
    ) -> list[Hit]:
        """Every entry found, the heaviest language's reading of the same words only; `unsaying` words say nothing.

        Short `familiar` words are no typing errors; without any no error is looked for in short words.
        """
        best: dict[tuple[str, tuple[int, ...]], float] = {}
        own = tuple(reader.language for reader in languages if reader.trust == OWN)
        small = unsaying | small_words(own)
        plain = small | everyday_words(own)  # a word of every day here is no other language's subject ("wegen")
        indexes = {reader.language: self.index(reader.language) for reader in languages}

        def known(word: Word) -> bool:
            """Whether one of the languages knows a word."""
            return any(stem(language, word.lower) in index.known for language, index in indexes.items())

        def strange(word: Word) -> bool:
            """Whether a word has not stood in what was learnt from either."""
            return bool(familiar) and word.folded[:BEGINNING] not in familiar

        for reader in languages:
            index = indexes[reader.language]
            hits = (
                hits_in(index, passage, small, known, strange)
                if reader.trust == OWN
                else foreign_hits(index, passage, reader, plain)
            )
            for hit in hits:
                key = (hit.topic, hit.at)
                best[key] = max(best.get(key, 0.0), hit.weight)
        return _without_shadows([Hit(topic, weight, at) for (topic, at), weight in best.items()])


def _without_shadows(hits: list[Hit]) -> list[Hit]:
    covered: dict[int, set[str]] = defaultdict(set)
    for hit in hits:
        if len(hit.at) > 1 and hit.weight >= 1:
            for spot in hit.at:
                covered[spot].add(hit.topic)
    kept = []
    for hit in hits:
        owners = covered.get(hit.at[0], set()) if len(hit.at) == 1 else set()
        lighter = bool(owners) and hit.topic not in owners
        kept.append(Hit(hit.topic, hit.weight * WITHIN_PHRASE, hit.at) if lighter else hit)
    return kept


_LEXICONS: OrderedDict[int, tuple[Sequence[ThemeProfile], Lexicon]] = OrderedDict()


def lexicon_of(themes: Sequence[ThemeProfile]) -> Lexicon:
    """The lexicon of these themes; kept while the caller hands in the very same tuple."""
    key = id(themes)
    if key not in _LEXICONS or _LEXICONS[key][0] is not themes:
        _LEXICONS[key] = (themes, Lexicon(themes))
        while len(_LEXICONS) > 4:
            _LEXICONS.popitem(last=False)
    _LEXICONS.move_to_end(key)
    return _LEXICONS[key][1]
