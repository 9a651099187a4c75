"""One value in a city's file, with the line it stands on: every refusal names file, line and reason."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NoReturn

import yaml

from app.core.errors import Refused
from app.core.languages import LANGUAGES
from app.core.text import has_forbidden

SLUG = re.compile(r"[a-z0-9][a-z0-9.-]{0,59}")


class CityFileError(Refused):
    """A city's file that cannot be taken; nothing was changed. Carries file, line (from 1) and reason."""

    code = "city-file"

    def __init__(self, file: Path, line: int, reason: str) -> None:
        super().__init__(file=str(file), line=line, reason=reason)
        self.file, self.line, self.reason = file, line, reason

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


class ZoneInUse(Refused):
    """Appointments are on the clock of the zone `held`; nothing was changed."""

    code = "zone-in-use"

    def __str__(self) -> str:
        return f"there are appointments on the clock of {self.data['held']}: time_zone must stay as it is"


@dataclass(frozen=True, slots=True)
class Entry:
    """A YAML node of a file. Plain words are text whatever YAML would make of them: `NO` is Norway, not false."""

    file: Path
    node: yaml.Node
    label: str

    @property
    def line(self) -> int:
        """The line it begins on, counted from 1."""
        return int(self.node.start_mark.line) + 1

    def fail(self, reason: str) -> NoReturn:
        """Refuse the file because of this entry."""
        raise CityFileError(self.file, self.line, reason)

    def text(self) -> str:
        """A text that is not empty and holds nothing invisible that turns the reading direction."""
        node = self.node
        if not isinstance(node, yaml.ScalarNode):
            self.fail(f"{self.label} must be a text, not {_kind(node)}")
        if node.tag.endswith(":null") or not node.value.strip():
            self.fail(f"{self.label} is empty")
        if has_forbidden(node.value):
            self.fail(f"{self.label} holds a control character")
        return unicodedata.normalize("NFC", node.value.strip())

    def one_of(self, choices: Collection[str]) -> str:
        """A text out of a few."""
        text = self.text()
        if text not in choices:
            self.fail(f"{self.label} must be one of {', '.join(choices)}, not {text!r}")
        return text

    def number(self, low: float, high: float) -> float:
        """A number from low to high, both included."""
        text = self.text()
        try:
            number = float(text)
        except ValueError:
            self.fail(f"{self.label} must be a number, not {text!r}")
        if not low <= number <= high:
            self.fail(f"{self.label} must be between {low:g} and {high:g}, not {text}")
        return number

    def whole(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        number = self.number(low, high)
        if not number.is_integer():
            self.fail(f"{self.label} must be a whole number, not {self.text()}")
        return int(number)

    def flag(self) -> bool:
        """True or false, written out."""
        return self.one_of(("true", "false")) == "true"

    def day(self) -> date:
        """A date as 2027-05-17."""
        text = self.text()
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.fail(f"{self.label} must be a date such as 2027-05-17, not {text!r}")

    def items(self) -> list[Entry]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.fail(f"{self.label} must be a list, not {_kind(self.node)}")
        return [Entry(self.file, node, f"an entry of {self.label}") for node in self.node.value]

    def pairs(self) -> dict[str, Entry]:
        """The entries of a mapping by their key; a key may stand only once."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fail(f"{self.label} must have keys and values, not be {_kind(self.node)}")
        found: dict[str, Entry] = {}
        for key_node, value_node in self.node.value:
            key = Entry(self.file, key_node, f"a key of {self.label}")
            name = key.text()
            if name in found:
                key.fail(f"{name!r} stands twice in {self.label}")
            found[name] = Entry(self.file, value_node, name)
        return found

    def keys(self) -> dict[str, Entry]:
        """The keys themselves as entries, for references written as keys."""
        assert isinstance(self.node, yaml.MappingNode)
        return {node.value: Entry(self.file, node, f"a key of {self.label}") for node, _ in self.node.value}

    def fields(self, required: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Entry]:
        """A mapping with exactly these keys; refuses missing and unknown ones."""
        found, needed = self.pairs(), list(required)
        known = [*needed, *optional]
        for name, key in self.keys().items():
            if name not in known:
                key.fail(f"{self.label} has an unknown key {name!r}" + suggestion(name, known))
        for name in needed:
            if name not in found:
                self.fail(f"{self.label} has no {name!r}")
        return found

    def names(self) -> dict[str, str]:
        """One text in every language."""
        for name, key in self.pairs().items():
            if name not in LANGUAGES:
                key.fail(f"{self.label} has an unknown language {name!r}")
        for language in LANGUAGES:
            if language not in self.pairs():
                self.fail(f"{self.label} has no text in {language!r}")
        return {language: self.pairs()[language].text() for language in LANGUAGES}

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() for item in self.items())


@dataclass(slots=True)
class Register:
    """Which slugs the files declare, and where they mention others': compared when all files are read."""

    declared: dict[str, dict[str, Entry]] = field(default_factory=dict)
    mentioned: list[tuple[str, Entry]] = field(default_factory=list)

    def declare(self, kind: str, entry: Entry) -> str:
        """A new slug of that kind; refuses one that is taken or badly formed."""
        slug = entry.text()
        if not SLUG.fullmatch(slug):
            entry.fail(f"{slug!r} is no slug: lower-case letters a-z, digits, full stops and hyphens")
        first = self.declared.setdefault(kind, {}).setdefault(slug, entry)
        if first is not entry:
            entry.fail(f"the {kind} {slug!r} stands already in {first.file.name}, line {first.line}")
        return slug

    def mention(self, kind: str, entry: Entry) -> str:
        """A slug of that kind that some file must declare."""
        self.mentioned.append((kind, entry))
        return entry.text()


def suggestion(word: str, known: Iterable[str]) -> str:
    """The nearest known word as the end of a refusal, or nothing."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "keys and values" if isinstance(node, yaml.MappingNode) else "a single value"
