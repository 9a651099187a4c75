"""Text as routing reads it: folded letter by letter (offsets stay), cut into words and sentences."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

TEXT_CAP = 12_000
FIELD_CAP = 400
MOST_SENTENCES = 300  # the rest counts as one
WORD_CAP = 40
# What a word of the first sentence tells of the main errand, how much less each next one, and the least.
FIRST, NEXT, LAST = 1.3, 0.1, 0.75
# The same by place, for who leads: at the first character, the least, and from which character on.
AT_ONCE, LATER, TOLD_WITHIN = 1.6, 0.25, 400
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]{2,})?")
_SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|\n+|(?<=:)\s+(?=[(\d])|(?<![^\S\n])\s{1,80}[-–•*]\s+")
_SPECIAL = str.maketrans("æøåßłđðþœıÆØÅŁĐ’‘", "eoasldd" + "toieoald" + "''")


@lru_cache(maxsize=4096)
def _base(letter: str) -> str:
    first = unicodedata.normalize("NFKD", letter)[:1]
    return first.lower()[:1] or letter


def fold(text: str) -> str:
    """Lower case without accents; exactly as long as the text given, so that offsets stay true."""
    if text.isascii():
        return text.lower()
    return "".join(_base(letter) for letter in text.translate(_SPECIAL))


@dataclass(frozen=True, slots=True)
class Word:
    """One word: folded, lower-cased with accents, where it stands, in which sentence."""

    folded: str
    lower: str
    start: int
    end: int
    sentence: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One field of an enquiry, read: its words, and where its sentences begin and end."""

    source: str
    text: str
    folded: str
    words: tuple[Word, ...]
    sentences: tuple[tuple[int, int], ...]

    def sentence_at(self, place: int) -> int:
        """The number of the sentence that holds this character."""
        return sum(1 for start, _ in self.sentences if start <= place) - 1

    def quote(self, start: int, end: int) -> str:
        """The characters as they stand in the field."""
        return self.text[start:end]


def first_things_first(sentence: int) -> float:
    """How much a sentence tells of the main errand: it is told first, further subjects and courtesies follow."""
    return max(FIRST - NEXT * sentence, LAST)


def told_early(place: int) -> float:
    """How much what stands at a character tells of who leads; whatever follows changes nothing of it."""
    return max(AT_ONCE - (AT_ONCE - LATER) * place / TOLD_WITHIN, LATER)


def _sentences(text: str) -> list[tuple[int, int]]:
    bounds = []
    at = 0
    for match in _SENTENCE_END.finditer(text):
        if match.start() > at:
            bounds.append((at, match.start()))
        at = match.end()
        if len(bounds) >= MOST_SENTENCES:
            break
    if at < len(text):
        bounds.append((at, len(text)))
    return bounds or [(0, len(text))]


def read(source: str, text: str, cap: int = TEXT_CAP) -> Passage:
    """Cut a field into words and sentences; everything beyond `cap` characters is left unread."""
    text = unicodedata.normalize("NFC", text[:cap])
    folded = fold(text)
    sentences = _sentences(text)
    words = []
    for number, (start, end) in enumerate(sentences):
        for match in _WORD.finditer(folded, start, end):
            first, last = match.span()
            if last - first <= WORD_CAP:
                words.append(Word(match.group(), text[first:last].lower(), first, last, number))
    return Passage(source, text, folded, tuple(words), tuple(sentences))
