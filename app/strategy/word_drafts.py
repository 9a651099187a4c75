"""Verbs on drafts of words: keep one, drop it; a draft never counts, and the caller commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from app.core.errors import NotAllowed
from app.core.text import clean_line
from app.core.time import now
from app.extensions import db
from app.people.actors import Actor
from app.strategy.edit_models import WordDraft
from app.strategy.words import clean_word

MOST_DRAFTS = 200


def keep_draft(
    topic: str,
    language: str,
    word: str,
    *,
    weight: float,
    removed: bool = False,
    note: str = "",
    by: Actor,
    at: datetime | None = None,
) -> WordDraft:
    """Keep what somebody wants of a word, in place of an earlier draft of it; nothing counts otherwise than before."""
    word = clean_word(word)
    draft = find_draft(topic, language, word)
    if draft is None and len(word_drafts()) >= MOST_DRAFTS:
        raise NotAllowed("too-many-drafts")
    draft = draft or WordDraft(topic=topic, language=language, word=word)
    draft.weight, draft.removed, draft.note = weight, removed, clean_line(note)
    draft.author_id, draft.at = by.user.id if by.user else None, at or now()
    db.session.add(draft)
    db.session.flush()
    return draft


def drop_draft(topic: str, language: str, word: str) -> None:
    """Nobody wants it any more, or it is in force; nothing happens where there is none."""
    if draft := find_draft(topic, language, word):
        db.session.delete(draft)
        db.session.flush()


def find_draft(topic: str, language: str, word: str) -> WordDraft | None:
    """The draft of this word, whatever its capitals, or None."""
    drafts = (one for one in word_drafts() if (one.topic, one.language) == (topic, language))
    return next((one for one in drafts if one.word.casefold() == word.casefold()), None)


def word_drafts() -> list[WordDraft]:
    """All drafts, in the order of topics, languages and words."""
    return list(db.session.scalars(select(WordDraft).order_by(WordDraft.topic, WordDraft.language, WordDraft.word)))
