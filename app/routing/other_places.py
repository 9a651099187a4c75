"""Heads of another place's institutions: who asks for "the rector of the University of Oslo" asks for no host here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from app.routing.catalogue import Catalogue
from app.routing.data import table
from app.routing.flag_texts import matches
from app.routing.names import Mention, name_index
from app.routing.place_names import municipal_words
from app.routing.posts import NAME, is_asked_for, title_at
from app.routing.text import FIELD_CAP, Passage, fold, read

REACH = 8  # words from a title to its place
LEAST = 6  # letters of a word for an institution that may stand within a compound
LEAST_PLACE = 4  # letters of a place of one word that is looked for by itself
UNIVERSITY = "universi"  # beside it stands a place, or a name of its own
_STOP = re.compile(r"[,;:()!?]")


def heads_elsewhere(passage: Passage, catalogue: Catalogue) -> frozenset[int]:
    """The words with which somebody asks for the head of another place's institution: title, institution and place."""
    found = name_index(catalogue).find(passage)
    hosts = frozenset(at for one in found if one.name.kind == "host" for at in range(one.at, one.last))
    taken: set[int] = set()
    for at, last, alone in _titles(passage, found):
        if at not in taken and is_asked_for(passage, at):
            taken.update(_with_its_place(passage, at, last, hosts, catalogue, alone=alone))
    return frozenset(taken)


def _titles(passage: Passage, found: list[Mention]) -> Iterator[tuple[int, int, bool]]:
    """Where titles stand, and whether a place alone may follow, as it may behind a fire chief but not a director."""
    posts = {one.at: one.last for one in found if one.name.kind == NAME}
    for at in range(len(passage.words)):
        length = title_at(passage.words, at, "cabinet")
        last = max(posts.get(at, at), at + length)
        if last > at:
            yield at, last, True
        elif length := title_at(passage.words, at):
            yield at, at + length, False


def _with_its_place(
    passage: Passage, at: int, last: int, hosts: frozenset[int], catalogue: Catalogue, *, alone: bool
) -> range:
    """From the title to the place that is none of ours; empty where there is none."""
    words, text = passage.words, passage.text
    before = at - 1 - (at > 1 and words[at - 1].folded == "s")
    if before >= 0 and text[words[before].start].isupper() and _is_known(words[before].folded, catalogue):
        return range(before, last)
    named = alone or any(_is_institution(word.folded) for word in words[at:last])
    for spot in range(last, min(last + REACH, len(words))):
        word = words[spot]
        if word.sentence != words[at].sentence or _STOP.search(text, words[spot - 1].end, word.start):
            break
        if word.folded in _ours(catalogue):
            break
        if _is_institution(word.folded):
            named = True
        elif text[word.start].isupper() and spot not in hosts and not _is_common(word.folded, catalogue):
            linked = words[spot - 1].folded in _links() or _is_institution(words[spot - 1].folded)
            acronym = len(word.folded) > 1 and text[word.start : word.end].isupper()
            university = spot + 1 < len(words) and words[spot + 1].folded.startswith(UNIVERSITY)
            if (linked and (named or acronym or university)) or _is_known(word.folded, catalogue):
                return range(at, _end_of_name(passage, spot + 1, hosts))
    return range(0)


def _end_of_name(passage: Passage, at: int, hosts: frozenset[int]) -> int:
    """Behind the words of an institution that follow its place: "Oslo Public Library", "Oslo Chamber of Commerce"."""
    end = at
    for spot in range(at, min(at + 3, len(passage.words))):
        if _is_institution(passage.words[spot].folded):
            end = spot + 1
    while end in hosts:
        end += 1
    return end


def _is_common(word: str, catalogue: Catalogue) -> bool:
    """Whether a word with a capital is no place: of a host's name, a month, or a word for a town."""
    return word in _words_of_hosts(tuple(one.names for one in catalogue.hosts)) or (
        word in municipal_words() or matches("no_place", word)
    )


def _is_known(word: str, catalogue: Catalogue) -> bool:
    """Whether the city's own list of other places has it, also in the genitive or as "Hamburger"."""
    places = _single_words(tuple(catalogue.rules.elsewhere), LEAST_PLACE)
    return any(form in places for form in (word, word.removesuffix("s"), word.removesuffix("er")))


def _ours(catalogue: Catalogue) -> frozenset[str]:
    return _single_words((*catalogue.rules.city_names, *catalogue.rules.landmarks))


@lru_cache(maxsize=8)
def _single_words(names: tuple[str, ...], least: int = 1) -> frozenset[str]:
    return frozenset(fold(name) for name in names if " " not in name and len(name) >= least)


@lru_cache(maxsize=8)
def _words_of_hosts(names: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    return frozenset(word.folded for listed in names for name in listed for word in read("", name, FIELD_CAP).words)


@cache
def _roots() -> re.Pattern[str]:
    roots = [root.strip() for root in table("posts")["institutions"].split(",")]
    return re.compile("|".join(root if len(root) >= LEAST else rf"^{root}" for root in roots))


@lru_cache(maxsize=4096)
def _is_institution(word: str) -> bool:
    return _roots().search(word) is not None


@cache
def _links() -> frozenset[str]:
    return frozenset(word.folded for word in read("", table("posts")["place_links"], 2000).words)
