"""Finding an index's entries in a passage: inflected words, phrases, compounds, one typing error."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import DamerauLevenshtein, Prefix

from app.routing.languages import AKIN, Reader
from app.routing.stems import stem
from app.routing.text import Passage, fold
from app.routing.wordindex import ACRONYM_LETTERS, SMALL, Entry, Index

IN_COMPOUND = 0.8
MISTYPED = 0.6
FAR_FORM = 0.4
FAR_LETTERS = 4
OTHER_SUFFIX = 0.5
SWAPPED = 0.95
PULLED_APART = 1.0
_ENGLISH = frozenset(["", "s", "es", "'s", "d", "ed", "ing", "y", "ies", "e", "ied", "sed", "ise", "ize"])
_ROMANCE = frozenset("s e es x o a os as i is aux al le les ale ales ais oli ci che chi".split()) | {""}
ENDINGS = {"en": _ENGLISH, "fr": _ROMANCE, "es": _ROMANCE, "it": _ROMANCE, "pt": _ROMANCE}
DECISIVE = 2.0
FOREIGN_LETTERS = 6
AKIN_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A topic's word found: at which words of the passage, how heavy."""

    topic: str
    weight: float
    at: tuple[int, ...]


def hits_in(index: Index, passage: Passage, small: frozenset[str]) -> Iterator[Hit]:
    places: dict[str, list[int]] = defaultdict(list)
    stems = []
    for at, word in enumerate(passage.words):
        root = index.root(word.lower)
        stems.append(root)
        places[root].append(at)
    yield from _joined(index, passage)
    for at, word in enumerate(passage.words):
        entries = index.exact.get(stems[at])
        if entries:
            yield from _whole(entries, at, places, passage, word.lower in small, index)
        elif not word.folded.isdigit() and word.lower not in small:
            yield from _pieces(index, word.folded, stems[at], at)
        if index.prefix:
            yield from _prefixes(index, word.folded, at)


def _joined(index: Index, passage: Passage) -> Iterator[Hit]:
    """Words written with a hyphen here and without one in the lexicon ("whistle-blowing")."""
    for at in range(len(passage.words) - 1):
        first, second = passage.words[at], passage.words[at + 1]
        if second.start - first.end == 1 and passage.text[first.end] == "-":
            for entry in index.exact.get(stem(index.language, first.lower + second.lower), ()):
                if not entry.others:
                    yield Hit(entry.topic, entry.weight, (at, at + 1))


def _whole(
    entries: list[Entry], at: int, places: dict[str, list[int]], passage: Passage, small: bool, index: Index
) -> Iterator[Hit]:
    word = passage.words[at]
    for entry in entries:
        if not entry.others:
            in_capitals = passage.text[word.start : word.end].isupper()
            if in_capitals if entry.acronym else not small:
                yield Hit(entry.topic, entry.weight * _likeness(entry.written, word.lower, index.language), (at,))
            continue
        found = [_nearest(places.get(other), at, entry.span + 3) for other in entry.others]
        if all(spot is not None for spot in found):
            spots = sorted({at, *(spot for spot in found if spot is not None)})
            sentence = passage.words[at].sentence
            together = spots[-1] - spots[0] <= entry.span + 2
            if together and all(passage.words[spot].sentence == sentence for spot in spots):
                yield Hit(entry.topic, entry.weight * _togetherness(entry, spots, passage, index), tuple(spots))


def _togetherness(entry: Entry, spots: list[int], passage: Passage, index: Index) -> float:
    """How surely words near each other are the phrase: in its order and forms fully, otherwise less."""
    said = [passage.words[spot] for spot in spots]
    wanted = [word for word in re.findall(r"[^\W_]+", entry.written) if word.lower() not in SMALL]
    if len(wanted) != len(said):
        return PULLED_APART
    roots = [stem(index.language, word.lower()) for word in wanted]
    found = [index.root(word.lower) for word in said]
    factor = 1.0
    if found != roots:
        factor = SWAPPED
    elif spots[-1] - spots[0] > len(spots) + 1:
        factor = PULLED_APART
    for word, root in zip(said, found, strict=True):
        if root not in roots:
            return factor * OTHER_SUFFIX
        written = wanted[roots.index(root)]
        if written.isupper() and len(written) <= ACRONYM_LETTERS:
            if not passage.text[word.start : word.end].isupper():
                return 0.0
        else:
            factor *= _likeness(written, word.lower, index.language)
    return factor


