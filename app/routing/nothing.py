"""Fields that hold no more than a word or a sign for nothing, in the languages routing reads."""

from __future__ import annotations

import re
from functools import cache

from app.routing.data import table
from app.routing.flag_texts import matches

A_FEW_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"[1-9]\d|\b[1-9]\b")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(word.strip() for line in table("flags")[name] for word in line.split(","))


def says_nothing(folded: str, *, denies: bool = False) -> bool:
    """Whether a folded field is empty, a dash, "none", "not yet" or the like.

    With `denies` a few words with one for "no" among them will do, where none says that there is something after all.
    """
    words = _WORD.findall(folded)
    if not words or matches("nothing", folded):
        return True
    if len(words) > A_FEW_WORDS or not _words("no_words").intersection(words):
        return False
    if _words("no_words").union(_words("no_words_beside")).issuperset(words):
        return True
    return denies and not (_NUMBER.search(folded) or _words("after_all").intersection(words))
