"""Letters that only look like others, and characters that nobody sees: a text is read as a person sees it."""

from __future__ import annotations

import re

# Soft hyphens, joiners, spaces without width, marks and overrides of direction, selectors and tags.
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f]+"
)
# Persian and Indian languages are written with these; between Latin letters they only divide a word.
_JOINERS = re.compile(r"(?<=[A-Za-zÀ-ɏ])[\u200c\u200d]+(?=[A-Za-zÀ-ɏ])")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_CYRILLIC_OR_GREEK = re.compile(r"[\u0370-\u052f]")
_WORD = re.compile(r"[^\W\d_]+")
_LOOK = (
    "аaвbсcԁdеeһhіiјjкkӏlмmнhоoрpгrѕsтtуyхxԛqԝwүyАAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXԌGҮY"
    "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXαaβbεeιiκkνvοoρpτtυuχxγyηnωwϲcϳj"
)
_LIKE = str.maketrans(_LOOK[::2], _LOOK[1::2])
PLAINLY = 3  # so many words of two scripts are no slip of the keyboard


def visible(text: str) -> str:
    """The text without the characters that nobody sees."""
    return text if text.isascii() else _JOINERS.sub("", _INVISIBLE.sub("", text))


def seen(text: str) -> str:
    """The same, with words of two scripts in the Latin letters they look like."""
    text = visible(text)
    if not (_CYRILLIC_OR_GREEK.search(text) and _LATIN.search(text)):
        return text
    return _WORD.sub(lambda word: _latin(word.group()), text)


def _latin(word: str) -> str:
    if not _is_disguised(word):
        return word
    return word.translate(_LIKE)


def _is_disguised(word: str) -> bool:
    """Whether a word mixes Latin letters with others that all look like Latin ones."""
    if word.isascii() or not (_CYRILLIC_OR_GREEK.search(word) and _LATIN.search(word)):
        return False
    return not _CYRILLIC_OR_GREEK.search(word.translate(_LIKE))


def disguised(text: str) -> list[str]:
    """The words of two scripts, where there are so many that somebody meant to deceive."""
    if text.isascii() or not _CYRILLIC_OR_GREEK.search(text):
        return []
    words = [word for word in _WORD.findall(visible(text)) if _is_disguised(word)]
    return words if len(set(words)) >= PLAINLY else []
