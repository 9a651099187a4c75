"""Finding a catalogue's words in a text: stems, phrases in any order, compounds, one typing error."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from os.path import commonprefix

from rapidfuzz.distance import DamerauLevenshtein

from app.routing.catalogue import ThemeProfile
from app.routing.languages import AKIN, OWN, Reader, small_words
from app.routing.stems import COMPOUNDING, stem
from app.routing.text import Passage, fold, read

IN_COMPOUND = 0.8
MISTYPED = 0.6
WITHIN_PHRASE = 0.4
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
ACRONYM_LETTERS = 4
_SMALL = frozenset(
    "of the a an for to and in at by on with from their your our or i og til av for på med om de des du la le les "
    "et und der die das von zu für im y el los las del e il di della do da dos das het een van en w z na".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or phrase of a topic in one language."""

    topic: str
    weight: float
    others: tuple[str, ...] = ()
    span: int = 1
    written: str = ""
    acronym: bool = False


@dataclass(slots=True)
class Index:
    """All entries of one language by stem, by prefix, and for guessing at typing errors."""

    language: str
    exact: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    prefix: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, list[Entry]] = field(default_factory=dict)
    gaps: dict[str, str] = field(default_factory=dict)
    shortest: int = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """A topic's word found: at which words of the passage, how heavy."""

    topic: str
    weight: float
    at: tuple[int, ...]


class Lexicon:
    """The words of all themes, per language; a language's index is built when it is first needed."""

    def __init__(self, themes: Sequence[ThemeProfile]) -> None:
        self._themes = themes
        self._indexes: dict[str, Index] = {}

    def index(self, language: str) -> Index:
        """The index of one language."""
        if language not in self._indexes:
            self._indexes[language] = _build(language, self._themes)
        return self._indexes[language]

    def find(self, passage: Passage, languages: Sequence[Reader], unsaying: frozenset[str] = frozenset()) -> list[Hit]:
        """Every entry found, the heaviest language's reading of the same words only; `unsaying` words say nothing."""
        best: dict[tuple[str, tuple[int, ...]], float] = {}
        small = unsaying | small_words(tuple(reader.language for reader in languages if reader.trust == OWN))
        for reader in languages:
            index = self.index(reader.language)
            hits = _hits(index, passage, small) if reader.trust == OWN else _foreign(index, passage, reader, small)
            for hit in hits:
                key = (hit.topic, hit.at)
                best[key] = max(best.get(key, 0.0), hit.weight)
        return _without_shadows([Hit(topic, weight, at) for (topic, at), weight in best.items()])


def _foreign(index: Index, passage: Passage, reader: Reader, small: frozenset[str]) -> Iterator[Hit]:
    """A language the text is not written in: only long words, of a kin language typical ones, else decisive ones."""
    least, letters = (1.0, AKIN_LETTERS) if reader.trust == AKIN else (DECISIVE, FOREIGN_LETTERS)
    for at, word in enumerate(passage.words):
        if len(word.folded) < letters or word.lower in small:
            continue
        for entry in index.exact.get(stem(index.language, word.lower), ()):
            if not entry.others and entry.weight >= least and abs(len(entry.written) - len(word.folded)) <= 2:
                yield Hit(entry.topic, entry.weight * _likeness(entry.written, word.lower, index.language), (at,))


def _build(language: str, themes: Sequence[ThemeProfile]) -> Index:
    index = Index(language)
    seen: dict[tuple[str, ...], list[tuple[str, float, str]]] = defaultdict(list)
    for theme in themes:
        for topic in theme.topics:
            for text, weight in topic.words.get(language, {}).items():
                owner = (f"{theme.slug}/{topic.slug}", weight * weight / 3, text)
                seen[_elements(language, text)].append(owner)
                if "-" in text and " " not in text:
                    seen[_elements(language, text.replace("-", ""))].append(owner)
    for elements, owners in seen.items():
        _add(index, elements, owners)
    _add_parts_and_gaps(index)
    return index


