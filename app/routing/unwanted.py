"""What a text says is not wanted: which words nobody should be asked for, in the languages routing reads."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Set
from dataclasses import replace
from itertools import islice

from app.routing.cues import cue
from app.routing.text import Passage

REACH_OF_NEGATION = 6
IN_A_LIST = 2  # words between two commas
_GOES_ON = re.compile(
    r"\s*(n?or|and|neither|og|eller|heller|und|oder|noch|et|ou|ni|nem|y|o|ne|e|i|ani|oraz|lub|en|of)\b"
)
_CLAUSE_END = re.compile(r"[,.;:!?()\n–—]|\s-\s|\b(but|aber|men|utan|mais|sino|pero|ma|maar|lecz|ale|sondern|mas)\b")


def without(passage: Passage, denied: Set[int]) -> Passage:
    """The passage with blanks where denied words stand; places in it stay true."""
    text, folded = passage.text, passage.folded
    for word in (passage.words[at] for at in denied):
        blank = " " * (word.end - word.start)
        text = text[: word.start] + blank + text[word.end :]
        folded = folded[: word.start] + blank + folded[word.end :]
    return replace(passage, text=text, folded=folded) if denied else passage


def unwanted_in(passage: Passage) -> frozenset[int]:
    """Indexes of words that nobody wants to hear of; what is only contrasted ("instead of") still tells the subject."""
    denied = _behind(passage, "unwanted") | _refused(passage)
    for match in list(cue("unwanted_before").finditer(passage.folded))[:50]:
        begins = max((end.end() for end in _CLAUSE_END.finditer(passage.folded, 0, match.start())), default=0)
        within = [at for at, word in enumerate(passage.words) if begins <= word.start < match.end()]
        denied.update(within[-REACH_OF_NEGATION - len(match.group().split()) :])
    return frozenset(denied | _conceded(passage, denied))


def contrasted_in(passage: Passage) -> frozenset[int]:
    """Indexes of words that stand behind "not about", "rather than" and the like, to the end of the clause."""
    return frozenset(_behind(passage, "not_about"))


def clauses_with(name: str, passage: Passage) -> frozenset[int]:
    """Indexes of the words of all clauses in which such a turn of phrase stands ("not", but no "not only")."""
    places = [one.span() for one in _first_fifty(passage, name)]
    if not places:
        return frozenset()
    ends = [0, *(stop.end() for stop in _CLAUSE_END.finditer(passage.folded)), len(passage.folded)]
    spans = [
        (ends[bisect_right(ends, start) - 1], ends[bisect_left(ends, end)]) for start, end in places if start < ends[-1]
    ]
    return frozenset(
        at for at, word in enumerate(passage.words) if any(begin <= word.start < end for begin, end in spans)
    )


def _refused(passage: Passage) -> set[int]:
    """Indexes of words in clauses that say what is not needed, was seen, or comes another time, with their lists."""
    refused: set[int] = set()
    spans = [(one.start(), _end_of_list(passage, one.end())) for one in _first_fifty(passage, "refused")]
    spans += [(_begin_of_list(passage, one.start()), one.end()) for one in _first_fifty(passage, "refused_before")]
    for begins, ends in spans:
        refused.update(at for at, word in enumerate(passage.words) if begins <= word.start < ends)
    return refused


def _conceded(passage: Passage, denied: Set[int]) -> set[int]:
    """Indexes of words in clauses that tell who the sender is all the same, where their sentence denies something."""
    sentences = {passage.words[at].sentence for at in denied}
    conceded: set[int] = set()
    for one in _first_fifty(passage, "conceded") if denied else ():
        end = _end_of_list(passage, one.end())
        within = (at for at, word in enumerate(passage.words) if one.start() <= word.start < end)
        conceded.update(at for at in within if passage.words[at].sentence in sentences)
    return conceded


def _first_fifty(passage: Passage, name: str) -> list[re.Match[str]]:
    found = islice(cue(name).finditer(passage.folded), 50)
    return [one for one in found if not cue("not_about_but").search(passage.folded, one.start(), one.end() + 8)]


def _end_of_list(passage: Passage, start: int) -> int:
    """Where the clause ends that goes on at `start`: a comma does not end it before "nor", "or", "and"."""
    for stop in _CLAUSE_END.finditer(passage.folded, start):
        if not (stop.group() == "," and _GOES_ON.match(passage.folded, stop.end())):
            return stop.start()
    return len(passage.folded)


def _begin_of_list(passage: Passage, end: int) -> int:
    """Where the clause begins that `end` stands in: a comma is not its beginning behind a part of one or two words."""
    stops = list(_CLAUSE_END.finditer(passage.folded, 0, end))
    for before, stop in zip([None, *stops][::-1][1:], stops[::-1], strict=True):
        part = passage.folded[before.end() if before else 0 : stop.start()]
        if stop.group() != "," or len(part.split()) > IN_A_LIST:
            return stop.end()
    return 0


def _behind(passage: Passage, name: str) -> set[int]:
    denied: set[int] = set()
    for match in list(cue(name).finditer(passage.folded))[:50]:
        if cue("not_about_but").match(passage.folded, match.start()):
            continue
        stop = _CLAUSE_END.search(passage.folded, match.end())
        last = stop.start() if stop else len(passage.folded)
        within = [
            at
            for at, word in enumerate(passage.words)
            if match.start() <= word.start < last and word.end > match.start()
        ]
        denied.update(within[: REACH_OF_NEGATION + len(match.group().split())])
    return denied
