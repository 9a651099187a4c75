"""Searching an enquiry's text for the turns of phrase behind the flags."""

from __future__ import annotations

import re
from functools import cache

from app.routing.data import table
from app.routing.text import Passage
from app.routing.turns import compiled

LONGEST_SENTENCE = 700


@cache
def expression(name: str, level: int | None = None) -> re.Pattern[str]:
    """One list of words/flags.yaml as a single expression over folded text."""
    patterns = table("flags")[name]
    if level is not None:
        patterns = patterns[level]
    return compiled(patterns)


def spans(passage: Passage, name: str, level: int | None = None) -> list[tuple[int, int]]:
    """Where the turns of phrase stand, sentence by sentence; very long sentences are read from their beginning only."""
    pattern = expression(name, level)
    found: list[tuple[int, int]] = []
    for start, end in passage.sentences[:400]:
        piece = passage.folded[start : min(end, start + LONGEST_SENTENCE)]
        found.extend((start + match.start(), start + match.end()) for match in pattern.finditer(piece))
    return found


def quotes(passage: Passage, places: list[tuple[int, int]]) -> tuple[str, ...]:
    """At most three passages as they stand in the text, each cut to 80 characters."""
    return tuple(passage.quote(start, min(end, start + 80)) for start, end in places[:3])


def matches(name: str, folded: str) -> bool:
    """Whether a short folded text holds one of the turns of phrase."""
    return expression(name).search(folded) is not None


def is_denied(passage: Passage, start: int, end: int) -> bool:
    """Whether the words around an event's name say that the visit is not for it."""
    before, behind = passage.folded[max(0, start - 90) : start], passage.folded[end : end + 60]
    return matches("event_denied", before) or matches("event_denied_behind", behind)
