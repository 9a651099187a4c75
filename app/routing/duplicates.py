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
from app.routing.text import fold, read
from app.routing.types import Enquiry, Flag, Reason

SENDER_ALIKE = 82.0
PERSON_ALIKE = 80.0
ERRAND_ALIKE = 0.18
ERRAND_ALIKE_FOR_OTHERS = 0.25
ERRAND_ALIKE_FOR_MORE = 0.35  # where the other office does not say the same number of people either
SAME_SUBJECT = 0.2  # what a subject in common adds: two languages share few words
WORD_FOR_WORD = 0.9
FEW_MORE, SHARE_MORE = 2, 0.2  # people by which two counts of one group differ, or this share of it
DATES_APART = timedelta(days=2)
_TITLES = frozenset("dr prof mr mrs ms hon he h e sir dame herr frau m mme phd mag ing cr".split())
_PUBLIC_MAIL = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "example.org", "example.com"}
)


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
        needed = _needed(enquiry, other)
        if needed is None:
            continue
        errand = _errand(enquiry, other)
        if errand < WORD_FOR_WORD:
            errand += _in_common(subjects(enquiry), subjects(other), errand, _share_a_language(enquiry, other))
        if errand >= needed or (errand >= 0 and _only_the_language_differs(enquiry, other)):
            reason = Reason("same-as", "organisation", (other.organisation,), round(errand, 2), other.id)
            return other.id, Flag("duplicate", (reason,))
    return None


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
    same = _same_person(one, other) and _same_sender(one, other) and _near_group(one, other)
    return same and set(one.windows) == set(other.windows) and not _share_a_language(one, other)


def _needed(one: Enquiry, other: Enquiry) -> float | None:
    """How alike the errands must be, given who asks; None when nothing says that it is the same delegation."""
    for_other = _speaks_of(one, other) or _speaks_of(other, one)
    if _same_person(one, other) and (
        one.country == other.country or _near_group(one, other) or _same_office(one, other) or for_other
    ):
        return ERRAND_ALIKE / 2
    if _same_sender(one, other):
        return ERRAND_ALIKE
    if for_other and _near_group(one, other):
        return ERRAND_ALIKE_FOR_OTHERS if one.group_size == other.group_size else ERRAND_ALIKE_FOR_MORE
    return None


def _near_group(one: Enquiry, other: Enquiry) -> bool:
    """Whether both say how many they are, and nearly the same."""
    if one.group_size is None or other.group_size is None:
        return False
    largest = max(one.group_size, other.group_size)
    return abs(one.group_size - other.group_size) <= max(FEW_MORE, SHARE_MORE * largest)


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
    return any(
        abs(first - second) <= DATES_APART and abs(last - end) <= DATES_APART
        for first, last in one.windows
        for second, end in other.windows
    )


def _same_sender(one: Enquiry, other: Enquiry) -> bool:
    return one.country == other.country and _same_office(one, other)


def _same_office(one: Enquiry, other: Enquiry) -> bool:
    """By its mail domain or its name."""
    domain = own_domain(one.contact_email)
    return (bool(domain) and domain == own_domain(other.contact_email)) or _names_alike(one, other)


def _names_alike(one: Enquiry, other: Enquiry) -> bool:
    names = fold(one.organisation), fold(other.organisation)
    return fuzz.token_set_ratio(*names) >= SENDER_ALIKE and fuzz.token_sort_ratio(*names) >= SENDER_ALIKE - 25


def own_domain(address: str) -> str:
    """The domain of an address; empty where anybody may have one there."""
    domain = address.rpartition("@")[2].strip().lower()
    return "" if domain in _PUBLIC_MAIL else domain


def names_of_person(name: str) -> list[str]:
    """The first and the last of a person's names as they are written; one of them is the surname."""
    words = [word for word in read("", name, 200).words if word.folded not in _TITLES and len(word.folded) > 1]
    return list(dict.fromkeys(word.lower for word in (*words[:1], *words[-1:])))


def sizes_near(size: int) -> tuple[int, int]:
    """The least and the greatest number of people that may be the same group."""
    room = max(FEW_MORE, int(SHARE_MORE * size / (1 - SHARE_MORE)))
    return size - room, size + room


def _person(name: str) -> list[str]:
    return [word.folded for word in read("", name, 200).words if word.folded not in _TITLES]


def _same_person(one: Enquiry, other: Enquiry) -> bool:
    """The same surname wherever it stands, and given names or initials that agree."""
    mine, theirs = _person(one.head_name), _person(other.head_name)
    for mine_at, theirs_at in ((-1, -1), (-1, 0), (0, -1), (0, 0)):
        if mine and theirs and _same_surname(mine[mine_at], theirs[theirs_at]):
            rest = _without(mine, mine_at), _without(theirs, theirs_at)
            if not rest[0] or not rest[1] or _agree(*rest):
                return True
    return False


def _same_surname(mine: str, theirs: str) -> bool:
    return len(mine) > 1 and len(theirs) > 1 and fuzz.ratio(mine, theirs) >= PERSON_ALIKE


def _without(names: list[str], at: int) -> list[str]:
    return names[:at] if at else names[1:]


def _agree(mine: list[str], theirs: list[str]) -> bool:
    if len(mine[0]) > 1 and len(theirs[0]) > 1:
        return fuzz.ratio(" ".join(mine), " ".join(theirs)) >= PERSON_ALIKE or mine[0][:1] == theirs[0][:1]
    return mine[0][:1] == theirs[0][:1]


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
