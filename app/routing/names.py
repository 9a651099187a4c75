"""Names in an enquiry: hosts and their houses, networks and twin cities, events, other places of the city's name."""

from __future__ import annotations

import re
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from app.routing.catalogue import Catalogue
from app.routing.text import FIELD_CAP, Passage, Word, fold, read

ACRONYM_CAP = 5
SHORTEST = 3  # letters; so short a name is read as it is written, but for a wished host's
SURE_NAME = 2.0  # the least weight of a name that means the host, rather than points towards it
ALIKE = 90.0
ROOT = 4
LONG_NAME = 8
ENDING = 3  # letters of a name of one word that may be others in another form of it
INFLECTED_WORD = 6
MOST_KEPT = 4  # indexes in memory
INFLECTED = frozenset({"network", "occasion"})
ELISION = re.compile(r"^(?:l|d|qu|dell|nell|all|sull|dall)['’]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name that may stand in a text: of what kind, of which thing, how surely it means that thing."""

    kind: str
    slug: str
    words: tuple[str, ...]
    weight: float
    acronym: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found: where, and as it stands there."""

    name: Name
    source: str
    quote: str
    at: int
    last: int


@dataclass(slots=True)
class NameIndex:
    """All names of a catalogue by their first word."""

    by_first: dict[str, list[Name]] = field(default_factory=lambda: defaultdict(list))
    by_root: dict[str, list[Name]] = field(default_factory=lambda: defaultdict(list))

    def find(self, passage: Passage) -> list[Mention]:
        """Every name in a passage, the longest where several begin at the same word."""
        found: list[Mention] = []
        wishes = passage.source == "wanted_hosts"
        whole = [_without_genitive(passage, word) for word in passage.words]
        folded = [ELISION.sub("", word) for word in whole]
        for at, first in enumerate(folded):
            for name in (*self.by_first.get(first, ()), *self.by_root.get(first[:ROOT], ())):
                last = at + len(name.words)
                if tuple(folded[at:last]) == name.words or _inflected(folded[at:last], name):
                    begin = passage.words[at].start + len(whole[at]) - len(first)
                    quote = passage.quote(begin, passage.words[last - 1].end)
                    if not name.acronym or _is_acronym(quote, name) or (wishes and name.kind == "host"):
                        found.append(Mention(name, passage.source, quote, at, last))
        return _longest(found)


def _without_genitive(passage: Passage, word: Word) -> str:
    """The word without the small s behind capitals: "ENISAs"."""
    written = passage.text[word.start : word.end]
    has_one = len(written) > SHORTEST and written[-1] == "s" and written[:-1].isupper()
    return word.folded[:-1] if has_one else word.folded


def _is_acronym(quote: str, name: Name) -> bool:
    """Whether it is written as one: in capitals, or a longer one of a network as a name ("Icorn")."""
    as_name = name.kind == "network" and len(name.acronym) > SHORTEST and quote == name.acronym.capitalize()
    return as_name or name.acronym in (quote, quote.removesuffix("s"))


def _inflected(words: list[str], name: Name) -> bool:
    """Whether these words are other forms of a long name's ("Związku Miast Bałtyckich")."""
    if len(words) != len(name.words) or " ".join(words) == " ".join(name.words):
        return False
    if len(words) == 1:
        # the same first part of a compound is another word: research days, a research programme; gastronomy, its city
        shared = Prefix.similarity(words[0], name.words[0])
        if shared < len(name.words[0]) * 3 // 4 or max(len(words[0]), len(name.words[0])) - shared > ENDING:
            return False
    return all(
        word == other
        or (
            len(other) >= INFLECTED_WORD
            and abs(len(word) - len(other)) <= 3
            and word[: len(other) - 2][:8] == other[:-2][:8]
        )
        for word, other in zip(words, name.words, strict=True)
    )


def _longest(found: list[Mention]) -> list[Mention]:
    kept = []
    for mention in found:
        inside = any(
            other is not mention
            and other.name.kind == mention.name.kind
            and other.name.slug != mention.name.slug
            and other.at <= mention.at
            and mention.last <= other.last
            and other.last - other.at > mention.last - mention.at
            for other in found[:400]
        )
        if not inside:
            kept.append(mention)
    return kept


def _names(kind: str, slug: str, texts: Iterable[str], weight: float) -> Iterator[Name]:
    for text in texts:
        words = tuple(word.folded for word in read("", text).words)
        short = len(text) <= ACRONYM_CAP and (text.isupper() or len(text) == SHORTEST)
        if words and (short or len(text) > 3):
            yield Name(kind, slug, words, weight, text if short else "")


def _all_names(catalogue: Catalogue) -> Iterator[Name]:
    for host in catalogue.hosts:
        yield from _names("host", host.slug, host.names, 2.0)
        for weight, texts in catalogue.rules.host_words.get(host.slug, {}).items():
            yield from _names("host", host.slug, texts, float(weight))
        yield from _names("post", host.slug, catalogue.rules.posts.get(host.slug, ()), 2.0)
    for partnership in catalogue.partnerships:
        yield from _names(partnership.kind, partnership.slug, partnership.names, 1.0)
    for occasion in catalogue.occasions:
        yield from _names("occasion", occasion.slug, occasion.names, 1.0)
    for slug, texts in catalogue.rules.namesakes.items():
        yield from _names("namesake", slug, texts, 1.0)
    yield from _names("landmark", "", catalogue.rules.landmarks, 1.0)
    yield from _names("city", "", catalogue.rules.city_names, 1.0)


_Spoken = tuple[str, str, tuple[str, ...]]
_Key = tuple[int, tuple[_Spoken, ...]]
_INDEXES: OrderedDict[_Key, tuple[Catalogue, NameIndex]] = OrderedDict()


def _key(catalogue: Catalogue) -> _Key:
    """What an index depends on: the names themselves, as the rows around them change from request to request."""
    hosts = [("host", one.slug, one.names) for one in catalogue.hosts]
    partnerships = [(one.kind, one.slug, one.names) for one in catalogue.partnerships]
    occasions = [("occasion", one.slug, one.names) for one in catalogue.occasions]
    return id(catalogue.rules), (*hosts, *partnerships, *occasions)


def name_index(catalogue: Catalogue) -> NameIndex:
    """The names of a catalogue; kept while its names stay and its rules are the very same object."""
    key = _key(catalogue)
    kept = _INDEXES.get(key)
    if kept is None or kept[0].rules is not catalogue.rules:
        _INDEXES[key] = kept = (catalogue, _index(catalogue))
        while len(_INDEXES) > MOST_KEPT:
            _INDEXES.popitem(last=False)
    return kept[1]


def _index(catalogue: Catalogue) -> NameIndex:
    index = NameIndex()
    for name in dict.fromkeys(_all_names(catalogue)):
        index.by_first[name.words[0]].append(name)
        if name.kind in INFLECTED and len(" ".join(name.words)) >= LONG_NAME and len(name.words[0]) >= ROOT:
            index.by_root[name.words[0][:ROOT]].append(name)
    return index


def mentions(catalogue: Catalogue, *passages: Passage) -> list[Mention]:
    """All names in the passages."""
    index = name_index(catalogue)
    return [mention for passage in passages for mention in index.find(passage)]


def resembling(catalogue: Catalogue, kind: str, text: str) -> tuple[str, str] | None:
    """The slug and name that a short field most resembles (typing errors allowed), or None."""
    wanted = fold(text[:FIELD_CAP]).strip()
    best: tuple[float, str, str] | None = None
    for names in name_index(catalogue).by_first.values():
        for name in names:
            joined = " ".join(name.words)
            if name.kind == kind and not name.acronym and len(joined) >= 6:
                score = fuzz.ratio(wanted, joined)
                if score >= ALIKE and (best is None or score > best[0]):
                    best = (score, name.slug, joined)
    return (best[1], best[2]) if best else None
