"""Phrases over and over in a text: they count once or not at all, and cost no time however long they go on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
LONGEST_PHRASE = 30  # words
SHORT, LONG = 4, 3  # how often in a row a phrase of less than FEW words, and a longer one, stands to count once
FEW = 6
NOTHING = 8  # so often in a row a phrase of less than FEW words is nothing that anybody says
APART = 3  # so many words that stand …
OFTEN = 12  # … so often, in a row or not, count once too

PROBE, LONGEST_PERIOD, STEP = 48, 600, 1_000  # characters
KEPT_TIMES, KEPT_LEAST = 12, 96  # of what is repeated to the letter
MOST_KEPT = 1_500_000


def repeated(folded: str) -> list[tuple[int, int]]:
    """Where a folded text says again what it said over and over: all but the first time, of a few words that too."""
    places = [match.span() for match in _WORD.finditer(folded)]
    words = [folded[start:end] for start, end in places]
    found, at = [], 0
    while at < len(words):
        end, phrase = _run(words, at)
        if phrase:
            nothing = phrase < FEW and end - at >= phrase * NOTHING
            found.append((places[at if nothing else at + phrase][0], places[end - 1][1]))
        at = max(end, at + 1)
    if len(found) == 1 and found[0] == (places[0][0], places[-1][1]):
        return []  # the text is nothing else: there is no errand that it could drown
    return found + _often(words, places)


def _run(words: Sequence[str], at: int) -> tuple[int, int]:
    """Where a run of one phrase that begins here ends, and how many words the phrase has; 0 where there is none."""
    for phrase in range(2, LONGEST_PHRASE + 1):
        end = at + phrase
        while end < len(words) and words[end] == words[end - phrase]:
            end += 1
        if end - at >= phrase * (SHORT if phrase < FEW else LONG):
            return end, phrase
    return at, 0


def _often(words: Sequence[str], places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    grams = [tuple(words[at : at + APART]) for at in range(len(words) - APART + 1)]
    times = Counter(grams)
    told: set[tuple[str, ...]] = set()
    found = []
    for at, gram in enumerate(grams):
        if times[gram] >= OFTEN and gram in told:
            found.append((places[at][0], places[at + APART - 1][1]))
        told.add(gram)
    return found


def shortened(text: str) -> str:
    """A very long text with only a few times of what it repeats to the letter."""
    pieces, kept, at = [], 0, 0
    while at < len(text) and kept < MOST_KEPT:
        again = text.find(text[at : at + PROBE], at + 1, at + PROBE + LONGEST_PERIOD)
        period = again - at if again > 0 else 0
        end = _end_of_repeats(text, at, period) if period else at + STEP
        pieces.append(text[at : min(end, at + max(KEPT_TIMES * period, KEPT_LEAST))] if period else text[at:end])
        kept += len(pieces[-1])
        at = end
    return "".join(pieces)


def _end_of_repeats(text: str, at: int, period: int) -> int:
    once = text[at : at + period]
    many = once * (65_536 // period)
    while text.startswith(many, at):
        at += len(many)
    while text.startswith(once, at):
        at += period
    return at
