"""The words of themes as the administrator sees them: what the files say, and what was edited here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import current_app

from app.city.word_export import word_languages
from app.routing.catalogue import ThemeProfile, TopicProfile
from app.routing.edits import GENERAL, Themes, topics_of
from app.strategy.edit_models import WordEdit
from app.web.coordinator.checks import Choices, by_name
from app.web.formats import language_name
from app.web.language import page_language

Key = tuple[str, str, str]  # topic, language, word whatever its capitals


@dataclass(frozen=True, slots=True)
class WordRow:
    """One word of one topic in one language: its weight in the files (None: not there), and its edit here."""

    topic: str
    language: str
    word: str
    default: float | None
    edit: WordEdit | None = None

    @property
    def weight(self) -> float:
        """The weight that counts; 0 where the word was taken out."""
        if self.edit is not None:
            return 0.0 if self.edit.removed else self.edit.weight
        return self.default or 0.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is asked for; empty means all."""

    theme: str = ""
    language: str = ""
    text: str = ""
    only_edited: bool = False

    def fits(self, row: WordRow) -> bool:
        """Whether the row belongs on the list."""
        return (
            row.topic.split("/")[0] == (self.theme or row.topic.split("/")[0])
            and row.language == (self.language or row.language)
            and self.text.casefold() in row.word.casefold()
            and (row.edit is not None or not self.only_edited)
        )


def file_themes() -> Themes:
    """The themes of the city's files, nothing edited."""
    themes: Themes = current_app.extensions["city-catalogue"].themes
    return themes


def word_rows(edits: Iterable[WordEdit], wanted: Wanted) -> list[WordRow]:
    """The words that fit, topic by topic, the heaviest first."""
    by_key = {_key(one): one for one in sorted(edits, key=lambda one: (one.at, one.id))}
    rows = [*_of_files(by_key), *(WordRow(one.topic, one.language, one.word, None, one) for one in by_key.values())]
    unique = {_key(row): row for row in reversed(rows)}
    return sorted(filter(wanted.fits, unique.values()), key=lambda r: (r.topic, r.language, -r.weight, r.word))


def _key(row: WordRow | WordEdit) -> Key:
    return row.topic, row.language, row.word.casefold()


def _of_files(by_key: dict[Key, WordEdit]) -> Iterator[WordRow]:
    for theme in file_themes():
        for topic in theme.topics:
            name = f"{theme.slug}/{topic.slug}"
            for language, words in topic.words.items():
                for word, weight in words.items():
                    yield WordRow(name, language, word, weight, by_key.get((name, language, word.casefold())))


def default_weight(topic: str, language: str, word: str) -> float | None:
    """The word's weight in the files, or None."""
    spelled = as_in_files(topic, language, word)
    return next((words[spelled] for words in _words_of(topic, language) if spelled in words), None)


def as_in_files(topic: str, language: str, word: str) -> str:
    """The word as the files spell it, whatever its capitals here; the word itself where they have none."""
    for words in _words_of(topic, language):
        for known in words:
            if known.casefold() == word.casefold():
                return known
    return word


def _words_of(topic: str, language: str) -> Iterator[dict[str, float]]:
    for theme in file_themes():
        for one in theme.topics:
            if f"{theme.slug}/{one.slug}" == topic and language in one.words:
                yield dict(one.words[language])


def topic_words(topic: str) -> str:
    """ "Water and wastewater: pipes" in the reader's language; of a theme without topics the theme alone."""
    slug, _slash, own = topic.partition("/")
    theme = next((one for one in file_themes() if one.slug == slug), ThemeProfile(slug))
    named = next((_name(one) for one in theme.topics if one.slug == own), own.replace("-", " "))
    return _name(theme) if own == GENERAL and not theme.topics else f"{_name(theme)}: {named}"


def theme_choices() -> Choices:
    """Themes by name."""
    return by_name((theme.slug, _name(theme)) for theme in file_themes())


def topic_choices(theme: str = "") -> Choices:
    """Every topic that words can be taught for, or those of one theme."""
    wanted = [one for one in file_themes() if theme in ("", one.slug)]
    names = (f"{one.slug}/{topic.slug}" for one in wanted for topic in topics_of(one))
    return by_name((name, topic_words(name)) for name in names)


def language_choices() -> Choices:
    """The languages that have words, by name."""
    return by_name((code, language_name(code)) for code in word_languages(file_themes()))


def _name(subject: ThemeProfile | TopicProfile) -> str:
    return subject.names.get(page_language()) or subject.names.get("en") or subject.slug.replace("-", " ")
