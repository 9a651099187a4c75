"""Markup, and what a browser would not show of it: a person who reads the request never sees it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import accumulate

_NOT_SHOWN = frozenset({"script", "style", "template", "noscript", "head", "title", "datalist", "object", "iframe"})
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_HIDING_CLASSES = frozenset({"hidden", "invisible", "sr-only", "visually-hidden", "d-none", "hide"})
_HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?![.\d]*[1-9])"
    r"|(?:font-size|max-height|max-width|height|width)\s*:\s*0(?![.\d]*[1-9])|(?:left|top|text-indent)\s*:\s*-\d{3,}"
    r"|(?<![\w-])color\s*:\s*(?:white|transparent|#f{3}(?:f{3})?\b)|clip(?:-path)?\s*:",
    re.IGNORECASE,
)


class _Markup(HTMLParser):
    """Collects where tags, comments, and elements that hide what they hold begin and end."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=False)
        self.spans: list[tuple[int, int]] = []
        self._length = len(text)
        self._lines = [0, *accumulate(len(line) for line in re.findall(r"[^\n]*\n", text))]
        self._hidden: tuple[str, int, int] | None = None  # the element, how many of its name are open, where it began
        self.feed(text)
        self.close()
        if self._hidden and _says_something(text[: self._hidden[2]]):
            self.spans.append((self._hidden[2], self._length))

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[min(line - 1, len(self._lines) - 1)] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag is never text; from one that hides on, nothing is."""
        at = self._at()
        self.spans.append((at, at + len(self.get_starttag_text() or "")))
        if tag in _VOID:
            return
        if self._hidden and self._hidden[0] == tag:
            self._hidden = (tag, self._hidden[1] + 1, self._hidden[2])
        elif not self._hidden and (tag in _NOT_SHOWN or _hides(attrs)):
            self._hidden = (tag, 1, at)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """The slash of `<p hidden/>` closes nothing, as browsers read it."""
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        """The end of the element that hides shows what follows again."""
        if self._hidden is None or self._hidden[0] != tag:
            return
        name, opened, begun = self._hidden
        self._hidden = (name, opened - 1, begun) if opened > 1 else None
        if self._hidden is None:
            self.spans.append((begun, self._at()))

    def handle_comment(self, data: str) -> None:
        """A comment, to its very end."""
        at = self._at()
        self.spans.append((at, min(at + len(data) + len("<!---->"), self._length)))


def _says_something(before: str) -> bool:
    """Whether there are words before an element that is never closed: else nothing of the text would be read."""
    return bool(re.search(r"\w", re.sub(r"<[^<>]*>", "", before)))


def _hides(attrs: list[tuple[str, str | None]]) -> bool:
    said = {name: value or "" for name, value in attrs}
    if "hidden" in said or _HIDING_CLASSES.intersection(said.get("class", "").lower().split()):
        return True
    return bool(_HIDING_STYLE.search(said.get("style", "")))


def unseen(text: str) -> list[tuple[int, int]]:
    """Where tags, comments and hidden elements stand in a text; nothing where no tag begins."""
    if not re.search(r"<[a-zA-Z!]", text):
        return []
    return _Markup(text.replace("<![", "<! ")).spans  # the parser gives up at a section whose keyword it does not know
