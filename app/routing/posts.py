"""Job titles as names: who asks to meet the head of a host asks for that host."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache, lru_cache

from app.routing.catalogue import Catalogue
from app.routing.data import table
from app.routing.languages import READ, small_words
from app.routing.names import ELISION, SURE_NAME, Mention, Name, name_index
from app.routing.text import FIELD_CAP, Passage, Word, read

MOST_LINKS = 3  # small words between a title and a name
MOST_TITLES = 4  # words of a title
FIELD = 6  # words behind a title of a city's government that may name its department
WITHIN = 120  # characters before a title in which a meeting is asked for
DEPARTMENT = "department"  # the kind of host that such a title means
MANY = 3  # departments whose names bear a word that then tells none
NAME, WISHES = "post", "wanted_hosts"
_OTHERS = re.compile(  # between "meet" and a title: whoever is met, it is not the one with the title
    r"\b(you|our|us|my|dere|dykk|oss|var[et]?|min|vor[et]?s?|jer|os|er|sie(?! ze?\b)|uns\w*|mein\w*|ihnen|vous|nous"
    r"|notre|mon|ma|nos|nuestr\w+|nostr\w+|nasz\w*|ons|onze|noss\w+|led by|headed by|accompan\w+|together with)\b"
)


def with_heads(passage: Passage, found: Iterable[Mention], catalogue: Catalogue) -> list[Mention]:
    """The hosts named in a passage; the title of its head belongs to a name, and may stand for one."""
    heads = [*_of_departments(passage, catalogue), *_genitives(passage, catalogue)]
    posts = [_as_host(one) for one in found if one.name.kind == NAME and is_asked_for(passage, one.at)]
    heads += _beside(posts, heads)
    hosts = [_with_title(passage, one) for one in found if one.name.kind == "host"]
    return [*_beside(hosts, heads), *heads]


def _beside(mentions: Iterable[Mention], others: Iterable[Mention]) -> list[Mention]:
    """Those that share no word with the others."""
    taken = {at for one in others for at in range(one.at, one.last)}
    return [one for one in mentions if taken.isdisjoint(range(one.at, one.last))]


def _as_host(post: Mention) -> Mention:
    return replace(post, name=replace(post.name, kind="host"))


def is_asked_for(passage: Passage, at: int) -> bool:
    """Whether a meeting with whoever has the title is asked for, and the sender does not speak of its own people."""
    if passage.source == WISHES:
        return True
    begin = passage.words[at].start
    first = max(passage.sentences[passage.words[at].sentence][0], begin - WITHIN)
    meetings = list(_meeting().finditer(passage.folded, first, begin))
    return bool(meetings) and not _OTHERS.search(passage.folded, meetings[-1].end(), begin)


def _with_title(passage: Passage, host: Mention) -> Mention:
    """The name with the title before it ("the rector of …") or behind it ("…'s director")."""
    if host.name.weight < SURE_NAME:
        return host
    first = _title_before(passage.words, host.at)
    last = host.last + (passage.words[host.last : host.last + 1] != () and passage.words[host.last].folded == "s")
    behind = title_at(passage.words, last)
    return replace(host, at=first, last=last + behind if behind else host.last)


def _title_before(words: tuple[Word, ...], at: int) -> int:
    """Where the title begins that ends before a name, but for small words; else the name's own place."""
    links = 0
    while links < MOST_LINKS and at - links > 0 and words[at - links - 1].folded in _links():
        links += 1
    first = end = at - links
    for length in range(1, min(MOST_TITLES, end) + 1):
        first = end - length if title_at(words, end - length) == length else first
    return first if first < end and words[first].sentence == words[at].sentence else at


def title_at(words: tuple[Word, ...], at: int, group: str = "heads") -> int:
    """How many words of titles stand here, one after the other."""
    length = 0
    while at + length < len(words) and length < MOST_TITLES:
        titles = _titles(group).get(ELISION.sub("", words[at + length].folded), ())
        fitting = (title for title in titles if _stands_at(words, at + length, title))
        more = max(map(len, fitting), default=0)
        if not more:
            break
        length += more
    return length


