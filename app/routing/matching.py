"""Finding an index's entries in a passage: inflected words, phrases, compounds, one typing error."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rapidfuzz.distance import Prefix

from app.routing.everyday import everyday_words_of_all
from app.routing.languages import AKIN, Reader
from app.routing.stems import stem
from app.routing.text import Passage, Word, fold
from app.routing.wordindex import ACRONYM_LETTERS, SMALL, Entry, Index

IN_COMPOUND = 0.82
MISTYPED = 0.82
PERHAPS_MISTYPED = 0.6
SHORTEST_MISTYPED = 5  # letters
LONG_NAME = 8  # letters of a capitalised word that may be mistyped rather than a name, and of one with another accent
BEGINNING = 7  # letters of a word by which it is familiar
LONG_COMPOUND, MIDST = 14, 7  # letters of a word in whose midst a part is looked for, and of that part
FAR_FORM = 0.4
FAR_LETTERS = 4
OTHER_SUFFIX = 0.5
SWAPPED = 0.95
PULLED_APART = 1.0
_ENGLISH = frozenset(["", "s", "es", "'s", "d", "ed", "ing", "y", "ies", "e", "ied", "sed", "ise", "ize"])
_ROMANCE = frozenset("s e es x o a os as i is aux al le les ale ales ais oli ci che chi".split()) | {""}
ENDINGS = {"en": _ENGLISH, "fr": _ROMANCE, "es": _ROMANCE, "it": _ROMANCE, "pt": _ROMANCE}
ENDINGS_OF_ONE_WORD = ("tion", "sjon", "tor", "tiv", "tie")  # "operation" is no opera
DECISIVE = 2.0
FOREIGN_LETTERS = 6
AKIN_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """A topic's word found: at which words of the passage, how heavy."""

    topic: str
    weight: float
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """The stems of a passage's words, where each stands, and which words have a typing error."""

    stems: list[str]
    places: dict[str, list[int]]
    mistyped: set[int]


def hits_in(
    index: Index,
    passage: Passage,
    small: frozenset[str],
    known: Callable[[Word], bool] = lambda word: False,
    strange: Callable[[Word], bool] = lambda word: False,
) -> Iterator[Hit]:
    places: dict[str, list[int]] = defaultdict(list)
    stems: list[str] = []
    mistyped: set[int] = set()
    for at, word in enumerate(passage.words):
        root = index.root(word.lower)
        meant = (
            ""
            if root in index.known or word.lower in small or known(word)
            else _meant(index, passage, word, root, strange)
        )
        if meant:
            mistyped.add(at)
        stems.append(meant or root)
        places[stems[-1]].append(at)
    seen = Seen(stems, places, mistyped)
    yield from _joined(index, passage)
    for at, word in enumerate(passage.words):
        entries = index.exact.get(stems[at])
        if entries:
            for hit in _whole(entries, at, seen, passage, word.lower in small, index):
                one = hit if mistyped.isdisjoint(hit.at) else _as_mistyped(hit, passage)
                if one.weight > 0:
                    yield one
        elif not (word.folded.isdigit() or word.lower in small or word.folded in everyday_words_of_all()):
            yield from _pieces(index, word, at)
        if index.prefix:
            yield from _prefixes(index, word.folded, at)


def _meant(index: Index, passage: Passage, word: Word, root: str, strange: Callable[[Word], bool]) -> str:
    """The stem of the word that was meant, where this one has a typing error; names and everyday words have none."""
    if len(word.folded) < SHORTEST_MISTYPED or word.folded in everyday_words_of_all():
        return ""
    if index.language != "de" and passage.text[word.start].isupper() and not _begins_sentence(passage, word):
        if len(word.folded) < LONG_NAME and not passage.text[word.start : word.end].isupper():
            return ""
    if index.parts and len(word.folded) >= 8 and _compound(index, word):
        return ""
    if strange(word) and (meant := index.meant.stem_of(word.folded)):
        return meant
    meant = index.meant.stem_of(root) if len(root) >= LONG_NAME else ""
    return meant if len(meant) >= BEGINNING else ""


def _begins_sentence(passage: Passage, word: Word) -> bool:
    return passage.sentences[word.sentence][0] >= word.start - 2


def _as_mistyped(hit: Hit, passage: Passage) -> Hit:
    """What a word with an error is worth: alone only where it decides, as it may be another word."""
    if len(hit.at) > 1 or hit.weight >= DECISIVE:
        return Hit(hit.topic, hit.weight * MISTYPED, hit.at)
    long = len(passage.words[hit.at[0]].folded) >= LONG_NAME
    return Hit(hit.topic, hit.weight * (PERHAPS_MISTYPED if long else 0.0), hit.at)


def _joined(index: Index, passage: Passage) -> Iterator[Hit]:
    """Words written with a hyphen here and without one in the lexicon ("whistle-blowing")."""
    for at in range(len(passage.words) - 1):
        first, second = passage.words[at], passage.words[at + 1]
        if second.start - first.end == 1 and passage.text[first.end] == "-":
            for entry in index.exact.get(stem(index.language, first.lower + second.lower), ()):
                if not entry.others:
                    yield Hit(entry.topic, entry.weight, (at, at + 1))


def _is_another(entry: Entry, word: Word) -> bool:
    """Whether this is a word of every day that only shares a stem with the entry ("important" with "importers").

    Or its letters but for their marks ("wurde" with "Würde").
    """
    return word.folded in everyday_words_of_all() and entry.written.lower() != word.lower


