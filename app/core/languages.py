"""The languages of pages, mails and names: English, bokmål, nynorsk."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES = ("en", "nb", "nn")
DEFAULT_LANGUAGE = "en"
FALLBACKS: Mapping[str, tuple[str, ...]] = {
    "en": ("en", "nb", "nn"),
    "nb": ("nb", "nn", "en"),
    "nn": ("nn", "nb", "en"),
}


def known_language(code: str | None) -> str:
    """The code itself when we speak it, otherwise English."""
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


def pick(names: Mapping[str, str], language: str) -> str:
    """The name in that language, or in the nearest one that has it, or an empty text."""
    return next((names[code] for code in FALLBACKS[known_language(language)] if names.get(code)), "")
