"""What the sender says it mainly comes for, and what it calls a side stop: the first leads, the second takes part."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import islice

from app.routing.cues import cue
from app.routing.text import Passage

MOST_TURNS = 60
MAIN, SIDE, OPEN = "main", "side", ""
_PIECE_END = re.compile(
    r"[;:,()–—]|\s-\s|\b(but|aber|men|mais|pero|ma|maar|ale|mas|however|jedoch|sondern|doch)\b"
    r"|\b(and|og|och|und|et|y|e|i|oraz|en)\b(?= (we|also|then|besides|if|perhaps|vi|me|ogsa|ocksa|aven|wir|auch|nous|"
    r"aussi|tambien|anche|takze|rowniez|ook|tambem)\b)"
)
_AGAINST = re.compile(r"[,;]? ?\b(but|aber|men|mais|pero|ma|maar|ale|mas|however|jedoch|doch)\b")
_DENIED = re.compile(r"\b(not|n't|nicht|kein\w*|ikke|ikkje|inte|pas|no|non|nie|niet|geen|nao)( \w+){0,2} ?$")


def words_of_turns(passage: Passage) -> frozenset[int]:
    """The words that only say that something is the main subject: a main interest is no water main, nor a rate.

    So are all words of a figure of speech, and verbs that look like a subject's nouns: who bridges a gap builds none.
    """
    starts = [word.start for word in passage.words]
    found: set[int] = set()
    for first, last in _places(passage, starts, "main_subject"):
        found.update((first, last))
    for first, last in _places(passage, starts, "other_sense"):
        found.update(range(first, last + 1))
    return frozenset(found)


def _places(passage: Passage, starts: list[int], name: str) -> Iterator[tuple[int, int]]:
    """The first and the last word of each such turn."""
    for match in islice(cue(name).finditer(passage.folded), MOST_TURNS):
        first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end()) - 1
        if first <= last:
            yield first, last


def marks_of(passage: Passage) -> list[str]:
    """For each word of the purpose, whether it tells of the main subject, of a side stop, or neither is said."""
    main = list(_turns(passage, "main_subject"))
    if not main:
        return []
    side = list(_turns(passage, "side_stop"))
    pieces = [piece for start, end in passage.sentences for piece in _pieces(passage.folded, start, end, main, side)]
    starts = [start for start, _end, _mark in pieces]
    return [pieces[max(bisect_right(starts, word.start) - 1, 0)][2] for word in passage.words]


def _turns(passage: Passage, name: str) -> Iterator[tuple[int, bool]]:
    """Where such a turn of phrase begins, and whether it is denied ("not our main subject")."""
    for match in islice(cue(name).finditer(passage.folded), MOST_TURNS):
        yield match.start(), _DENIED.search(passage.folded, max(0, match.start() - 25), match.start()) is not None


def _pieces(
    folded: str, start: int, end: int, main: list[tuple[int, bool]], side: list[tuple[int, bool]]
) -> list[tuple[int, int, str]]:
    """A sentence as a whole, or where it tells of both, clause by clause."""
    told = [denied for at, denied in main if start <= at < end]
    beside = any(start <= at < end for at, _ in side) or any(told) or _AGAINST.search(folded, start, end)
    if told and beside:
        return _clauses(folded, start, end, main, side)
    return [(start, end, MAIN if told else SIDE if beside and not _AGAINST.search(folded, start, end) else OPEN)]


def _clauses(
    folded: str, start: int, end: int, main: list[tuple[int, bool]], side: list[tuple[int, bool]]
) -> list[tuple[int, int, str]]:
    """Each clause by its own turn of phrase, else by the one before; the first ones by what follows them."""
    ends = [match.start() for match in _PIECE_END.finditer(folded, start + 1, end)]
    found: list[tuple[int, int, str]] = []
    for first, last in zip([start, *ends], [*ends, end], strict=True):
        denied = [one for at, one in main if first <= at < last]
        mark = (SIDE if all(denied) else MAIN) if denied else OPEN
        if not mark and any(first <= at < last for at, _ in side):
            mark = SIDE
        if mark and found and not any(kept for _, _, kept in found):
            before = SIDE if mark == MAIN and _AGAINST.match(folded, first) else mark
            found = [(one, other, before) for one, other, _ in found]
        found.append((first, last, mark or (found[-1][2] if found else OPEN)))
    return found
