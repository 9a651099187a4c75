"""Which known word a word with one typing error was meant to be."""

from __future__ import annotations

from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein

LEAST = 5  # letters of a word in which an error is looked for
LONG = 7  # from so many letters on any other letter is an error; in shorter words one that sounds alike
ALIKE = tuple(map(frozenset, ("ckqsz", "eijy", "uvwf", "bp", "dt")))


@dataclass(slots=True)
class Spelling:
    """Known words with their stems, and each less one letter: whatever is one error away shares such a rest."""

    forms: dict[str, str] = field(default_factory=dict)
    gaps: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, word: str, root: str) -> None:
        """Know a folded word; what was added first goes first."""
        if len(word) < LEAST or word in self.forms or not word.isalpha():
            return
        self.forms[word] = root
        for gap in _less_a_letter(word):
            self.gaps[gap] = (*self.gaps.get(gap, ()), word)

    def stem_of(self, typed: str) -> str:
        """The stem of the known word that is one error away from a folded one; empty where none is."""
        if len(typed) < LEAST or not typed.isalpha():
            return ""
        gaps = _less_a_letter(typed)
        found = [*self.gaps.get(typed, ()), *(gap for gap in gaps if gap in self.forms)]
        found += [word for gap in gaps for word in self.gaps.get(gap, ())]
        return next((self.forms[word] for word in found if _one_error(typed, word)), "")


def _less_a_letter(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word[:at] + word[at + 1 :] for at in range(len(word))))


def _one_error(typed: str, word: str) -> bool:
    """Whether the words differ by one error that is likely: the first letter is seldom wrong but for its place."""
    if typed[0] != word[0] and typed[:2] != word[1::-1]:
        return False
    if DamerauLevenshtein.distance(typed, word, score_cutoff=1) != 1:
        return False
    if len(typed) >= LONG or len(typed) != len(word) or sorted(typed) == sorted(word):
        return True
    other = {letter for pair in zip(typed, word, strict=True) if pair[0] != pair[1] for letter in pair}
    return any(other <= alike for alike in ALIKE)