def _whole(entries: list[Entry], at: int, seen: Seen, passage: Passage, small: bool, index: Index) -> Iterator[Hit]:
    word = passage.words[at]
    for entry in entries:
        if not entry.others:
            in_capitals = passage.text[word.start : word.end].isupper()
            if in_capitals if entry.acronym else not (small or _is_another(entry, word)):
                like = 1.0 if at in seen.mistyped else _likeness(entry.written, word.lower, index.language)
                yield Hit(entry.topic, entry.weight * like, (at,))
            continue
        found = [_nearest(seen.places.get(other), at, entry.reach + 1) for other in entry.others]
        if all(spot is not None for spot in found):
            spots = sorted({at, *(spot for spot in found if spot is not None)})
            sentence = passage.words[at].sentence
            together = entry.least <= spots[-1] - spots[0] <= entry.reach
            if together and all(passage.words[spot].sentence == sentence for spot in spots):
                yield Hit(entry.topic, entry.weight * _togetherness(entry, spots, seen, passage, index), tuple(spots))


def _togetherness(entry: Entry, spots: list[int], seen: Seen, passage: Passage, index: Index) -> float:
    """How surely words near each other are the phrase: in its order and forms fully, otherwise less."""
    said = [passage.words[spot] for spot in spots]
    wanted = [word for word in re.findall(r"[^\W_]+", entry.written) if word.lower() not in SMALL]
    if len(wanted) != len(said):
        return PULLED_APART
    roots = [stem(index.language, word.lower()) for word in wanted]
    found = [seen.stems[spot] for spot in spots]
    factor = 1.0
    if found != roots:
        factor = SWAPPED
    elif spots[-1] - spots[0] > len(spots) + 1:
        factor = PULLED_APART
    for spot, word, root in zip(spots, said, found, strict=True):
        if root not in roots:
            return factor * OTHER_SUFFIX
        written = wanted[roots.index(root)]
        if written.isupper() and len(written) <= ACRONYM_LETTERS:
            if not passage.text[word.start : word.end].isupper():
                return 0.0
        elif spot not in seen.mistyped:
            factor *= _likeness(written, word.lower, index.language)
    return factor


def _likeness(written: str, lower: str, language: str) -> float:
    """How surely two words of one stem mean the same: other endings of short words, and other suffixes, count less."""
    written = fold(written) if lower.isascii() else written.lower()
    if written == lower:
        return 1.0
    if fold(written) == fold(lower) and len(lower) >= LONG_NAME:
        return MISTYPED  # another accent
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


def _pieces(index: Index, word: Word, at: int) -> Iterator[Hit]:
    if index.parts and len(word.folded) >= 8:
        for entry in _compound(index, word):
            yield Hit(entry.topic, entry.weight * IN_COMPOUND, (at,))


def _compound(index: Index, word: Word) -> list[Entry]:
    """The entries of a compound's first part and of a later one; else of what stands in its midst."""
    folded = word.folded
    for length in range(len(folded) - 1, 4, -1):
        if folded.startswith(ENDINGS_OF_ONE_WORD, length):
            continue
        if folded[:length] in index.parts and (first := _spelled(index, word, 0, length)):
            return first + [entry for entry in _tail(index, word, length) if entry.weight >= 1]
    return _tail(index, word, 2) or _midst(index, word)


def _tail(index: Index, word: Word, earliest: int) -> list[Entry]:
    folded = word.folded
    for start in range(earliest, len(folded) - 4):
        for end in range(len(folded), max(start + 4, len(folded) - 5), -1):
            if folded[start:end] in index.parts and (found := _spelled(index, word, start, end)):
                return found
    return []


def _midst(index: Index, word: Word) -> list[Entry]:
    """The entries of the longest decisive part inside a long compound ("Stadttrinkwasserversorgungslage")."""
    folded = word.folded
    for length in range(min(len(folded) - 4, 20), MIDST - 1, -1) if len(folded) >= LONG_COMPOUND else ():
        for start in range(2, len(folded) - length):
            if folded[start : start + length] in index.parts:
                found = _spelled(index, word, start, start + length)
                if decisive := [entry for entry in found if entry.weight >= DECISIVE]:
                    return decisive
    return []


def _spelled(index: Index, word: Word, start: int, end: int) -> list[Entry]:
    """The entries of a part; in German, where another vowel makes another word, those with the same vowels."""
    found = index.parts[word.folded[start:end]]
    if index.language != "de":
        return found
    lower = word.lower[start:end]
    return [entry for entry in found if entry.written.lower()[: len(lower)] == lower]


def foreign_hits(index: Index, passage: Passage, reader: Reader, small: frozenset[str]) -> Iterator[Hit]:
    """A language the text is not written in: only long words, of a kin language typical ones, else decisive ones."""
    least, letters = (1.0, AKIN_LETTERS) if reader.trust == AKIN else (DECISIVE, FOREIGN_LETTERS)
    for at, word in enumerate(passage.words):
        if len(word.folded) < letters or word.lower in small:
            continue
        for entry in index.exact.get(index.root(word.lower), ()):
            alike = not entry.others and abs(len(entry.written) - len(word.folded)) <= 2
            if alike and entry.weight >= least and not _is_another(entry, word):
                yield Hit(entry.topic, entry.weight * _likeness(entry.written, word.lower, index.language), (at,))
