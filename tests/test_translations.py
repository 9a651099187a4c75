"""Everything a person reads exists in bokmål and nynorsk, whole and with the same placeholders."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

pytestmark = pytest.mark.one_engine

ROOT = Path(__file__).resolve().parents[1]
TRANSLATED = ("nb", "nn")
# gettext's own names, and those of lazy texts.
KEYWORDS = {"_": None, "gettext": None, "_l": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

# A host may be "The business clusters": what it does is said so that one and many are right.
SINGULAR_VERB = re.compile(r"%\((?:\w+_)?host\)s (?:(?:already|also|now|still) )?(?:is|was|has|does|[a-z]{3,}s)\b")

Msgid = str | tuple[str, ...]


@cache
def texts() -> dict[Msgid, str]:
    """Every text of code and templates, with the first place it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found: dict[Msgid, str] = {}
    for path, line, msgid, *_ in extract_from_dir(ROOT / "app", methods, options, KEYWORDS):
        found.setdefault(msgid, f"{path}:{line}")
    return found


@cache
def catalogue(language: str) -> Catalog:
    with (ROOT / "app" / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def forms(text: Msgid | None) -> tuple[str, ...]:
    """A text's forms: one, or singular and plural."""
    if text is None:
        return ()
    return (text,) if isinstance(text, str) else tuple(text)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def key(msgid: Msgid) -> str:
    return forms(msgid)[0]


def test_english_is_right_for_hosts_whose_name_is_plural() -> None:
    assert SINGULAR_VERB.search("%(lead_host)s takes over")
    assert [form for text in texts() for form in forms(text) if SINGULAR_VERB.search(form)] == []


def test_there_are_texts_to_translate() -> None:
    assert len(texts()) > 100


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    known = {key(message.id): message for message in messages(language)}
    missing = {
        key(msgid): where
        for msgid, where in texts().items()
        if key(msgid) not in known or not all(forms(known[key(msgid)].string)) or not known[key(msgid)].string
    }
    assert missing == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_plurals_are_translated_as_plurals(language: str) -> None:
    plural = {key(message.id) for message in messages(language) if message.pluralizable}
    assert {key(msgid) for msgid in texts() if not isinstance(msgid, str)} - plural == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_a_guess(language: str) -> None:
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_are_the_same(language: str) -> None:
    wrong = [
        (message.id, form)
        for message in messages(language)
        for number, form in enumerate(forms(message.string))
        if form and placeholders(form) != placeholders(forms(message.id)[min(number, len(forms(message.id)) - 1)])
    ]
    assert wrong == []


def placeholders(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over(language: str) -> None:
    needed = {key(msgid) for msgid in texts()}
    assert [message.id for message in messages(language) if key(message.id) not in needed] == []


def test_the_two_norwegians_are_two_languages() -> None:
    """Nynorsk copied from bokmål would pass every other test: most longer texts differ between the two."""
    bokmaal = {key(message.id): message.string for message in messages("nb")}
    longer = [message for message in messages("nn") if len(key(message.id)) > 40 and all(forms(message.string))]
    same = [message for message in longer if bokmaal.get(key(message.id)) == message.string]
    assert len(same) < 0.35 * len(longer), [message.string for message in same][:10]


def test_no_text_names_one_city_or_its_clock() -> None:
    """Both come from the city's data, in every language."""
    written = {form for text in texts() for form in forms(text)}
    written |= {form for language in TRANSLATED for message in messages(language) for form in forms(message.string)}
    assert [text for text in sorted(written) if re.search(r"Bergen|Europe/|Oslo", text)] == []


@pytest.mark.parametrize(
    ("language", "not_ours"),
    [
        ("nn", r"\b(avtalen|avtalar|avtalane|(?:ein|éin|min|din|denne?) (?:\w+ )?avtale)\b"),  # ei avtale, avtala
        ("nn", r"\b(hovudansvar\w*|(?:med|gje\w*|gitt) ansvaret)\b"),  # hovudvert
        ("nb", r"\b(hovedansvar\w*|(?:med|gitt?) ansvaret)\b"),  # hovedvert
    ],
)
def test_one_thing_has_one_word_and_one_gender(language: str, not_ours: str) -> None:
    said = [text for message in messages(language) for text in forms(message.string)]
    assert [text for text in said if re.search(not_ours, text, re.I)] == []
