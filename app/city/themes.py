"""Themes, their topics, and the words that tell of a topic in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.city.nodes import Entry, Register
from app.city.rows import Assumed, common
from app.city.types import ThemeRow, TopicRow
from app.city.yamlfile import open_entry

THEME_REQUIRED = ("slug", "source", "names", "examples", "hosts", "goals", "sdgs")
THEME_OPTIONAL = ("topics", "assumed")
Words = Mapping[str, Mapping[str, Mapping[str, float]]]  # "theme/topic" -> language -> word -> weight


def read_theme(entry: Entry, assumed: Assumed, register: Register) -> ThemeRow:
    """A theme with the hosts that may lead it, those that take a part, and the goals it serves."""
    fields = entry.fields(THEME_REQUIRED, THEME_OPTIONAL)
    slug = register.declare("theme", fields["slug"])
    hosts = fields["hosts"].fields(["lead", "part"])
    leads, parts = (_weights(hosts[part], "host", register) for part in ("lead", "part"))
    for host, key in hosts["part"].keys().items():
        if host in leads:
            key.fail(f"the host {host!r} stands under lead and under part")
    return ThemeRow(
        slug=slug,
        examples=fields["examples"].names(),
        leads=leads,
        parts=parts,
        goals=_weights(fields["goals"], "goal", register),
        sdgs=_sdgs(fields["sdgs"], register),
        topics=_topics(fields.get("topics"), slug, register),
        position=len(register.declared["theme"]),
        **common(fields, assumed, (*THEME_REQUIRED, *THEME_OPTIONAL)),
    )


def _topics(entry: Entry | None, theme: str, register: Register) -> tuple[TopicRow, ...]:
    if entry is None:
        return ()
    topics = []
    for name, value in entry.pairs().items():
        fields = value.fields([], ["names", "hosts", "goals", "sdgs", "absorbs"])
        register.declared.setdefault("topic", {})[f"{theme}/{name}"] = value
        topics.append(
            TopicRow(
                slug=name,
                hosts=_weights(fields["hosts"], "host", register) if "hosts" in fields else {},
                goals=_weights(fields["goals"], "goal", register) if "goals" in fields else {},
                sdgs=_sdgs(fields["sdgs"], register) if "sdgs" in fields else {},
                absorbs=_absorbs(fields.get("absorbs"), register),
                names=fields["names"].names() if "names" in fields else {},
            )
        )
    return tuple(topics)


def _absorbs(entry: Entry | None, register: Register) -> tuple[str, ...]:
    return tuple(
        register.mention("topic" if "/" in item.text() else "theme", item) for item in (entry.items() if entry else ())
    )


def _weights(entry: Entry, kind: str, register: Register) -> dict[str, float]:
    weights = {name: value.number(0, 1) for name, value in entry.pairs().items()}
    for key in entry.keys().values():
        register.mention(kind, key)
    return weights


def _sdgs(entry: Entry, register: Register) -> dict[int, float]:
    numbers: dict[int, float] = {}
    for name, value in entry.pairs().items():
        number = entry.keys()[name].whole(1, 99)
        register.mentioned.append(("sdg", entry.keys()[name]))
        numbers[number] = value.number(0, 1)
    return numbers


def read_words(folder: Path, register: Register) -> Words:
    """Every file `<language>.yaml` of the folder; none at all is fine."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for path in sorted(folder.glob("*.yaml")):
        for topic, entry in open_entry(path).pairs().items():
            if topic not in register.declared.get("topic", {}):
                entry.fail(f"no theme has a topic {topic!r}")
            found.setdefault(topic, {})[path.stem] = _words(entry)
    return found


def _words(entry: Entry) -> dict[str, float]:
    """Words with their weight, from `3: decisive, words`, `2: typical ones`, `1: hints`; the heaviest counts."""
    words: dict[str, float] = {}
    for weight, listed in entry.pairs().items():
        heavy = entry.keys()[weight].number(0, 9)
        for word in listed.text().split(","):
            cleaned = " ".join(word.split())
            if cleaned:
                words[cleaned] = max(heavy, words.get(cleaned, 0))
    return words


def with_words(theme: ThemeRow, words: Words) -> ThemeRow:
    """The theme with each topic's words."""
    topics = tuple(replace(topic, words=words.get(f"{theme.slug}/{topic.slug}", {})) for topic in theme.topics)
    return replace(theme, topics=topics)
