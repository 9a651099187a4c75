"""What somebody wrote in a reply: without what their mail program quoted, and without the signature.

Only what stands at the end is cut: somebody who answers line by line between quoted lines keeps everything.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

MOST_AHEAD = 4  # lines within which a quoted head says when it was sent
_AGAIN = "original|opprinnelig|opphavleg|forwarded|videresendt|vidaresend|urspr|message d|mensaje|doorgestuurd"
_AGAIN += "|wiadomość|oryginaln"
_SENT_WORDS = "sent|sendt|send|date|dato|gesendet|datum|envoyé|enviado|skickat|verzonden|inviato|wysłano|wyslano|data"
_DIVIDER = re.compile(rf"^\s*(-{{2,}}\s*({_AGAIN}).*|_{{10,}})\s*$", re.IGNORECASE)
_FROM = re.compile(r"^\s*\W{0,2}(from|fra|frå|von|de|från|van|da|od)\W{0,2}\s*:\W", re.IGNORECASE)
_SENT = re.compile(rf"^\s*\W{{0,2}}({_SENT_WORDS})\W{{0,2}}\s*:", re.IGNORECASE)
_WROTE = re.compile(r"^\s*W dniu\b.*\d.*\b(pisze|napisał|napisała|napisał\(a\))\s*:\s*$", re.IGNORECASE)
_LABEL = re.compile(r"^\s*\W{0,2}\w[^:：]{0,25}[:：]")
_SIGNATURE = re.compile(r"^--\s*$")
_SKIPPED = ("script", "style", "head", "title")
_ENDING = ("p", "div", "br", "tr", "li", "h1", "h2", "h3", "blockquote", "table", "ul", "ol")


def said_in(text: str, *, ours: tuple[str, ...] = ()) -> str:
    """The writer's own words; everything where nothing can be told apart, nothing where there is only a quotation.

    `ours`: the addresses that our mails come from, by which the head of a quoted one is known in any language.
    """
    lines = text.split("\n")
    lines = lines[: _quoted_from(lines, ours)]
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith(">")):
        lines = _without_last(lines)
    cut = next((number for number, line in enumerate(lines) if _SIGNATURE.match(line)), len(lines))
    return "\n".join(lines[:cut]).strip()


def _quoted_from(lines: list[str], ours: tuple[str, ...]) -> int:
    """The line at which a whole mail is quoted below the answer."""
    for number, line in enumerate(lines):
        ahead = lines[number + 1 : number + 1 + MOST_AHEAD]
        if _DIVIDER.match(line) or (_FROM.match(line) and any(_SENT.match(other) for other in ahead)):
            return number
        if _names_one(line, ours) and len([other for other in ahead if _LABEL.match(other)]) >= 2:
            return number
        if _WROTE.match(f"{line} {ahead[0] if ahead and not line.rstrip().endswith(':') else ''}"):
            if not any(other.lstrip().startswith(">") for other in lines[number:]):  # else told from the marks
                return number
    return len(lines)


def _names_one(line: str, ours: tuple[str, ...]) -> bool:
    return bool(_LABEL.match(line)) and any(one in line.lower() for one in ours)


def _without_last(lines: list[str]) -> list[str]:
    """One quoted line less; of the first one the line above too, that says who wrote when."""
    was_quoted = lines[-1].lstrip().startswith(">")
    lines = lines[:-1]
    if not was_quoted or not lines or lines[-1].lstrip().startswith(">"):
        return lines
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    if lines and lines[-1].rstrip().endswith(":"):
        above = len(lines) - 1
        while above > 0 and lines[above - 1].strip() and not any(letter.isdigit() for letter in lines[above]):
            above -= 1  # the line that names the day may have been wrapped
        return lines[:above]
    return lines


class _Words(HTMLParser):
    """A page's words, quoted ones behind `> `."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []
        self.depth = self.skipped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skipped += tag in _SKIPPED
        self.depth += tag == "blockquote"
        if tag in _ENDING:
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in _SKIPPED and self.skipped > 0
        if tag in _ENDING:
            self._end_line()
        self.depth -= tag == "blockquote" and self.depth > 0

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            words = " ".join(data.split())
            starts_line = not self.written or self.written[-1].endswith("\n")
            self.written.append(
                ("> " if self.depth and starts_line and words else "") + words + " " * data[-1:].isspace()
            )

    def _end_line(self) -> None:
        if self.written and not self.written[-1].endswith("\n"):
            self.written.append("\n")


def words_of_page(page: str) -> str:
    """A mail that came as a page only."""
    words = _Words()
    words.feed(page)
    return "".join(words.written)
