"""The same errand sent twice: same sender, same dates, same subject as an earlier request.

What speaks for it adds up (the head's name, who they write for, mail domain, country, size, words and subjects); none
of it has to agree, for another office writes from another country, counts other people and writes in its own language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import timedelta

from rapidfuzz import fuzz

from app.routing.languages import spoken
from app.routing.same_people import near_group, same_office, same_person, same_sender
from app.routing.text import read
from app.routing.types import Enquiry, Flag, Reason

ERRAND_ALIKE = 0.18
ERRAND_ALIKE_FOR_OTHERS = 0.25
ERRAND_ALIKE_FOR_MORE = 0.35  # where the other office does not say the same number of people either
SAME_SUBJECT = 0.2  # what a subject in common adds: two languages share few words
WORD_FOR_WORD = 0.9
CITY_ALIKE = 80.0
TEXT_ALIKE = 0.85  # of two texts' long words, by which they are nearly the same
ENOUGH_WORDS = 8
DATES_APART = timedelta(days=2)


def find_duplicate(
    enquiry: Enquiry, earlier: Sequence[Enquiry], subjects: Callable[[Enquiry], frozenset[str]] = lambda _: frozenset()
) -> tuple[str, Flag] | None:
    """The id of the earlier enquiry this one repeats and the flag saying so, or None.

    `subjects` tells what an enquiry is clearly about: two that share none of their subjects are two errands, however
    much of the courtesies around them is the same.
    """
    for other in sorted(earlier, key=lambda one: one.submitted_on, reverse=True):
        if other.id == enquiry.id or not _same_dates(enquiry, other):
            continue
        if _same_text_from_one_city(enquiry, other):
            return _repeats(other, 1.0)
        needed = _needed(enquiry, other)
        if needed is None or not (_near_dates(enquiry, other) or same_sender(enquiry, other)):
            continue
        errand = _errand(enquiry, other)
        if errand < WORD_FOR_WORD:
            errand += _in_common(subjects(enquiry), subjects(other), errand, _share_a_language(enquiry, other))
        if errand >= needed or (errand >= 0 and _only_the_language_differs(enquiry, other)):
            return _repeats(other, errand)
    return None


def _repeats(other: Enquiry, errand: float) -> tuple[str, Flag]:
    reason = Reason("same-as", "organisation", (other.organisation,), round(errand, 2), other.id)
    return other.id, Flag("duplicate", (reason,))


def _same_text_from_one_city(one: Enquiry, other: Enquiry) -> bool:
    """Whether two offices of one city send the same text, or nearly, on the same days, whoever signs."""
    cities = [_plain(re.split(r"[,(/]", enquiry.city)[0]) for enquiry in (one, other)]
    if one.country != other.country or not all(cities) or fuzz.ratio(*cities) < CITY_ALIKE:
        return False
    if _plain(one.purpose) == _plain(other.purpose):
        return bool(one.purpose.strip()) and _near_dates(one, other)
    mine, theirs = _long_words(one.purpose), _long_words(other.purpose)
    enough = min(len(mine), len(theirs)) >= ENOUGH_WORDS
    return enough and 2 * len(mine & theirs) >= TEXT_ALIKE * (len(mine) + len(theirs)) and _near_dates(one, other)


def _in_common(mine: frozenset[str], theirs: frozenset[str], errand: float, one_language: bool) -> float:
    """What the subjects say: clear ones without any in common take all away, an unclear one says nothing.

    One in common adds where two languages share few words.
    """
    if not (mine and theirs):
        return 0.0
    if not mine & theirs:
        return -1.0 - errand
    return 0.0 if one_language else SAME_SUBJECT


def _share_a_language(one: Enquiry, other: Enquiry) -> bool:
    return bool(set(spoken(read("purpose", one.purpose))) & set(spoken(read("purpose", other.purpose))))


def _only_the_language_differs(one: Enquiry, other: Enquiry) -> bool:
    """The same people from the same sender on the same days, and two texts that cannot be compared word by word."""
    same = same_person(one, other) and same_sender(one, other) and near_group(one, other)
    return same and set(one.windows) == set(other.windows) and not _share_a_language(one, other)


def _needed(one: Enquiry, other: Enquiry) -> float | None:
    """How alike the errands must be, given who asks; None when nothing says that it is the same delegation."""
    for_other = _speaks_of(one, other) or _speaks_of(other, one)
    if same_person(one, other) and (
        one.country == other.country or near_group(one, other) or same_office(one, other) or for_other
    ):
        return ERRAND_ALIKE / 2
    if same_sender(one, other):
        return ERRAND_ALIKE
    if for_other and near_group(one, other):
        return ERRAND_ALIKE_FOR_OTHERS if one.group_size == other.group_size else ERRAND_ALIKE_FOR_MORE
    return None


def _speaks_of(one: Enquiry, other: Enquiry) -> bool:
    """Whether a sender writes for the other: by name, by its short name or by its city."""
    told = f" {_plain(one.purpose)} {_plain(one.on_behalf_of)} {_plain(one.organisation)} "
    city = _plain(re.split(r"[,(/]", other.city)[0])
    if city and f" {city} " in told and city != _plain(re.split(r"[,(/]", one.city)[0]):
        return True
    words = [word for word in _plain(other.organisation).split() if len(word) > 3]
    initials = "".join(word[0] for word in words)
    return (len(words) > 1 and all(f" {word} " in told for word in words)) or (
        len(initials) > 2 and f" {initials} " in f" {_plain(one.organisation)} "
    )


def _plain(text: str) -> str:
    return " ".join(word.folded for word in read("", text, 4000).words)


def _same_dates(one: Enquiry, other: Enquiry) -> bool:
    """Nearly the same days; from one country also days that lie within the other's."""
    return _near_dates(one, other) or (one.country == other.country and _one_within(one, other))


def _one_within(one: Enquiry, other: Enquiry) -> bool:
    return any(
        first <= second <= end <= last or second <= first <= last <= end
        for first, last in one.windows
        for second, end in other.windows
    )


def _near_dates(one: Enquiry, other: Enquiry) -> bool:
    return any(
        abs(first - second) <= DATES_APART and abs(last - end) <= DATES_APART
        for first, last in one.windows
        for second, end in other.windows
    )


def _errand(one: Enquiry, other: Enquiry) -> float:
    """Shared long words over the shorter text's; 1 when the texts are the same."""
    if one.purpose.strip() == other.purpose.strip():
        return 1.0
    mine, theirs = _long_words(one.purpose), _long_words(other.purpose)
    shared = len(mine & theirs) / max(1, min(len(mine), len(theirs)))
    ticks = bool(set(one.themes) & set(other.themes))
    return shared + (ERRAND_ALIKE / 2 if ticks else 0.0)


def _long_words(text: str) -> set[str]:
    return {word.folded[:7] for word in read("", text, 4000).words if len(word.folded) >= 5}
