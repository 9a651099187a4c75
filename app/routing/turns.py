"""Many turns of phrase as one expression; those that begin with a word are only tried where one begins."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

_OPTIONAL = re.compile(r"[?*{]")


def compiled(patterns: Sequence[str]) -> re.Pattern[str]:
    """One expression over folded text that finds what any of the patterns finds, the first given first."""
    runs = [(begins, list(run)) for begins, run in groupby(patterns, key=_begins_with_word)]
    return re.compile("|".join(_of_words(run) if begins else _any_of(run) for begins, run in runs), re.MULTILINE)


def _of_words(patterns: Sequence[str]) -> str:
    r"""That a word begins is asked once, before all: then a branch is passed over at once by its first letter."""
    branches = (branch.removeprefix(r"\b") for pattern in patterns for branch in _branches(pattern))
    return rf"\b(?=\w)(?:{'|'.join(branches)})"


def _any_of(patterns: Sequence[str]) -> str:
    return "|".join(f"(?:{pattern})" for pattern in patterns)


def _begins_with_word(pattern: str) -> bool:
    r"""Whether each branch begins with \b and a letter or digit that must be there: it can match nowhere else."""
    return all(branch.startswith(r"\b") and _must_be_written(branch[2:]) for branch in _branches(pattern))


def _must_be_written(branch: str) -> bool:
    if branch[:2] in (r"\w", r"\d"):
        return not _OPTIONAL.match(branch[2:3])
    if branch[:1].isalnum():
        return not _OPTIONAL.match(branch[1:2])
    if not branch.startswith("(") or (branch.startswith("(?") and not branch.startswith("(?:")):
        return False
    end = _closing(branch)
    inside = branch[3:end] if branch.startswith("(?:") else branch[1:end]
    follows = not _OPTIONAL.match(branch[end + 1 : end + 2]) or _must_be_written(branch[end + 1 :].lstrip("?*"))
    return follows and all(map(_must_be_written, _branches(inside)))


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern at its top level."""
    found, begun = [], 0
    for at, letter, depth in _levels(pattern):
        if letter == "|" and depth == 0:
            found.append(pattern[begun:at])
            begun = at + 1
    return [*found, pattern[begun:]]


def _closing(pattern: str) -> int:
    """Where the group that the pattern begins with ends."""
    return next((at for at, letter, depth in _levels(pattern) if letter == ")" and depth == 0), len(pattern))


def _levels(pattern: str) -> list[tuple[int, str, int]]:
    """Every letter that means something outside a class, with how many groups it stands in after it."""
    found, depth, in_class, at = [], 0, False, 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            at += 2
            continue
        if in_class:
            in_class = letter != "]"
        elif letter == "[":
            in_class = True
        else:
            depth += (letter == "(") - (letter == ")")
            found.append((at, letter, depth))
        at += 1
    return found
