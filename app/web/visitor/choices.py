"""What a visitor chooses from, in the reader's language: countries, languages, themes, partnerships, events, hosts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pycountry
from sqlalchemy import or_, select

from app.core.dates import locale_of, written_days
from app.core.languages import pick
from app.extensions import db
from app.people.models import Host
from app.strategy.models import Occasion, Partnership, Theme

Choice = tuple[str, str]
# Countries that pycountry's standard leaves out but that visitors come from.
MORE_COUNTRIES = ("XK",)
# Ticked at once; every other language is in a list below them.
COMMON_LANGUAGES = ("en", "no", "sv", "da", "de", "fr", "es", "it", "nl", "pl", "uk", "zh", "ja", "ko", "ar", "pt")
LAST_LETTERS = {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"}  # the ASCII signs after z


@dataclass(frozen=True, slots=True)
class ThemeChoice:
    """A theme as the pages show it."""

    slug: str
    name: str
    examples: str


def sorting_key(name: str, language: str) -> str:
    """Alphabetical order: in Norwegian æ, ø and å come last, in English accents do not count."""
    folded = name.casefold()
    if language != "en":
        folded = "".join(LAST_LETTERS.get(letter, letter) for letter in unicodedata.normalize("NFC", folded))
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _sorted(choices: Iterable[Choice], language: str) -> list[Choice]:
    return sorted(choices, key=lambda choice: sorting_key(choice[1], language))


@lru_cache(maxsize=4)
def countries(language: str) -> list[Choice]:
    """Every country by its ISO 3166 code and its name."""
    names = locale_of(language).territories
    codes = [*(country.alpha_2 for country in pycountry.countries), *MORE_COUNTRIES]
    return _sorted(((code, str(names.get(code, code))) for code in codes), language)


@lru_cache(maxsize=4)
def common_languages(language: str) -> list[Choice]:
    """The languages most delegations speak, English first."""
    names = locale_of(language).languages
    first, *others = [(code, _capital(names[code])) for code in COMMON_LANGUAGES]
    return [first, *_sorted(others, language)]


@lru_cache(maxsize=4)
def other_languages(language: str) -> list[Choice]:
    """Every other language with a two-letter code."""
    names = locale_of(language).languages
    known = {one.alpha_2 for one in pycountry.languages if hasattr(one, "alpha_2")}
    left = known - {*COMMON_LANGUAGES, "nb", "nn", "sh"}
    return _sorted(((code, _capital(names[code])) for code in left if code in names), language)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def themes(language: str) -> list[ThemeChoice]:
    """The themes that the city shows, in its own order."""
    rows = db.session.scalars(select(Theme).where(Theme.retired_at.is_(None)).order_by(Theme.position, Theme.id))
    return [ThemeChoice(row.slug, row.name_in(language), _examples(row, language)) for row in rows]


def _examples(theme: Theme, language: str) -> str:
    return pick({"en": theme.examples_en, "nb": theme.examples_nb, "nn": theme.examples_nn}, language)


def partnerships(language: str) -> dict[str, list[Choice]]:
    """The city's partnerships by kind (twin-city, network, project), each by name."""
    found: dict[str, list[Choice]] = {}
    for row in db.session.scalars(select(Partnership).where(Partnership.retired_at.is_(None))):
        found.setdefault(row.kind, []).append((row.slug, row.name_in(language)))
    order = ("twin-city", "network", "project")
    kinds = sorted(found, key=lambda kind: order.index(kind) if kind in order else len(order))
    return {kind: _sorted(found[kind], language) for kind in kinds}


def occasions(language: str, *, today: date) -> list[Choice]:
    """Larger events that are not over, the soonest first, with their dates."""
    rows = db.session.scalars(
        select(Occasion)
        .where(Occasion.retired_at.is_(None), or_(Occasion.ends_on.is_(None), Occasion.ends_on >= today))
        .order_by(Occasion.starts_on, Occasion.id)
    )
    return [(row.slug, _with_dates(row, language)) for row in rows]


def _with_dates(row: Occasion, language: str) -> str:
    if row.starts_on is None:
        return row.name_in(language)
    return f"{row.name_in(language)}, {written_days(row.starts_on, row.ends_on or row.starts_on, language)}"


def hosts(language: str) -> list[str]:
    """Names of the hosts, as suggestions beside a free field."""
    rows = db.session.scalars(select(Host).where(Host.retired_at.is_(None)))
    return [name for _slug, name in _sorted(((row.slug, row.name_in(language)) for row in rows), language)]
