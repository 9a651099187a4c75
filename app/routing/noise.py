"""What nobody says to a person: one word over and over, markup, and orders to the software; none is read."""

from __future__ import annotations

import re

from app.routing.cues import cue
from app.routing.text import fold

# The same word eight times or more in a row.
_OVER_AND_OVER = re.compile(r"\b(\w{1,40})(?:[^\w]{1,8}\1\b){7,}")
# A tag, and scripts with what stands in them.
_MARKUP = re.compile(r"<(script|style)\b[^<>]{0,300}>[^<]{0,1000}</\1\s*>|</?[a-z!][^<>]{0,300}>")
MOST_SQUEEZED = 20_000_000
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")


def without_noise(text: str) -> str:
    """The text with blanks where noise stood: exactly as long, so that places in it stay true."""
    folded = fold(text)
    spans = [match.span() for pattern in (_OVER_AND_OVER, _MARKUP) for match in pattern.finditer(folded)]
    if cue("orders").search(folded):
        spans += [match.span() for match in _SENTENCE.finditer(folded) if _is_order(match.group())]
    for start, end in spans:
        text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


def _is_order(sentence: str) -> bool:
    return any(cue(name).search(sentence) for name in ("orders", "orders_beside"))


def squeezed(text: str) -> str:
    """A text without any word over and over, so that what follows it is not beyond what is read."""
    return _OVER_AND_OVER.sub(" ", text[:MOST_SQUEEZED])
