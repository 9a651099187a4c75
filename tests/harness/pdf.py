"""A small reader of the PDFs that the application makes: their text, links and tags, straight from the bytes.

Enough of ISO 32000 for that and no more: Flate streams, object streams, composite fonts with a ToUnicode map.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

OBJECT = re.compile(rb"(?:^|[\r\n])(\d+) 0 obj\b(.*?)\bendobj", re.S)
STREAM = re.compile(rb"(.*?/Length (\d+).*?)stream\r?\n", re.S)
# A literal string may hold pairs of parentheses; two levels are enough for text of two bytes a letter.
_SIGN = rb"(?:[^\\()]|\\.)"
_PLAIN = rb"(?:" + _SIGN + rb"|\((?:" + _SIGN + rb"|\(" + _SIGN + rb"*\))*\))*"
_STRING = rb"<[0-9A-Fa-f]*>|\(" + _PLAIN + rb"\)"
STRING = re.compile(rb"<([0-9A-Fa-f]*)>|\((" + _PLAIN + rb")\)", re.S)
_ARRAY = rb"\[((?:" + _STRING + rb"|[-\d.\s])*)\]\s*TJ"
SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|" + _ARRAY + rb"|(" + _STRING + rb")\s*Tj|\b(ET)\b", re.S)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.S)
NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True)
class Pdf:
    """One file."""

    data: bytes

    @cached_property
    def objects(self) -> dict[int, tuple[bytes, bytes]]:
        """Every object by number: its dictionary, and its stream unpacked."""
        found = {int(number): _unpacked(body) for number, body in OBJECT.findall(self.data)}
        for head, stream in list(found.values()):
            if b"/ObjStm" in head:
                found |= _inside(head, stream)
        return found

    @cached_property
    def heads(self) -> str:
        """All dictionaries, one a line, for looking at tags and settings."""
        return "\n".join(head.decode("latin-1") for head, _stream in self.objects.values())

    @cached_property
    def metadata(self) -> str:
        """The XMP packet."""
        return next(stream.decode() for head, stream in self.objects.values() if b"/XML" in head)

    @property
    def tags(self) -> list[str]:
        """The structure elements' types, in the file's order."""
        return re.findall(r"/S\s*/(\w+)", "\n".join(h for h in self.heads.split("\n") if "/StructElem" in h))

    @property
    def links(self) -> set[str]:
        """Where links lead."""
        heads = self.heads.encode("latin-1")
        return {_literal(uri).decode() for uri in re.findall(rb"/URI\s*\(((?:[^\\()]|\\.)*)\)", heads)}

    @cached_property
    def pages(self) -> list[str]:
        """The text of each page as it is shown, spaces and line ends as one space."""
        found = [head for head, _stream in self.objects.values() if re.search(rb"/Type\s*/Page\b", head)]
        return [self._text(head) for head in found]

    @property
    def text(self) -> str:
        """The text of all pages."""
        return " ".join(self.pages)

    def _text(self, page: bytes) -> str:
        content = b"\n".join(self.objects[number][1] for number in _numbers(page, b"Contents"))
        fonts = {name: self._letters(int(number)) for name, number in self._fonts(page)}
        return " ".join("".join(_read(content, fonts)).split())

    def _fonts(self, page: bytes) -> list[tuple[bytes, bytes]]:
        resources = self._followed(page, b"Resources")
        return re.findall(rb"/(\w+)\s+(\d+) 0 R", self._followed(resources, b"Font").split(b">>")[0])

    def _followed(self, head: bytes, name: bytes) -> bytes:
        """The dictionary under that name, whether it stands there or is referred to."""
        found = re.search(rb"/" + name + rb"\s*(?:(\d+) 0 R|<<)(.*)", head, re.S)
        assert found is not None
        return self.objects[int(found[1])][0] if found[1] else found[2]

    def _letters(self, font: int) -> dict[int, str]:
        (number,) = _numbers(self.objects[font][0], b"ToUnicode")
        return dict(_map(self.objects[number][1]))


def _unpacked(body: bytes) -> tuple[bytes, bytes]:
    found = STREAM.match(body)
    if found is None:
        return body, b""
    head, stream = found[1], body[found.end() : found.end() + int(found[2])]
    return head, zlib.decompress(stream) if b"/FlateDecode" in head else stream


def _inside(head: bytes, stream: bytes) -> dict[int, tuple[bytes, bytes]]:
    first = int(re.search(rb"/First (\d+)", head)[1])  # type: ignore[index]
    numbers = list(map(int, stream[:first].split()))
    starts = [first + offset for offset in numbers[1::2]] + [len(stream)]
    return {
        number: (stream[start:end], b"") for number, start, end in zip(numbers[::2], starts, starts[1:], strict=False)
    }


def _numbers(head: bytes, name: bytes) -> list[int]:
    found = re.search(rb"/" + name + rb"\s*(?:\[([^\]]*)\]|(\d+ 0 R))", head)
    assert found is not None, head
    return [int(number) for number in re.findall(rb"(\d+) 0 R", found[1] or found[2])]


def _map(cmap: bytes) -> Iterator[tuple[int, str]]:
    """The pairs of a ToUnicode map: one letter each, or a run of them."""
    for section in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.S):
        for code, text in re.findall(rb"<(\w+)>\s*<(\w+)>", section):
            yield int(code, 16), bytes.fromhex(text.decode()).decode("utf-16-be")
    for section in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.S):
        for low, high, text in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", section):
            for code in range(int(low, 16), int(high, 16) + 1):
                yield code, chr(int(text, 16) + code - int(low, 16))


def _read(content: bytes, fonts: dict[bytes, dict[int, str]]) -> list[str]:
    shown: list[str] = []
    letters: dict[int, str] = {}
    for font, several, one, ended in SHOWN.findall(content):
        if font:
            letters = fonts[font]
        elif ended:
            shown.append(" ")
        else:
            for hexadecimal, plain in STRING.findall(several or one):
                codes = bytes.fromhex(hexadecimal.decode()) if hexadecimal else _literal(plain)
                shown += [letters.get(int.from_bytes(codes[i : i + 2]), "\ufffd") for i in range(0, len(codes), 2)]
    return shown


def _literal(plain: bytes) -> bytes:
    return ESCAPED.sub(lambda found: _escape(found[1]), plain)


def _escape(word: bytes) -> bytes:
    if word[:1].isdigit():
        return bytes([int(word, 8) & 255])
    return NAMED.get(word, b"" if word in (b"\n", b"\r\n", b"\r") else word)
