"""Sheets as PDF: a template of ours and plain data in; tagged, accessible bytes (PDF/UA-1) out, without a network.

Data reaches the template as JSON, so nothing in it is ever read as markup. A character that no font at hand can show is
never printed as an empty box: its sound, its name or a few words in square brackets stand for it; the caller is told.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import typst

from app.core.time import as_utc

PROBE = b'#set document(title: "letters")\n#set text(font: "Libertinus Serif")\n#sys.inputs.letters'
ROUNDS = 4  # each finds what the one before did not reach: a letter with a sign on it, say
# Up to here the fonts inside the package show every letter.
KNOWN_BELOW = 0x250
_UNSHOWN = re.compile(r'error: PDF/UA-1 error: the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPE = re.compile(r"\\u\{([0-9a-f]+)\}|\\(.)")
_BY_SOUND = re.compile(r"(?:HANGUL SYLLABLE|(?:HIRAGANA|KATAKANA) LETTER(?: SMALL)?) ([A-Z]+)")
PANIC = "PanicException"
ZERO_WIDTH_SPACE = "\u200b"
_LONG_WORD = re.compile(r"[^\s@:/]{41,}")
_PIECES = re.compile(r".{1,20}")
_INVISIBLE = ("Cf", "Mn", "Me", "Cc")
# Packages that hold nothing but fonts: East Asia's characters, and the scripts of South and South-East Asia and others.
FONT_PACKAGES = ("noto_cjk_sans_otc", "manimgx_fonts")
UNNAMED = "…"
_KANA = re.compile("[\u3041-\u30ff\uff66-\uff9d]")
_HANGUL = re.compile("[\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3]")


class CannotSetError(Exception):
    """The compiler gave up in the middle (a fault of its own, met with rare signs in rare neighbourhoods)."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The file, and the characters that something else stands for."""

    body: bytes
    spelled: frozenset[str] = frozenset()


def typeset(template: Path, data: dict[str, Any], *, notice: str, at: datetime, placeholder: str = UNNAMED) -> Printed:
    """The sheet as PDF, made at that moment; where no font shows a word, its sound, its name or `placeholder` stands
    for it in square brackets, and `notice` is printed (as `notice`).

    The same template, data and moment give the same bytes with the same fonts. Raises typst.TypstError for a template
    that is wrong.
    """
    everything = frozenset(letter for letter in json.dumps(data, ensure_ascii=False) if ord(letter) >= KNOWN_BELOW)
    missing = _without_font(everything)
    for _round in range(ROUNDS):
        try:
            return Printed(_compile(template, _prepared(data, missing, notice, placeholder), at), missing)
        except CannotSetError:
            break
        except typst.TypstError as error:
            found = _unshown(error.diagnostic) - missing
            if not found:
                raise
            missing |= found
    return Printed(_compile(template, _prepared(data, everything, notice, placeholder), at), everything)


def spelled_out(text: str, missing: frozenset[str], placeholder: str = UNNAMED) -> str:
    """The text with every run of missing characters in square brackets: by sound where Unicode's own names tell it
    (hangul, kana), by name for pictures, as `placeholder` for all others."""
    if missing.isdisjoint(text):
        return text
    runs = ((is_missing, list(run)) for is_missing, run in groupby(text, key=_Follower(missing)))
    return "".join(_spell(run, placeholder) if is_missing else "".join(run) for is_missing, run in runs)


class _Follower:
    """Whether a letter is missing, or an invisible sign that follows one that is."""

    def __init__(self, missing: frozenset[str]) -> None:
        self.missing, self.before = missing, False

    def __call__(self, letter: str) -> bool:
        self.before = letter in self.missing or (self.before and unicodedata.category(letter) in _INVISIBLE)
        return self.before


def breakable(text: str) -> str:
    """The text with invisible places to break in words longer than a line can take; addresses are left whole."""
    return _LONG_WORD.sub(lambda found: ZERO_WIDTH_SPACE.join(_PIECES.findall(found[0])), text)


def east_asian_font(data: dict[str, Any]) -> str:
    """Whose shapes of Chinese characters the sheet has: Korea's or Japan's where their own letters are in it too."""
    text = json.dumps(data, ensure_ascii=False)
    return "Noto Sans CJK " + ("KR" if _HANGUL.search(text) else "JP" if _KANA.search(text) else "SC")


def font_folders() -> list[Path]:
    """Where set-up has put fonts for other scripts."""
    return [Path(str(files(name))) for name in FONT_PACKAGES]


def _spell(run: list[str], placeholder: str) -> str:
    seen = [letter for letter in run if unicodedata.category(letter) not in _INVISIBLE]
    if not seen:
        return ""
    by_sound = [_BY_SOUND.fullmatch(unicodedata.name(letter, "")) for letter in seen]
    if all(by_sound):
        return "[" + "".join(match[1].lower() for match in by_sound if match) + "]"
    names = [_name_of_picture(letter) for letter in seen]
    return "[" + (" ".join(names) if all(names) else placeholder) + "]"


def _name_of_picture(letter: str) -> str:
    return unicodedata.name(letter, "").lower() if unicodedata.category(letter) == "So" else ""


def _without_font(letters: frozenset[str]) -> frozenset[str]:
    """Those of the letters that no font shows: tried once each, as a long list of complaints takes time to write."""
    if not letters:
        return letters
    try:
        _bytes_of(_compiler(PROBE, {"letters": " ".join(sorted(letters))}), datetime.fromtimestamp(0, UTC))
    except CannotSetError:
        return letters
    except typst.TypstError as error:
        return _unshown(error.diagnostic)
    return frozenset()


def _unshown(diagnostic: str) -> frozenset[str]:
    """The characters that the compiler found no font for; base letters that every font has are left alone."""
    texts = (_ESCAPE.sub(_unescaped, found) for found in _UNSHOWN.findall(diagnostic))
    return frozenset(letter for text in texts for letter in text if ord(letter) >= KNOWN_BELOW)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]


def _prepared(data: dict[str, Any], missing: frozenset[str], notice: str, placeholder: str) -> dict[str, Any]:
    words: dict[str, Any] = _each_text(data, lambda text: breakable(spelled_out(text, missing, placeholder)))
    return words | {"notice": notice if missing else "", "east_asian": east_asian_font(data)}


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: one if name == "url" else _each_text(one, change) for name, one in value.items()}
    return [_each_text(one, change) for one in value] if isinstance(value, list | tuple) else value


def _compile(template: Path, data: dict[str, Any], at: datetime) -> bytes:
    return _bytes_of(_compiler(template, {"data": json.dumps(data, ensure_ascii=False)}), at)


def _compiler(source: Any, inputs: dict[str, str]) -> typst.Compiler:
    return typst.Compiler(
        source,
        font_paths=_fonts(),
        ignore_system_fonts=True,  # those are in _fonts() already, and read once
        sys_inputs=inputs,
    )


def _bytes_of(compiler: typst.Compiler, at: datetime) -> bytes:
    """Raises CannotSetError where the compiler panics: that is no Exception by itself and would end the process."""
    try:
        body = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=as_utc(at))
    except BaseException as fault:
        if type(fault).__name__ == PANIC:
            raise CannotSetError from fault
        raise
    assert isinstance(body, bytes)
    return body


@cache
def _fonts() -> typst.Fonts:
    """Those inside typst, those that came with set-up, and whatever else the system has; nothing is fetched."""
    return typst.Fonts(include_system_fonts=True, font_paths=[str(folder) for folder in font_folders()])
