"""Which languages a text is written in, told by its small words."""

from __future__ import annotations

from functools import cache

from app.routing.data import table
from app.routing.text import Passage

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


@cache
def _marks() -> dict[str, frozenset[str]]:
    return {
        language: frozenset(word.strip() for word in words.split(","))
        for language, words in table("languages").items()
    }


def spoken(passage: Passage) -> tuple[str, ...]:
    """Languages of a text, likeliest first, at most two; empty when nothing betrays one."""
    words = [word.lower for word in passage.words[:600]]
    if not words:
        return ()
    counts = {language: sum(word in marks for word in words) for language, marks in _marks().items()}
    best = max(counts.values())
    if best < 2 and best * 8 < len(words):
        return ()
    likely = sorted((language for language in counts if counts[language] >= 0.6 * best), key=lambda x: -counts[x])
    return tuple(likely[:2])


def to_read(passage: Passage, country: str) -> tuple[str, ...]:
    """The lexicons to look a long text up in: its own languages, their close relatives, English and Norwegian."""
    found = spoken(passage)
    wanted = [language for language in found if language in READ]
    for language in tuple(wanted[:1]):
        wanted.extend(NEIGHBOURS.get(language, ()))
    if not found:
        wanted.extend(OF_COUNTRY.get(country, ()))
    return tuple(dict.fromkeys([*wanted, "en", "no"]))


def of_short_field(country: str, text_languages: tuple[str, ...]) -> tuple[str, ...]:
    """The lexicons for a name or title: the sender's country's languages, the text's, English and Norwegian."""
    return tuple(dict.fromkeys([*OF_COUNTRY.get(country, ()), *text_languages, "en", "no"]))
