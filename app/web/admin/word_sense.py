"""Which words cannot stand for a subject: those of every day, and those too short to be told from others."""

from __future__ import annotations

from enum import Enum

from app.routing.everyday import TYPICAL, everyday_words
from app.routing.languages import READ
from app.routing.text import fold, read
from app.routing.wordindex import ACRONYM_LETTERS
from app.web.admin.word_list import file_themes

LEAST_LETTERS = 3


class Senseless(Enum):
    """Why a word tells no subject; CAPITALS: unless it is an abbreviation, which a person must say."""

    EVERYDAY = "everyday"
    SHORT = "short"
    CAPITALS = "capitals"


def senseless(word: str, language: str, *, confirmed: bool) -> Senseless | None:
    """Why a word or phrase of this language tells no subject; `confirmed`: it is said to be an abbreviation."""
    short = sum(letter.isalpha() for letter in word) < LEAST_LETTERS
    everyday = all(_is_everyday(fold(one.lower), language) for one in read("", word).words)
    if not (short or everyday):
        return None
    if word.isupper() and len(word) <= ACRONYM_LETTERS:  # the lexicon finds it in capitals only
        return None if confirmed else Senseless.CAPITALS
    return Senseless.EVERYDAY if everyday else Senseless.SHORT


def _is_everyday(folded: str, language: str) -> bool:
    """Of every day in any language, unless this language's file has it for a word of a subject."""
    if folded not in everyday_words():
        return False
    own = language in READ and folded in everyday_words((language,))
    return _listed(folded, language) < (TYPICAL if own else 1)


def _listed(folded: str, language: str) -> float:
    """The greatest weight that the files give the word in this language; 0 where they do not have it."""
    topics = (topic.words.get(language, {}) for theme in file_themes() for topic in theme.topics)
    return max((weight for words in topics for word, weight in words.items() if fold(word) == folded), default=0.0)
