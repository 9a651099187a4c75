"""The form by which a word is taught, weighed anew or taken out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from app.core.errors import Invalid
from app.core.text import clean_line
from app.extensions import db
from app.strategy.words import MOST_WORDS, clean_word
from app.visits.models import Visit
from app.web.admin.word_list import as_in_files, default_weight, language_choices, topic_choices
from app.web.admin.word_sense import Senseless, senseless
from app.web.coordinator.checks import Line, OneOf
from app.web.host.fields import OptionField, required
from app.web.meanwhile import EditForm
from app.web.visitor.checks import Filled

SENSELESS: Mapping[Senseless, LazyString] = {
    Senseless.EVERYDAY: _l(
        "“%(word)s” is a word of every day in some language: it stands in texts about anything. "
        "Write a rarer word, or a phrase of which it is a part."
    ),
    Senseless.SHORT: _l("“%(word)s” is too short to tell a subject. Write the whole word, or a phrase."),
    Senseless.CAPITALS: _l(
        "“%(word)s” is short, or a word of every day. If it is an abbreviation that visitors write in capitals, say so "
        "below; otherwise write it out."
    ),
}
TAKING_OUT = ("take-out", "draft-take-out")
WEIGHTS = [("3", _l("Decides")), ("2", _l("Is typical")), ("1", _l("Hints"))]


class WordForm(EditForm):
    """This word means that topic here."""

    TOGETHER = (("topic", "language", "word"),)
    BESIDE = ("abbreviation", "visit")
    KEY = "topic"

    word = Line(
        _l("Word or phrase"),
        _l("Write a word or a phrase."),
        length=100,
        description=_l("As visitors write it. Endings are understood; a * at the end takes any."),
    )
    abbreviation = BooleanField(
        _l("It is an abbreviation in capitals"),
        description=_l("For a short word such as “AI”: it is found only where it is written in capitals."),
    )
    language = OneOf(_l("Language of the word"), [Filled(_l("Choose a language."))])
    topic = OneOf(_l("Means"), [Filled(_l("Choose what it means."))])
    weight = OptionField(
        _l("How much it says"), choices=WEIGHTS, default="3", validators=[required(_l("Choose how much it says."))]
    )
    note = Line(_l("Note"), length=200, description=_l("Why, for whoever looks at it later."))
    visit = Line(_l("Reference of the visit where you saw it"), length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topic.choices = [("", _("Choose")), *topic_choices()]
        self.language.choices = language_choices()

    def validate_word(self, field: Field) -> None:
        """Something that can be found in a text, and not in every text."""
        try:
            clean_word(str(field.data or ""))
        except Invalid as error:
            words = _(
                "Write a word of at least two letters, or a phrase of at most %(most)d words, without commas; "
                "before a * stand at least three letters of one word.",
                most=MOST_WORDS,
            )
            raise ValidationError(words) from error
        if request.form.get("act") not in TAKING_OUT:
            self._refuse_senseless(clean_word(str(field.data)))

    def _refuse_senseless(self, word: str) -> None:
        """A word of every day would make every request one about this; what the city's files say may be weighed."""
        topic, language = str(self.topic.data or ""), str(self.language.data or "")
        known = default_weight(topic, language, as_in_files(topic, language, word)) is not None
        found = None if known else senseless(word, language, confirmed=bool(self.abbreviation.data))
        if found:
            raise ValidationError(str(SENSELESS[found]) % {"word": word})

    def validate_visit(self, field: Field) -> None:
        """A visit that exists, if any is named."""
        if clean_line(field.data) and self.found_visit() is None:
            raise ValidationError(_("No visit has this reference."))

    def found_visit(self) -> Visit | None:
        """The visit in whose text the word was seen, if any was named."""
        ref = clean_line(self.visit.data).upper()
        return db.session.scalar(select(Visit).where(Visit.ref == ref)) if ref else None

    def said(self) -> dict[str, Any]:
        """What was typed, as the verb takes it."""
        word = as_in_files(self.topic.data, self.language.data, clean_word(self.word.data))
        return {
            "topic": self.topic.data,
            "language": self.language.data,
            "word": word,
            "weight": float(self.weight.data),
            "note": self.note.data or "",
            "visit": self.found_visit(),
        }
