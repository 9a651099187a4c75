"""Words in the format of a city's files (`words/<language>.yaml`), as routing has them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import yaml

from app.routing.catalogue import ThemeProfile

HEAD = "# Words per theme/topic: 3 decides, 2 is typical, 1 hints. A final * takes any ending.\n"
WIDE = 10**9  # characters of a line: the words of one weight stay on one


def word_languages(themes: Iterable[ThemeProfile]) -> list[str]:
    """Every language that has words, by its file's name."""
    return sorted({language for theme in themes for topic in theme.topics for language in topic.words})


def words_yaml(themes: Iterable[ThemeProfile], language: str) -> str:
    """The file of one language; read again it gives the same words with the same weights."""
    found = {
        f"{theme.slug}/{topic.slug}": _by_weight(topic.words[language])
        for theme in themes
        for topic in theme.topics
        if topic.words.get(language)
    }
    return HEAD + yaml.safe_dump(found, allow_unicode=True, sort_keys=False, width=WIDE, default_flow_style=False)


def _by_weight(words: Mapping[str, float]) -> dict[float, str]:
    lists: dict[float, list[str]] = defaultdict(list)
    for word, weight in words.items():
        lists[int(weight) if weight == int(weight) else weight].append(word)
    return {weight: ", ".join(lists[weight]) for weight in sorted(lists, reverse=True)}
