"""A pitch that names no price: a business wants to show what it makes or sells, with a sign that it is for sale."""

from __future__ import annotations

from app.routing.flag_texts import LONGEST_SENTENCE, matches, spans
from app.routing.text import Passage

MOST_SENTENCES = 60
SHOWN = 2.5
SIGN = 1.5


def shown_for_sale(passage: Passage, *, by_seller: bool) -> tuple[float, list[tuple[int, int]]]:
    """How much a business's text says that its own goods are to be shown and sold, and where; `by_seller`: by title."""
    shown = spans(passage, "pitch_plain")[:1] or _own_goods_shown(passage)
    if not shown:
        return 0.0, []
    signs = [places[0] for name in ("pitch_goods", "pitch_for_sale") if (places := spans(passage, name))]
    return SHOWN + SIGN * (len(signs) + by_seller), [*shown, *signs]


def _own_goods_shown(passage: Passage) -> list[tuple[int, int]]:
    """The first sentence in which somebody wants to show goods of their own."""
    for start, end in passage.sentences[:MOST_SENTENCES]:
        sentence = passage.folded[start : min(end, start + LONGEST_SENTENCE)]
        if all(matches(f"pitch_{part}", sentence) for part in ("to_show", "own", "product")):
            return [(start, end)]
    return []
