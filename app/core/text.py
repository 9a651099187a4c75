"""Cleaning text from outside: before it is stored, and so before it reaches a page, mail or calendar."""

from __future__ import annotations

import re
import unicodedata

BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# Control characters (Cc) besides line ends and tabs, halves of surrogate pairs (Cs), and those.
_FORBIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{''.join(sorted(BIDI_CONTROLS))}]")
# The secrets of app/core/tokens.py behind the first part of their addresses, also where an address was broken there.
_SECRET = re.compile(r"(/(?:v|sign-in|feeds)/)(?:\s*>*\s*)[\w-]{20,}")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def has_forbidden(text: str) -> bool:
    """Whether the text holds control characters or direction overrides (used to spoof names)."""
    return _FORBIDDEN.search(text) is not None


def clean_text(text: str | None) -> str:
    """Several lines: NFC, no control characters, no direction overrides, single spaces, at most one blank line."""
    if not text:
        return ""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _FORBIDDEN.sub("", text)
    lines = [line.strip() for line in _SPACES.sub(" ", text).split("\n")]
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def without_secrets(text: str) -> str:
    """The same words with an ellipsis for the secret of each link to a visitor's page, a sign-in or a feed.

    Whoever answers a mail by quoting it, or copies an address out of it, passes the link on without meaning to.
    """
    return _SECRET.sub(r"\1…", text)


def clean_line(text: str | None) -> str:
    """One line: as clean_text, line breaks become spaces."""
    return " ".join(clean_text(text).split())
