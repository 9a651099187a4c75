"""Which known word a word with one typing error was meant to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from rapidfuzz import process
from rapidfuzz.distance import OSA

LEAST = 5  # letters of a word in which an error is looked for
LONG = 7  # from so many letters on any other letter is an error; in shorter words one that sounds alike
ALIKE = tuple(map(frozenset, ("ckqsz", "eijy", "uvwf", "bp", "dt")))
MARKS = 1 << 21  # bits for what one language's words share with a mistyped one


@dataclass(slots=True)
class Spelling:
    """Known words with their stems, in groups by first letter and length, and marks of what they share with errors.

    A word and one with an error behind its first letter are alike in one of their rests. Kept themselves, the rests of
    all words take thirty times the room; a mark only says that the words of the groups are worth comparing.
    """

    forms: dict[str, str] = field(default_factory=dict)
    groups: dict[tuple[str, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    marks: bytearray = field(default_factory=lambda: bytearray(MARKS // 8))

    def add(self, word: str, root: str) -> None:
        """Know a folded word; what was added first goes first."""
        if len(word) < LEAST or word in self.forms or not word.isalpha():
            return
        self.forms[word] = root
        self.groups[word[0], len(word)].append(word)
        for rest in (word, *(word[:at] + word[at + 1 :] for at in range(1, len(word)))):
            place = hash(rest) % MARKS
            self.marks[place >> 3] |= 1 << (place & 7)

    def stem_of(self, typed: str) -> str:
        """The stem of the known word that is one error away from a folded one; empty where none is."""
        if len(typed) < LEAST or not typed.isalpha():
            return ""
        found = [word for word in _with_another_beginning(typed) if word in self.forms]
        if self._may_be_known(typed):
            found += self._near(typed)
        found = [word for word in found if _is_likely(typed, word)]
        if len(found) > 1:
            found = sorted((word for word in self.forms if word in found), key=partial(_rank, typed))
        return self.forms[found[0]] if found else ""

    def _may_be_known(self, typed: str) -> bool:
        """Whether a rest of the word is marked: asked for most words of a text, and so without a list of them."""
        marks, place = self.marks, hash(typed) % MARKS
        if marks[place >> 3] >> (place & 7) & 1:
            return True
        for at in range(1, len(typed)):
            place = hash(typed[:at] + typed[at + 1 :]) % MARKS
            if marks[place >> 3] >> (place & 7) & 1:
                return True
        return False

    def _near(self, typed: str) -> Iterator[str]:
        """The known words of the same first letter that are one error away."""
        for length in range(len(typed) - 1, len(typed) + 2):
            group = self.groups.get((typed[0], length), ())
            nearest = process.extract(typed, group, scorer=OSA.distance, score_cutoff=1, limit=None)
            yield from (word for word, errors, _ in nearest if errors)


def _with_another_beginning(typed: str) -> tuple[str, ...]:
    """The words that begin with the first two letters the other way round, one error away."""
    first, second = typed[0], typed[1]
    if first == second:
        return ()
    turned = (second + first + typed[2:], second + typed)
    return (*turned, typed[1:]) if typed[2] == first else turned


def _rank(typed: str, word: str) -> tuple[int, int]:
    """Of several words the one that lost a letter goes first, then one with a letter more, then the earliest error."""
    gaps, rests = _less_a_letter(typed), {word, *_less_a_letter(word)}
    return (0, 0) if len(word) > len(typed) else (1 + (len(word) == len(typed)), min(map(gaps.index, rests & {*gaps})))


def _less_a_letter(word: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word[:at] + word[at + 1 :] for at in range(len(word))))


def _is_likely(typed: str, word: str) -> bool:
    """Whether people make the one error by which the words differ: in short words, letters that sound alike."""
    if len(typed) >= LONG or len(typed) != len(word) or sorted(typed) == sorted(word):
        return True
    other = {letter for pair in zip(typed, word, strict=True) if pair[0] != pair[1] for letter in pair}
    return any(other <= alike for alike in ALIKE)
