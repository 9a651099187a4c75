"""Verbs on the city's own words: teach one, weigh it anew, take one out, undo; the caller commits."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select

from app.core.errors import Invalid
from app.core.text import clean_line
from app.core.time import now
from app.extensions import db
from app.people.actors import Actor
from app.strategy.edit_models import WordEdit

LONGEST = 60  # characters
MOST_WORDS = 6  # of a phrase
MOST_EDITS = 5_000
WEIGHTS = (1.0, 2.0, 3.0)  # hints, is typical, decides
READABLE = re.compile(r"[^\W_][\w .'’&/+-]*\*?")  # begins with a letter or digit; only a last * means any ending
BEGINNING = 3  # letters that a word with any ending needs


def clean_word(word: str) -> str:
    """The word as routing reads it; raises Invalid("word") for what could never be found or would be found everywhere.

    A comma parts words in the files, so none can stand inside one.
    """
    word = clean_line(word)
    letters = sum(letter.isalpha() for letter in word)
    least = BEGINNING if word.endswith("*") else 2
    if not READABLE.fullmatch(word) or letters < least or (word.endswith("*") and " " in word):
        raise Invalid("word", "word")
    if len(word) > LONGEST or len(word.split()) > MOST_WORDS:
        raise Invalid("too-long", "word")
    return word


def edit_word(
    topic: str,
    language: str,
    word: str,
    *,
    weight: float,
    removed: bool = False,
    note: str = "",
    by: Actor,
    at: datetime | None = None,
) -> WordEdit:
    """The word tells of the topic with this weight here, or (removed) does not; replaces an earlier edit of it.

    Capitals make no other word of it: the spelling that came first stays.
    """
    if weight not in WEIGHTS:
        raise Invalid("choice", "weight")
    word = clean_word(word)
    found = _edits_of(topic, language, word)
    for older in found[1:]:
        db.session.delete(older)
    edit = found[0] if found else WordEdit(topic=topic, language=language, word=word)
    edit.weight, edit.removed, edit.note = weight, removed, clean_line(note)
    edit.author_id, edit.at = by.user.id if by.user else None, at or now()
    db.session.add(edit)
    db.session.flush()
    return edit


def undo_edit(edit: WordEdit) -> None:
    """What the files say counts again, whatever the capitals."""
    for row in _edits_of(edit.topic, edit.language, edit.word):
        db.session.delete(row)
    db.session.flush()


def find_edit(topic: str, language: str, word: str) -> WordEdit | None:
    """The edit of this word, whatever its capitals, or None."""
    return next(iter(_edits_of(topic, language, word)), None)


def _edits_of(topic: str, language: str, word: str) -> list[WordEdit]:
    """The edit of this word; where two spellings were stored once, the one that counts first."""
    query = select(WordEdit).where(WordEdit.topic == topic, WordEdit.language == language)
    rows = db.session.scalars(query.order_by(WordEdit.at.desc(), WordEdit.id.desc()))
    return [row for row in rows if row.word.casefold() == word.casefold()]


def word_edits(*, topic: str = "") -> list[WordEdit]:
    """All edits, or those of one topic, in the order of topics, languages and words."""
    query = select(WordEdit).order_by(WordEdit.topic, WordEdit.language, WordEdit.word)
    return list(db.session.scalars(query.where(WordEdit.topic == topic) if topic else query))