def _elements(language: str, text: str) -> tuple[str, ...]:
    if text.endswith("*"):
        return (read("", text[:-1]).words[0].folded + "*",)
    words = read("", text).words
    kept = [word for word in words if word.lower not in _SMALL] or list(words)
    return tuple(dict.fromkeys(stem(language, word.lower) for word in kept))


def _add(index: Index, elements: tuple[str, ...], owners: list[tuple[str, float, str]]) -> None:
    if not elements:
        return
    shared = 1.0 / (1.0 + 0.25 * (len({topic.split("/")[0] for topic, _, _ in owners}) - 1))
    for topic, weight, written in owners:
        if elements[0].endswith("*"):
            index.prefix[elements[0][:-1]].append(Entry(topic, weight * shared))
            continue
        key = max(elements, key=len)
        others = tuple(element for element in elements if element != key)
        acronym = written.isupper() and len(written) <= ACRONYM_LETTERS
        index.exact[key].append(Entry(topic, weight * shared, others, len(elements), written, acronym))


def _add_parts_and_gaps(index: Index) -> None:
    for key, entries in index.exact.items():
        alone = [entry for entry in entries if not entry.others]
        if alone and index.language in COMPOUNDING:
            for part in {key, *(fold(entry.written.lower()) for entry in alone)}:
                if len(part) >= 5 and part.isalpha():
                    index.parts.setdefault(part, alone)
        if alone and len(key) >= 7:
            for gap in range(len(key)):
                index.gaps.setdefault(key[:gap] + key[gap + 1 :], key)


def _hits(index: Index, passage: Passage, small: frozenset[str]) -> Iterator[Hit]:
    places: dict[str, list[int]] = defaultdict(list)
    stems = []
    for at, word in enumerate(passage.words):
        root = stem(index.language, word.lower)
        stems.append(root)
        places[root].append(at)
    yield from _joined(index, passage)
    for at, word in enumerate(passage.words):
        entries = index.exact.get(stems[at])
        if entries:
            yield from _whole(entries, at, places, passage, word.lower in small, index.language)
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
    entries: list[Entry], at: int, places: dict[str, list[int]], passage: Passage, small: bool, language: str
) -> Iterator[Hit]:
    word = passage.words[at]
    for entry in entries:
        if not entry.others:
            in_capitals = passage.text[word.start : word.end].isupper()
            if in_capitals if entry.acronym else not small:
                yield Hit(entry.topic, entry.weight * _likeness(entry.written, word.lower, language), (at,))
            continue
        found = [_nearest(places.get(other), at, entry.span + 3) for other in entry.others]
        if all(spot is not None for spot in found):
            spots = sorted({at, *(spot for spot in found if spot is not None)})
            sentence = passage.words[at].sentence
            together = spots[-1] - spots[0] <= entry.span + 2
            if together and all(passage.words[spot].sentence == sentence for spot in spots):
                yield Hit(entry.topic, entry.weight * _togetherness(entry, spots, passage, language), tuple(spots))


def _togetherness(entry: Entry, spots: list[int], passage: Passage, language: str) -> float:
    """How surely words near each other are the phrase: in its order and forms fully, otherwise less."""
    said = [passage.words[spot] for spot in spots]
    wanted = [word for word in re.findall(r"[^\W_]+", entry.written) if word.lower() not in _SMALL]
    if len(wanted) != len(said):
        return PULLED_APART
    roots = [stem(language, word.lower()) for word in wanted]
    found = [stem(language, word.lower) for word in said]
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
            factor *= _likeness(written, word.lower, language)
    return factor


def _likeness(written: str, lower: str, language: str) -> float:
    """How surely two words of one stem mean the same: other endings of short words, and other suffixes, count less."""
    written = written.lower()
    if written == lower:
        return 1.0
    shared = len(commonprefix((written, lower)))
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
