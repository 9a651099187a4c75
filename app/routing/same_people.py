"""Whether two enquiries come from the same people: office, head of the delegation, and how many."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache

from rapidfuzz import fuzz

from app.routing.data import table
from app.routing.text import fold, read
from app.routing.types import Enquiry

SENDER_ALIKE = 82.0
PERSON_ALIKE = 80.0
TELLING_LETTERS = 3  # consonants by which two spellings are one name, whatever the vowels
FEW_MORE, SHARE_MORE = 2, 0.2  # people by which two counts of one group differ, or this share of it
_TITLES = frozenset("dr prof mr mrs ms hon he h e sir dame herr frau m mme phd mag ing cr".split())
_VOWELS = re.compile("[aeiou]")
_SPELLINGS = tuple(pair.split(">") for pair in "ph>f th>t ck>k ch>k c>k x>ks w>v z>s y>i".split())
_PUBLIC_MAIL = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "example.org", "example.com"}
)


def same_sender(one: Enquiry, other: Enquiry) -> bool:
    return one.country == other.country and same_office(one, other)


def same_office(one: Enquiry, other: Enquiry) -> bool:
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


def near_group(one: Enquiry, other: Enquiry) -> bool:
    """Whether both say how many they are, and nearly the same."""
    if one.group_size is None or other.group_size is None:
        return False
    largest = max(one.group_size, other.group_size)
    return abs(one.group_size - other.group_size) <= max(FEW_MORE, SHARE_MORE * largest)


def sizes_near(size: int) -> tuple[int, int]:
    """The least and the greatest number of people that may be the same group."""
    room = max(FEW_MORE, int(SHARE_MORE * size / (1 - SHARE_MORE)))
    return size - room, size + room


def names_of_person(name: str) -> list[str]:
    """The first and the last of a person's names as they are written; one of them is the surname."""
    words = [word for word in read("", name, 200).words if word.folded not in _TITLES and len(word.folded) > 1]
    return list(dict.fromkeys(word.lower for word in (*words[:1], *words[-1:])))


def same_person(one: Enquiry, other: Enquiry) -> bool:
    """The same surname wherever it stands, and given names, pet names or initials that agree."""
    mine, theirs = _person(one.head_name), _person(other.head_name)
    for mine_at, theirs_at in ((-1, -1), (-1, 0), (0, -1), (0, 0)):
        if mine and theirs and _same_surname(mine[mine_at], theirs[theirs_at]):
            rest = _without(mine, mine_at), _without(theirs, theirs_at)
            if not rest[0] or not rest[1] or _agree(*rest):
                return True
    return False


def _person(name: str) -> list[str]:
    return [word.folded for word in read("", name, 200).words if word.folded not in _TITLES]


def _same_surname(mine: str, theirs: str) -> bool:
    return len(mine) > 1 and len(theirs) > 1 and _spelled_alike(mine, theirs)


def _without(names: list[str], at: int) -> list[str]:
    return names[:at] if at else names[1:]


def _agree(mine: list[str], theirs: list[str]) -> bool:
    """Whether given names are the same: written together or apart, some left out, or only their initials told."""
    if _spelled_alike("".join(mine), "".join(theirs)):
        return True
    for some, others in ((mine, theirs), (theirs, mine)):
        if all(len(name) == 1 for name in some):
            return some[0] == others[0][0] and _in_order(some, "".join(others), str.__eq__)
    short, long = sorted((mine, theirs), key=len)
    return _in_order(short, long, _stands_for)


def _in_order(some: Iterable[str], others: Iterable[str], same: Callable[[str, str], bool]) -> bool:
    """Whether each of some is found among the others, one behind the other."""
    left = iter(others)
    return all(any(same(one, other) for other in left) for one in some)


def _stands_for(one: str, other: str) -> bool:
    if 1 in (len(one), len(other)):
        return one[0] == other[0]
    return _spelled_alike(one, other) or bool(_meant(one) & _meant(other))


def _spelled_alike(one: str, other: str) -> bool:
    """Two spellings of one name, or a slip; a letter in another's place makes another name."""
    mine, theirs = _sound(one), _sound(other)
    if mine == theirs or mine[0] != theirs[0]:
        return mine == theirs
    bare = _VOWELS.sub("", mine)
    if len(bare) >= TELLING_LETTERS and bare == _VOWELS.sub("", theirs):
        return True
    exchanged = len(mine) == len(theirs) and sum(map(str.__ne__, mine, theirs)) == 1
    return not exchanged and fuzz.ratio(mine, theirs) >= PERSON_ALIKE


def _sound(name: str) -> str:
    """A name as it sounds, whichever way letters are used for it: Eric and Erik, Sophie and Sofie."""
    for written, meant in _SPELLINGS:
        name = name.replace(written, meant)
    return re.sub(r"(.)\1", r"\1", name)


def _meant(name: str) -> frozenset[str]:
    """The names that a pet name stands for, with the name itself."""
    return _pet_names().get(name, frozenset({name}))


@cache
def _pet_names() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, listed in table("pet_names").items():
        for pet in (name, *listed.split(", ")):
            found[fold(pet)] = found.get(fold(pet), frozenset({fold(pet)})) | {fold(name)}
    return found
