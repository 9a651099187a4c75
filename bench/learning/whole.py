"""Long words that were learnt whole: those that most of what is known of their beginnings was learnt from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable

from app.routing.model import LONG, WORD
from app.routing.text import fold

LEAST = 2  # texts in which a word stands
MOSTLY = 0.15  # of the texts in which any word stands that begins so


def whole_words(texts: Iterable[str], features: Container[str]) -> list[str]:
    """The folded words of texts, longer than the beginnings that are features, which such a beginning stands for."""
    words: Counter[str] = Counter()
    beginnings: Counter[str] = Counter()
    for text in texts:
        found = {word for word in WORD.findall(fold(text)) if word[:LONG] in features}
        words.update(word for word in found if len(word) > LONG)
        beginnings.update({word[:LONG] for word in found})
    return sorted(word for word, times in words.items() if times >= max(LEAST, MOSTLY * beginnings[word[:LONG]]))
