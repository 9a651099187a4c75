"""What this city has taught routing, as routing takes it: words and learned weights in force."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, text

from app.extensions import db
from app.routing import Catalogue
from app.routing.edits import Themes, WordChange, in_force
from app.routing.learning import Weights, weights_from
from app.strategy.edit_models import LearnedWeights, WordEdit


def word_changes() -> tuple[WordChange, ...]:
    """Every edited word, of two spellings the later edit; the same edits always in the same order."""
    rows = db.session.execute(
        select(WordEdit.topic, WordEdit.language, WordEdit.word, WordEdit.weight, WordEdit.removed).order_by(
            WordEdit.at, WordEdit.id
        )
    )
    changes = (WordChange(*row[:3], 0.0 if row.removed else row.weight) for row in rows)
    return tuple(sorted({(one.topic, one.language, one.word.casefold()): one for one in changes}.values()))


def weights_in_force() -> Weights:
    """The active version of learned weights; empty when none is."""
    query = select(LearnedWeights).where(LearnedWeights.state == "active").order_by(LearnedWeights.version.desc())
    row = db.session.scalars(query.limit(1)).first()
    return weights_from(row.weights, row.learned_from_visits) if row else Weights()


def themes_in_force(themes: Themes, known: frozenset[str]) -> Themes:
    """The files' themes of which `known` holds the slug, with edited words and learned weights."""
    return in_force(themes, known, word_changes(), weights_in_force().factors)


def with_words_in_force(themes: Themes) -> Themes:
    """The files' themes with edited words, every edge as in the files."""
    return in_force(themes, frozenset(theme.slug for theme in themes), word_changes())


def taught(base: Catalogue, *, weights: Weights) -> Catalogue:
    """The files' catalogue with edited words and these weights, and nothing else of the database."""
    known = frozenset(theme.slug for theme in base.themes)
    return replace(base, themes=in_force(base.themes, known, word_changes(), weights.factors))


def hold_taught() -> None:
    """Until this transaction ends nobody else changes what is taught; on SQLite its write lock says so already."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE word_edit, learned_weights IN SHARE ROW EXCLUSIVE MODE"))
