"""Networks told of without their names: all the roots of a description stand near each other in one sentence."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.routing.catalogue import Rules
from app.routing.text import Passage, Word, fold

DESCRIPTION = 9  # words from its first to its last
MOST_SENTENCES = 60
MOST_KEPT = 4  # sets of rules
_UNRELATED = re.compile(
    r"\b(not|no longer|never|ikke|ikkje|inte|nicht|kein\w*|ne|non|nie|niet|geen)\b[^.!?]{0,25}"
    r"\b(belong|member\w*|part|medlem\w*|med i|mitglied\w*|membre|miembro|membri|czlonk\w*|lid)\b"
)


@dataclass(slots=True)
class Descriptions:
    """Every description as a network and its roots, found by its first root; "=word" is a whole word."""

    all: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    by_root: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    roots: set[str] = field(default_factory=set)

    def add(self, slug: str, roots: tuple[str, ...]) -> None:
        """One more description; one without words describes nothing."""
        if roots:
            self.by_root[roots[0]].append(len(self.all))
            self.all.append((slug, roots))
            self.roots.update(roots)

    def places(self, words: list[tuple[int, Word]]) -> dict[str, int]:
        """The first word that has each root."""
        found: dict[str, int] = {}
        for at, word in words:
            for root in (f"={word.folded}", *(word.folded[:length] for length in range(1, len(word.folded) + 1))):
                if root in self.roots:
                    found.setdefault(root, at)
        return found

    def found_at(self, places: Mapping[str, int]) -> Iterator[tuple[str, int, int]]:
        """The networks described by roots at these places, with the first and the last place."""
        for number in sorted(number for root in places for number in self.by_root.get(root, ())):
            slug, roots = self.all[number]
            spots = [places.get(root, -1) for root in roots]
            if min(spots) >= 0 and max(spots) - min(spots) <= DESCRIPTION:
                yield slug, min(spots), max(spots)


def described(passage: Passage, rules: Rules) -> Iterator[tuple[str, int, str]]:
    """The networks described in a passage: which, at which word, and the words as they stand there."""
    descriptions = _descriptions(rules)
    by_sentence: dict[int, list[tuple[int, Word]]] = defaultdict(list)
    for at, word in enumerate(passage.words):
        by_sentence[word.sentence].append((at, word))
    for number, (start, end) in enumerate(passage.sentences[:MOST_SENTENCES]):
        found = list(descriptions.found_at(descriptions.places(by_sentence[number])))
        if found and not _UNRELATED.search(passage.folded[start:end]):
            for slug, first, last in found:
                yield slug, first, passage.quote(passage.words[first].start, passage.words[last].end)


_KEPT: OrderedDict[int, tuple[Rules, Descriptions]] = OrderedDict()


def _descriptions(rules: Rules) -> Descriptions:
    """The descriptions of these rules, made once while they are the very same object."""
    kept = _KEPT.get(id(rules))
    if kept is None or kept[0] is not rules:
        made = Descriptions()
        for slug, texts in rules.described.items():
            for text in texts:
                made.add(slug, tuple(fold(text).split()))
        _KEPT[id(rules)] = kept = (rules, made)
        while len(_KEPT) > MOST_KEPT:
            _KEPT.popitem(last=False)
    return kept[1]
