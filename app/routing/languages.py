"""Which languages a text is written in, told by its small words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from app.routing.data import table
from app.routing.text import Passage

OWN, AKIN, FOREIGN = "own", "akin", "foreign"
_BEYOND_LATIN = "\u0250"
FEW_WORDS = 20
OFTEN = 8  # times a small word counts: padding is no language
READ = ("en", "no", "sv", "da", "de", "fr", "es", "it", "pl", "nl", "pt")
NEIGHBOURS = {"no": ("sv", "da"), "sv": ("no", "da"), "da": ("no", "sv"), "de": ("nl",), "nl": ("de",), "pt": ("es",)}
OF_COUNTRY = {
    "DE": ("de",), "AT": ("de",), "CH": ("de", "fr", "it"), "LI": ("de",), "LU": ("fr", "de"), "FR": ("fr",),
    "BE": ("nl", "fr"), "NL": ("nl",), "ES": ("es",), "MX": ("es",), "CO": ("es",), "CL": ("es",), "AR": ("es",),
    "PE": ("es",), "UY": ("es",), "EC": ("es",), "BO": ("es",), "CR": ("es",), "CU": ("es",), "VE": ("es",),
    "IT": ("it",), "SM": ("it",), "PL": ("pl",), "PT": ("pt",), "BR": ("pt",), "MZ": ("pt",), "AO": ("pt",),
    "SE": ("sv",), "FI": ("sv",), "AX": ("sv",), "DK": ("da",), "FO": ("da", "no"), "GL": ("da",), "IS": ("da",),
    "NO": ("no",), "SN": ("fr",), "CI": ("fr",), "CM": ("fr",), "MG": ("fr",), "TN": ("fr",), "MA": ("fr",),
    "CD": ("fr",), "ML": ("fr",), "BF": ("fr",), "BJ": ("fr",), "RW": ("fr",), "DZ": ("fr",), "MC": ("fr",),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reader:
    """A lexicon to read with, and how far to trust it: the text's own language, a kin of it, or neither."""

    language: str
    trust: str


@cache
def _marks() -> dict[str, frozenset[str]]:
    return {
        language: frozenset(word.strip() for word in words.split(",")) for language, words in table("languages").items()
    }


def spoken(passage: Passage) -> tuple[str, ...]:
    """Languages of a text, likeliest first, at most two; empty when nothing betrays one."""
    words = [word.lower for word in passage.words[:600]]
    if not words:
        return ()
    return _likeliest(Counter(words))


def unread(passage: Passage) -> bool:
    """Whether a text is in a language nobody here reads, however often one small word or letter is put beside it."""
    told = _likeliest(Counter({word.lower for word in passage.words[:600] if len(word.lower) > 1}))
    return not set(told) & set(READ) if told else _in_another_script(passage)


def _in_another_script(passage: Passage) -> bool:
    """Whether most letters are of a script that none of the languages that are read is written in."""
    letters = [letter for letter in passage.text if letter.isalpha()]
    return sum(letter >= _BEYOND_LATIN and not "\u1e00" <= letter <= "\u1eff" for letter in letters) * 2 > len(letters)


def _likeliest(words: Counter[str]) -> tuple[str, ...]:
    """By how many small words of each language there are, none counting more than OFTEN times."""
    counts = {
        language: sum(min(words[word], OFTEN) for word in marks.intersection(words))
        for language, marks in _marks().items()
    }
    best = max(counts.values())
    if best < 2 and best * 8 < words.total():
        return ()
    likely = sorted((language for language in counts if counts[language] >= 0.6 * best), key=lambda x: -counts[x])
    return tuple(likely[:2])


@cache
def small_words(languages: tuple[str, ...]) -> frozenset[str]:
    """The small words of some languages, which never stand for a subject."""
    return frozenset().union(*(_marks()[language] for language in languages if language in _marks()))


@cache
def kinds_of_sender() -> frozenset[str]:
    """Words for a kind of sender: alone in its name they name no subject."""
    return frozenset(word.strip().lower() for words in table("kinds").values() for word in words.split(","))


def to_read(passage: Passage, country: str) -> tuple[Reader, ...]:
    """How to read a long text: in its own languages, with a glance at their kin, at English and at Norwegian.

    A handful of words may betray a wrong one: they are read as well in a language of the sender's country that has any.
    """
    found = spoken(passage)
    at_home = OF_COUNTRY.get(country, ())
    own = [language for language in found if language in READ] or list(at_home) or ["en"]
    if len(passage.words) <= FEW_WORDS:
        own += [language for language in at_home if _hinted(language, passage)]
    readers = dict.fromkeys(own, OWN)
    for language in own[:1]:
        for neighbour in NEIGHBOURS.get(language, ()):
            readers.setdefault(neighbour, AKIN)
    for language in ("en", "no"):
        readers.setdefault(language, FOREIGN)
    return tuple(Reader(language, trust) for language, trust in readers.items())


def _hinted(language: str, passage: Passage) -> bool:
    """Whether there is any small word of a language."""
    return not _marks()[language].isdisjoint(word.lower for word in passage.words)


def of_short_field(country: str, text_languages: tuple[str, ...]) -> tuple[Reader, ...]:
    """How to read a name or title: in the sender's country's languages, the text's and English."""
    own = dict.fromkeys([*OF_COUNTRY.get(country, ()), *(x for x in text_languages if x in READ), "en"])
    readers = [Reader(language, OWN) for language in own]
    return tuple(readers if "no" in own else [*readers, Reader("no", FOREIGN)])
