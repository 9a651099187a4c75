"""The form that makes a feed of one kind."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from app.core.text import clean_line
from app.feeds.actions import LONGEST_NAME
from app.feeds.models import Level
from app.feeds.queries import Scope
from app.feeds.rules import granted_level, reader_of
from app.people.models import User
from app.web.feeds.words import LANGUAGES, LEVELS, WHICH, scope_words


class FeedForm(FlaskForm):  # type: ignore[misc]
    """Which one, how much of it, in which language."""

    name = StringField(
        _l("Your own name for it"),
        description=_l("So that you know later which link is which. For example: my phone."),
        filters=[clean_line],
        validators=[DataRequired(_l("Give the feed a name.")), Length(max=LONGEST_NAME)],
    )
    scope = SelectField(_l("Which one?"), coerce=int)
    level = RadioField(
        _l("How much should it tell?"), validators=[InputRequired(_l("Choose how much the feed tells."))]
    )
    language = RadioField(
        _l("In which language?"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGES],
        validators=[InputRequired(_l("Choose a language."))],
    )
    show_cancelled = BooleanField(_l("Keep cancelled appointments for 30 days, marked as cancelled"))

    def offer(self, scopes: list[Scope], user: User) -> None:
        """Fill in the scopes and levels this person may choose; where there is one scope, there is no question."""
        kind = scopes[0].kind
        levels = [level for level in Level if granted_level(reader_of(user), kind, level) == level]
        self.level.choices = [SelectChoice(level, LEVELS[level]) for level in levels]
        self.only_scope = scopes[0] if len(scopes) == 1 else None
        if self.only_scope is not None:
            del self.scope
            return
        self.scope.label.text = WHICH[kind]
        self.scope.choices = [SelectChoice(scope.id, scope_words(scope)) for scope in scopes]

    @property
    def chosen(self) -> int:
        """The id of the chosen scope; only after validation."""
        return self.only_scope.id if self.only_scope is not None else int(self.scope.data)
