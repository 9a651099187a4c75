"""The index of a catalogue's words in one language: by stem, by beginning, as parts of compounds, less a letter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.routing.catalogue import ThemeProfile
from app.routing.everyday import everyday_words
from app.routing.spelling import Spelling
from app.routing.stems import ACCENTED, COMPOUNDING, stem
from app.routing.text import fold, read

ACRONYM_LETTERS = 4
PULLED = 2  # words that may stand between those of a phrase
TYPICAL = 1.3  # the least weight of an entry whose words are known with a typing error in them
SMALL = frozenset(
    "of the a an for to and in at by on with from their your our or i og til av for på med om de des du la le les "
    "et und der die das von zu für im y el los las del e il di della do da dos das het een van en w z na".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or phrase of a topic in one language; a phrase's first and last word stand `least` to `reach` apart."""

    topic: str
    weight: float
    others: tuple[str, ...] = ()
    reach: int = 0
    written: str = ""
    acronym: bool = False
    least: int = 0


@dataclass(slots=True)
class Index:
    """All entries of one language by stem, by prefix, and for guessing at typing errors and left out accents."""

    language: str
    exact: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    prefix: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    parts: dict[str, list[Entry]] = field(default_factory=dict)
    meant: Spelling = field(default_factory=Spelling)
    known: set[str] = field(default_factory=set)  # every stem of a word or of a part of a phrase
    plain: dict[str, str] = field(default_factory=dict)  # stems of words typed without their accents
    shortest: int = 3

    def root(self, lower: str) -> str:
        """The stem of a word of a text; of one typed without its accents ("educacao") that of the word meant."""
        root = stem(self.language, lower)
        if root in self.known:
            return root
        return self.plain.get(root, root) if lower.isascii() else self.meant.forms.get(fold(lower), root)


def build_index(language: str, themes: Sequence[ThemeProfile]) -> Index:
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
    _add_parts(index)
    _add_spelling(index)
    if language in ACCENTED:
        _add_plain(index, seen)
    return index


def _elements(language: str, text: str) -> tuple[str, ...]:
    if text.endswith("*"):
        return (read("", text[:-1]).words[0].folded + "*",)
    words = read("", text).words
    kept = [word for word in words if word.lower not in SMALL] or list(words)
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
        entry = Entry(topic, weight * shared, others, len(elements) + PULLED, written, acronym)
        index.exact[key].append(_as_written(entry) if others and _plain(index.language, written) else entry)


def _plain(language: str, written: str) -> bool:
    plain = everyday_words((language,))
    return any(word.folded in plain for word in read("", written).words if word.lower not in SMALL)


def _as_written(entry: Entry) -> Entry:
    """A phrase with a word of every day in it ("one-to-one talks") stands as it is written, or it is another one."""
    apart = len(read("", entry.written).words) - 1
    return replace(entry, reach=apart, least=apart)


def _add_parts(index: Index) -> None:
    for key, entries in index.exact.items():
        alone = [entry for entry in entries if not entry.others]
        if alone and index.language in COMPOUNDING:
            for part in {key, *(fold(entry.written.lower()) for entry in alone)}:
                if len(part) >= 5 and part.isalpha():
                    index.parts.setdefault(part, alone)


def _add_spelling(index: Index) -> None:
    """Learn how the words are spelled, those of the heaviest entries first."""
    entries = [(key, entry) for key, entries in index.exact.items() for entry in entries]
    for key, entry in sorted(entries, key=lambda one: -one[1].weight):
        index.known.update((key, *entry.others))
        for word in read("", entry.written).words if entry.weight >= TYPICAL and not entry.acronym else ():
            root = stem(index.language, word.lower)
            if root == key or root in entry.others:
                index.meant.add(word.folded, root)
                index.meant.add(root, root)


def _add_plain(index: Index, seen: Iterable[tuple[str, ...]]) -> None:
    """The stem that each accented word has without its accents, if no other word has it."""
    stems = {element for elements in seen for element in elements}
    for entries in list(index.exact.values()):
        for word in (word for entry in entries for word in read("", entry.written).words):
            plain = stem(index.language, word.folded)
            if not word.lower.isascii() and plain not in stems:
                index.plain[plain] = stem(index.language, word.lower)
