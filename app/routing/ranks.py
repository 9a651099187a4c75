"""Ranks and kinds of administrations in the name or title of a sender: anybody may be a director, or a county."""

from __future__ import annotations

from functools import cache

from app.routing.data import table
from app.routing.languages import READ, small_words
from app.routing.text import FIELD_CAP, Passage, read

Words = tuple[str, ...]


def words_of_ranks(passage: Passage) -> frozenset[int]:
    """Which words of a sender's name or title are such, alone or as a phrase ("hanseatic city").

    A rank is one where nothing else is said: beside "Theatre" a director tells of the theatre.
    """
    kinds, ranks = _found(passage, "kinds") | words_of_titles(passage), _found(passage, "ranks")
    bare = {at for at, word in enumerate(passage.words) if word.folded in bare_ranks()}
    small = small_words(READ)
    rest = (word.lower for at, word in enumerate(passage.words) if at not in kinds | ranks | bare)
    return kinds | ranks if all(word in small for word in rest) else kinds


def words_of_titles(passage: Passage) -> frozenset[int]:
    """Which words are titles that towns bear ("Hansestadt")."""
    return _found(passage, "titles")


@cache
def bare_ranks() -> frozenset[str]:
    """Ranks that tell a subject only beside other words of it: anybody may be a director, not only of plays."""
    return frozenset(
        word.folded for listed in table("ranks")["bare"].values() for word in read("", listed, FIELD_CAP).words
    )


def _found(passage: Passage, group: str) -> frozenset[int]:
    words = tuple(word.folded for word in passage.words)
    found: set[int] = set()
    for at, word in enumerate(words):
        for phrase in _phrases(group).get(word, ()):
            if words[at : at + len(phrase)] == phrase:
                found.update(range(at, at + len(phrase)))
    return frozenset(found)


@cache
def _phrases(group: str) -> dict[str, tuple[Words, ...]]:
    """All of a group, in every language, by their first word."""
    found: dict[str, set[Words]] = {}
    for listed in table("ranks")[group].values():
        for text in listed.split(","):
            phrase = tuple(word.folded for word in read("", text, FIELD_CAP).words)
            found.setdefault(phrase[0], set()).add(phrase)
    return {first: tuple(sorted(phrases)) for first, phrases in found.items()}
