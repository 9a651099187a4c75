"""What nobody says to a person: one word over and over, and orders to the software; neither is read."""

from __future__ import annotations

import re

from app.routing.evidence import cue
from app.routing.text import fold

# The same word eight times or more in a row.
_OVER_AND_OVER = re.compile(r"\b(\w{1,40})(?:[^\w]{1,8}\1\b){7,}")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


def without_noise(text: str) -> str:
    """The text with blanks where noise stood: exactly as long, so that places in it stay true."""
    folded = fold(text)
    spans = [match.span() for match in _OVER_AND_OVER.finditer(folded)]
    if cue("orders").search(folded):
        spans += [match.span() for match in _SENTENCE.finditer(folded) if cue("orders").search(match.group())]
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text
