"""What a sentence asks for in passing ("if time allows"): that part of it weighs less, not what stands beside it."""

from __future__ import annotations

import re
from itertools import islice

from app.routing.cues import cue
from app.routing.text import Passage

MOST_TURNS = 20  # in one sentence
LONGEST = 1500  # characters of a sentence that are looked at
_AND = r"and|or|og|eller|och|samt|sowie|und|oder|et|ou|y|e|i|o|u|oraz|lub|albo|en|of"
_BREAK = re.compile(rf"[,:()–—]|\s-\s|\b({_AND})\b")
_AGAINST = re.compile(
    r"\b(but|aber|men|mais|pero|ma|maar|ale|mas|however|jedoch|sondern|doch|above all|mainly|mostly|primarily)\b"
)
_NOTHING = re.compile(rf"[\s,:()–—-]*(?:(a|as well as|{_AND})[\s,]*)?")


def words_in_passing(passage: Passage) -> frozenset[int]:
    """The words of clauses that say they matter less; a clause said between commas stands for what follows it."""
    return _words(passage, "secondary") | words_if_time(passage)


def words_if_time(passage: Passage) -> frozenset[int]:
    """Those of clauses that are only wished for where time allows."""
    return _words(passage, "if_time")


def _words(passage: Passage, turns: str) -> frozenset[int]:
    spans = [one for start, end in passage.sentences for one in _spans(passage.folded, start, end, turns)]
    words = enumerate(passage.words) if spans else ()
    return frozenset(at for at, word in words if any(start <= word.start < end for start, end in spans))


def _spans(folded: str, start: int, end: int, turns: str) -> list[tuple[int, int]]:
    """Where in a sentence such clauses stand."""
    sentence = folded[start : min(end, start + LONGEST)]
    found = islice(cue(turns).finditer(sentence), MOST_TURNS)
    return [(start + first, start + last) for first, last in (_scope(sentence, *turn.span()) for turn in found)]


def _scope(sentence: str, begin: int, end: int) -> tuple[int, int]:
    """From the last break before a turn of phrase to the end, or where it ends its clause, that clause alone."""
    breaks = [match.start() for match in _BREAK.finditer(sentence, 0, begin)]
    first = breaks[-1] if breaks else 0
    after = _BREAK.search(sentence, end)
    clause_end = after.start() if after else len(sentence)
    closes = not sentence[end:clause_end].strip(" .!?")
    alone = closes and _NOTHING.fullmatch(sentence, first, begin)
    if alone and clause_end < len(sentence):
        closes = False
    elif alone and breaks:
        first = next((at for at in reversed(breaks[:-1]) if sentence[at:first].strip(" ,")), 0)
    if closes:
        return first, end
    against = _AGAINST.search(sentence, end)
    return first, against.start() if against else len(sentence)
