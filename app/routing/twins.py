"""The twin city a sender comes from, by the city of its address or by its own name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from app.routing.catalogue import Catalogue, PartnershipProfile
from app.routing.data import table
from app.routing.evidence import Reading
from app.routing.text import fold
from app.routing.types import Enquiry

CIVIC_TYPES = frozenset({"city", "school", "cultural-institution", "ngo", "other", ""})
OF_THE_CITY = frozenset({"city", "school", "cultural-institution", ""})  # named after it, they are its own
TWIN_WORDS = re.compile(
    r"\b((twin|sister)[ -](cit(y|ies)|towns?|municipalit(y|ies))|twinn(ed|ing)"
    r"|vanort\w*|vennskapsby\w*|venskaps?by\w*|ystavyyskaupun\w*|venort\w*)\b"
)
LONG_WORD = 6
Words = tuple[str, ...]


def twin_of(enquiry: Enquiry, reading: Reading, catalogue: Catalogue) -> PartnershipProfile | None:
    """The twin city whose administration or civic institution the sender is."""
    says_so = bool(TWIN_WORDS.search(reading.fields["relation"].folded) or TWIN_WORDS.search(reading.purpose.folded))
    kind = enquiry.organisation_type
    if kind not in CIVIC_TYPES and not (says_so and kind in ("university", "region")):
        return None
    country = {"UK": "GB"}.get(enquiry.country, enquiry.country)
    for partnership in catalogue.partnerships:
        if partnership.kind == "twin-city" and partnership.country in ("", country):
            names = {_words(part) for name in partnership.names for part in (name, *name.split("/"))}
            if names.intersection(_cities(enquiry.city)) or (kind in OF_THE_CITY and _is_named(enquiry, names)):
                return partnership
    return None


def _words(text: str) -> Words:
    return tuple(re.findall(r"[^\W_]+", fold(text)))


def _cities(field: str) -> Iterator[Words]:
    """The places an address names: "8000 Aarhus C" and "Aarhus N" are Aarhus, "Hisings Kärra, Göteborg" is Göteborg."""
    for part in re.split(r"[,(/;)]", field):
        kept = [word for word in re.findall(r"[^\W_]+", part) if not _is_district(word)]
        if kept:
            yield _words(" ".join(kept))


def _is_district(word: str) -> bool:
    """Whether a word is a postal code or the letters of a district, a state or a country."""
    return any(letter.isdigit() for letter in word) or (len(word) <= 2 and word.isupper())


def _is_named(enquiry: Enquiry, names: Iterable[Words]) -> bool:
    """Whether one part of the sender's name begins as its city's administration is called ("Aarhus Kommune, …")."""
    for part in re.split(r"[,(/;)–—:]|\s-\s", enquiry.organisation):
        words = _words(part)
        if any(_begins(words, name) for name in names):
            return True
    return False


def _begins(words: Words, name: Words) -> bool:
    if len(name) > 1 and _same(words[: len(name)], name):
        before = name[:-1] in _phrases("before") or len(name) > 2
        return before or any(name[-len(one) :] == one for one in _phrases("after"))
    for phrase in _phrases("before"):
        if words[: len(phrase)] == phrase and _same(words[len(phrase) : len(phrase) + len(name)], name):
            return True
    rest = words[len(name) :]
    return _same(words[: len(name)], name) and any(rest[: len(one)] == one for one in _phrases("after"))


def _same(words: Words, name: Words) -> bool:
    """Whether these words are the name, its last word perhaps in another form ("Göteborgs", "kommunens")."""
    if not name or len(words) != len(name) or words[:-1] != name[:-1]:
        return False
    word, other = words[-1], name[-1]
    return word in (other, f"{other}s") or (len(other) >= LONG_WORD and len(name) > 1 and word[:5] == other[:5])


@cache
def _phrases(side: str) -> frozenset[Words]:
    """Words of a municipality that stand before or after its name, those of its offices too."""
    rows = table("municipalities")
    listed = (*rows[side].values(), *rows["offices"].get(side, ()))
    return frozenset(_words(phrase) for phrases in listed for phrase in phrases.split(","))
