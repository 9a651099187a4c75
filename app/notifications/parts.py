"""What a mail is made of: one source for its text and its page, in which only the template gives structure.

A template writes paragraphs, headings (`* `), lists (`- `), a foot (`--`) and one button. What it prints is marked
while it is printed, so that a hyphen or an empty line that somebody typed stays text: it never becomes a list or a
paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

TEXT, BREAK, QUOTE, BUTTON, URL = "\x01", "\x02", "\x03", "\x04", "\x05"  # no text from outside has these
MARKS = re.compile(f"[{TEXT}{BREAK}{QUOTE}{BUTTON}{URL}]")
MARKS_BUT_URL = re.compile(f"[{TEXT}{BREAK}{QUOTE}{BUTTON}]")
_GAP = re.compile(r"\n[ \t]*\n")


class Listed(tuple[str, ...]):
    """Printed as a list, one line each."""

    __slots__ = ()


class Quoted(str):
    """Somebody's own words: printed as they are, set apart on the page."""

    __slots__ = ()


class Marked(str):
    """What a template printed already, as a part of another: never made of anything else."""

    __slots__ = ()


class Late:
    """A value that is worked out when a template asks for it: most mails need few of them."""

    def __init__(self, work_out: Callable[[], Any]) -> None:
        self._work_out = work_out

    @property
    def value(self) -> Any:
        """What it comes to."""
        return self._work_out()

    def __bool__(self) -> bool:
        return bool(self.value)

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Button:
    """The one thing to press: its words and where it leads."""

    words: str
    url: object


@dataclass(frozen=True, slots=True)
class Title:
    """The heading of one of several matters; it leads to that matter's page, where it has one."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a mail: `kind` is text, heading, list, quote, button or foot."""

    kind: str
    lines: tuple[str, ...]

    @property
    def rows(self) -> list[str]:
        """Its lines with those that somebody typed into one value apart."""
        return [row for line in self.lines for row in line.split("\n")]

    @property
    def button(self) -> tuple[str, str]:
        """A button's or heading's words and address; of a heading that leads nowhere the address is empty."""
        words, _, url = self.lines[0].partition(URL)
        return words, url


def printed(value: Any, *, as_words: Callable[[Any], str]) -> str:
    """What a template prints, marked; `as_words` makes words of what is no text."""
    if isinstance(value, Late):
        value = value.value
    if isinstance(value, Marked):
        return str(value)
    if isinstance(value, Button):
        return f"{BUTTON}{_inline(value.words)}{URL}{as_words(value.url)}"
    if isinstance(value, Title):
        return f"{TEXT}{_inline(value.words)}{URL}{as_words(value.url)}"
    if isinstance(value, Listed):
        return "\n".join(f"- {TEXT}{_inline(as_words(line))}" for line in value)
    words = _inline(as_words(value))
    mark = QUOTE if isinstance(value, Quoted) else TEXT
    return mark + words if words else ""


def _inline(words: str) -> str:
    return MARKS.sub("", words).replace("\n", BREAK)


def blocks_of(source: str) -> list[Block]:
    """The parts of a printed template, in order."""
    found, in_foot = [], False
    for paragraph in _GAP.split(source):
        for kind, lines in _runs(line.strip() for line in paragraph.split("\n") if line.strip()):
            in_foot = in_foot or kind == "foot"
            if lines:
                found.append(Block("foot" if in_foot else kind, tuple(lines)))
    return found


def _runs(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Lines of the same kind that follow each other."""
    kind = ""
    run: list[str] = []
    for line in lines:
        other = _kind_of(line)
        if other != kind and run:
            yield kind, run
            run = []
        kind = other
        if kind == "foot":
            yield kind, []
        else:
            run.append(_plain(line[2:] if kind in ("list", "heading") else line, MARKS_BUT_URL))
    if run:
        yield kind, run


def _kind_of(line: str) -> str:
    if line == "--":
        return "foot"
    marks = {"- ": "list", "* ": "heading", QUOTE: "quote", BUTTON: "button"}
    return next((kind for mark, kind in marks.items() if line.startswith(mark)), "text")


def _plain(line: str, marks: re.Pattern[str] = MARKS) -> str:
    return marks.sub("", line.replace(BREAK, "\n"))


def button_url(source: str) -> str:
    """Where the button in a printed part leads; empty where there is none."""
    return source.partition(BUTTON)[2].partition("\n")[0].partition(URL)[2].strip()


def plain_line(source: str) -> str:
    """A subject without marks."""
    return _plain(source).replace("\n", " ")


def as_text(blocks: Iterable[Block]) -> str:
    """The mail as plain text."""
    parts = list(blocks)
    body = "\n\n".join(_written(block) for block in parts if block.kind != "foot")
    foot = "\n\n".join(_written(block) for block in parts if block.kind == "foot")
    return f"{body}\n\n--\n{foot}" if foot else body


def _written(block: Block) -> str:
    if block.kind == "button":
        return "{}:\n{}".format(*block.button)
    if block.kind == "heading":
        return "* {}\n{}".format(*block.button).rstrip()
    before = "- " if block.kind == "list" else ""
    return "\n".join(before + line for line in block.lines)