def _stands_at(words: tuple[Word, ...], at: int, title: tuple[str, ...]) -> bool:
    return tuple(ELISION.sub("", word.folded) for word in words[at : at + len(title)]) == title


def _genitives(passage: Passage, catalogue: Catalogue) -> Iterator[Mention]:
    """Names of one word with an ending and a title behind: "UiBs rektor"."""
    for at, word in enumerate(passage.words):
        length = title_at(passage.words, at + 1) if word.folded.endswith("s") else 0
        for name in name_index(catalogue).by_first.get(word.folded[:-1], ()) if length else ():
            if name.kind == "host" and len(name.words) == 1 and name.weight >= SURE_NAME:
                yield Mention(name, passage.source, passage.quote(word.start, word.end), at, at + 1 + length)


def _of_departments(passage: Passage, catalogue: Catalogue) -> Iterator[Mention]:
    """Heads of departments whom the sender asks to meet: "the commissioner for finance"."""
    for at in range(len(passage.words)):
        length = title_at(passage.words, at, "cabinet")
        if not length or not is_asked_for(passage, at):
            continue
        behind = at + length
        while behind < len(passage.words) and behind - at - length < MOST_LINKS and _is_link(passage.words[behind]):
            behind += 1
        slug, last = _department(passage, behind, catalogue) if behind > at + length else ("", behind)
        if slug:
            quote = passage.quote(passage.words[at].start, passage.words[last - 1].end)
            yield Mention(Name("host", slug, (), SURE_NAME), passage.source, quote, at, last)


def _is_link(word: Word) -> bool:
    return word.folded in _links()


def _department(passage: Passage, at: int, catalogue: Catalogue) -> tuple[str, int]:
    """Whose names hold most of the words from here on, the first among them; none where two departments' do."""
    field = [word for word in passage.words[at : at + FIELD] if word.sentence == passage.words[at].sentence]
    found: dict[str, tuple[int, int, int]] = {}
    for slug, names in _names_of_departments(catalogue):
        known, held = frozenset().union(*names), 0
        while held < len(field) and (field[held].folded in known or _is_link(field[held])):
            held += 1
        while held and _is_link(field[held - 1]):
            held -= 1
        words = {word.folded for word in field[:held] if not _is_link(word)}
        if words and field[0].folded in words:
            found[slug] = (len(words), sum(words <= name for name in names), at + held)
    order = sorted(found, key=lambda slug: found[slug][:2], reverse=True)
    if not order or (len(order) > 1 and found[order[0]][:2] == found[order[1]][:2]):
        return "", at
    return order[0], found[order[0]][2]


def _names_of_departments(catalogue: Catalogue) -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
    return _words_of(tuple((one.slug, one.names) for one in catalogue.hosts if one.kind == DEPARTMENT))


@lru_cache(maxsize=4)
def _words_of(
    departments: tuple[tuple[str, tuple[str, ...]], ...],
) -> tuple[tuple[str, tuple[frozenset[str], ...]], ...]:
    """Of each name the words that may tell which department it is: no small ones, nor those that many bear."""
    small = small_words(READ)
    read_names = {
        slug: [
            frozenset(word.folded for word in read("", name, FIELD_CAP).words if word.lower not in small)
            for name in names
        ]
        for slug, names in departments
    }
    borne = Counter(word for names in read_names.values() for word in frozenset().union(*names))
    common = {word for word, times in borne.items() if times >= MANY}
    return tuple((slug, tuple(name - common for name in names)) for slug, names in read_names.items())


@cache
def _titles(group: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """All titles of a group, in every language, by their first word."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for listed in table("posts")[group].values():
        for text in listed.split(","):
            title = tuple(word.folded for word in read("", text, FIELD_CAP).words)
            found.setdefault(title[0], set()).add(title)
    return {first: tuple(titles) for first, titles in found.items()}


@cache
def _links() -> frozenset[str]:
    return frozenset(word.folded for word in read("", table("posts")["links"], 2000).words)


@cache
def _meeting() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in table("posts")["meeting"]))
