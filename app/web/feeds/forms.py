"""The form that makes a feed."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.text import clean_line
from app.feeds.actions import LONGEST_NAME
from app.feeds.queries import Scope
from app.web.feeds.words import LANGUAGES, LEVELS, scope_words


class FeedForm(FlaskForm):  # type: ignore[misc]
    """Whose visits, how much of them, in which language."""

    name = StringField(
        _l("Your own name for it"),
        description=_l("So that you know later which link is which. For example: my phone."),
        filters=[clean_line],
        validators=[DataRequired(_l("Give the feed a name.")), Length(max=LONGEST_NAME)],
    )
    scope = SelectField(_l("Whose visits should it show?"))
    level = RadioField(
        _l("How much should it tell?"),
        choices=[SelectChoice(level, words) for level, words in LEVELS.items()],
        validators=[InputRequired(_l("Choose how much the feed tells."))],
    )
    language = RadioField(
        _l("In which language?"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES],
        validators=[InputRequired(_l("Choose a language."))],
    )
    show_cancelled = BooleanField(_l("Keep cancelled appointments for 30 days, marked as cancelled"))

    def offer_scopes(self, scopes: list[Scope]) -> None:
        """Fill in the scopes this person may choose."""
        self.scope.choices = [SelectChoice(f"{scope.kind}-{scope.id}", scope_words(scope)) for scope in scopes]

    @property
    def chosen_scope(self) -> tuple[str, int]:
        """The kind and id of the chosen scope; only after validation."""
        kind, _, scope_id = str(self.scope.data).partition("-")
        return kind, int(scope_id)