def _likeness(written: str, lower: str, language: str) -> float:
    """How surely two words of one stem mean the same: other endings of short words, and other suffixes, count less."""
    written = fold(written) if lower.isascii() else written.lower()
    if written == lower:
        return 1.0
    shared = Prefix.similarity(written, lower)
    rests = written[shared:], lower[shared:]
    longest, shortest = max(map(len, rests)), min(len(written), len(lower))
    if longest > FAR_LETTERS or shortest <= 3 or (shared == 4 and longest > 2):
        return FAR_FORM
    if language in ENDINGS and not all(rest in ENDINGS[language] for rest in rests):
        return OTHER_SUFFIX if shortest > 4 else FAR_FORM
    return 1.0


def _nearest(spots: list[int] | None, at: int, reach: int) -> int | None:
    if not spots:
        return None
    if len(spots) > 64:
        spots = [spot for spot in spots[:2000] if abs(spot - at) <= reach][:8]
    near = min(spots, key=lambda spot: abs(spot - at), default=None)
    return near if near is not None and abs(near - at) <= reach else None


def _prefixes(index: Index, folded: str, at: int) -> Iterator[Hit]:
    for length in range(3, len(folded) + 1):
        for entry in index.prefix.get(folded[:length], ()):
            yield Hit(entry.topic, entry.weight, (at,))


def _pieces(index: Index, folded: str, root: str, at: int) -> Iterator[Hit]:
    if index.parts and len(folded) >= 8:
        found = _compound(index, folded)
        if found:
            for entry in found:
                yield Hit(entry.topic, entry.weight * IN_COMPOUND, (at,))
            return
    if len(root) >= 8:
        for entry in _mistyped(index, root):
            yield Hit(entry.topic, entry.weight * MISTYPED, (at,))


def _compound(index: Index, folded: str) -> list[Entry]:
    for length in range(len(folded) - 1, 4, -1):
        if folded[:length] in index.parts:
            tail = _tail(index, folded, length)
            return index.parts[folded[:length]] + [entry for entry in tail if entry.weight >= 1]
    return _tail(index, folded, 2)


def _tail(index: Index, folded: str, earliest: int) -> list[Entry]:
    for start in range(earliest, len(folded) - 4):
        for end in range(len(folded), max(start + 4, len(folded) - 5), -1):
            if folded[start:end] in index.parts:
                return index.parts[folded[start:end]]
    return []


def _mistyped(index: Index, root: str) -> list[Entry]:
    candidates = {index.gaps.get(root), *(index.gaps.get(root[:at] + root[at + 1 :]) for at in range(len(root)))}
    candidates |= {root[:at] + root[at + 1 :] for at in range(len(root))} & index.exact.keys()
    for candidate in sorted(filter(None, candidates)):
        if len(candidate) >= 7 and DamerauLevenshtein.distance(candidate, root, score_cutoff=1) <= 1:
            return [entry for entry in index.exact[candidate] if not entry.others]
    return []


def foreign_hits(index: Index, passage: Passage, reader: Reader, small: frozenset[str]) -> Iterator[Hit]:
    """A language the text is not written in: only long words, of a kin language typical ones, else decisive ones."""
    least, letters = (1.0, AKIN_LETTERS) if reader.trust == AKIN else (DECISIVE, FOREIGN_LETTERS)
    for at, word in enumerate(passage.words):
        if len(word.folded) < letters or word.lower in small:
            continue
        for entry in index.exact.get(index.root(word.lower), ()):
            if not entry.others and entry.weight >= least and abs(len(entry.written) - len(word.folded)) <= 2:
                yield Hit(entry.topic, entry.weight * _likeness(entry.written, word.lower, index.language), (at,))
