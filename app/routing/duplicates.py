"""The same errand sent twice: same sender, same dates, same subject as an earlier request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rapidfuzz import fuzz

from app.routing.text import fold, read
from app.routing.types import Enquiry, Flag, Reason

SENDER_ALIKE = 82.0
PERSON_ALIKE = 80.0
ERRAND_ALIKE = 0.18
DATES_APART = timedelta(days=2)
_TITLES = frozenset("dr prof mr mrs ms hon he h e sir dame herr frau m mme phd mag ing cr".split())
_PUBLIC_MAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "example.org", "example.com"})


def find_duplicate(enquiry: Enquiry, earlier: Sequence[Enquiry]) -> tuple[str, Flag] | None:
    """The id of the earlier enquiry this one repeats and the flag saying so, or None."""
    for other in sorted(earlier, key=lambda one: one.submitted_on, reverse=True):
        if other.id == enquiry.id or not _same_dates(enquiry, other):
            continue
        sender, person = _same_sender(enquiry, other), _same_person(enquiry, other)
        if not sender and not (person and (enquiry.country == other.country or _names_alike(enquiry, other))):
            continue
        errand = _errand(enquiry, other)
        if errand >= (ERRAND_ALIKE if not person else ERRAND_ALIKE / 2):
            reason = Reason("same-as", "organisation", (other.organisation,), round(errand, 2), other.id)
            return other.id, Flag("duplicate", (reason,))
    return None


def _same_dates(one: Enquiry, other: Enquiry) -> bool:
    return any(
        abs(first - second) <= DATES_APART and abs(last - end) <= DATES_APART
        for first, last in one.windows
        for second, end in other.windows
    )


def _same_sender(one: Enquiry, other: Enquiry) -> bool:
    if one.country != other.country:
        return False
    domain, other_domain = _domain(one.contact_email), _domain(other.contact_email)
    if domain and domain == other_domain:
        return True
    return _names_alike(one, other)


def _names_alike(one: Enquiry, other: Enquiry) -> bool:
    names = fold(one.organisation), fold(other.organisation)
    return fuzz.token_set_ratio(*names) >= SENDER_ALIKE and fuzz.token_sort_ratio(*names) >= SENDER_ALIKE - 25


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2].strip().lower()
    return "" if domain in _PUBLIC_MAIL else domain


def _person(name: str) -> list[str]:
    return [word.folded for word in read("", name, 200).words if word.folded not in _TITLES]


def _same_person(one: Enquiry, other: Enquiry) -> bool:
    mine, theirs = _person(one.head_name), _person(other.head_name)
    if not mine or not theirs or mine[-1] != theirs[-1] and fuzz.ratio(mine[-1], theirs[-1]) < PERSON_ALIKE:
        return False
    return mine[0][:1] == theirs[0][:1] or fuzz.token_set_ratio(" ".join(mine), " ".join(theirs)) >= PERSON_ALIKE


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
