"""The form of what came of a visit: achieved, in words, goals, follow-ups."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FieldList, FormField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from app.core.text import clean_line
from app.people.models import User
from app.strategy.models import Goal
from app.visits.lifecycle import Commitment
from app.web.form_words import PlainForm
from app.web.host.facts import goal_code
from app.web.host.fields import LINE, NOT_A_CHOICE, ChoiceField, DayField, OptionField, at_most, required, text_area
from app.web.language import page_language
from app.web.meanwhile import EditForm
from app.web.words import choices

MOST_ROWS = 20
FIRST_ROWS = 2


class FollowUpForm(PlainForm):
    """One promise: what, by whom, until when. An empty row is no promise."""

    text = StringField(_l("What was promised?"), validators=[at_most(LINE)])
    owner = ChoiceField(_l("Who does it?"), default="")
    due_on = DayField(_l("Until when?"), validators=[Optional()])

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written in this row."""
        return not clean_line(self.text.data) and not "".join(self.due_on.raw_data or []).strip()

    def validate(self, *args: Any, **kwargs: Any) -> bool:
        """A promise needs words and a date."""
        if not super().validate(*args, **kwargs) or self.is_empty:
            return not self.errors
        if not clean_line(self.text.data):
            self.text.errors = [_("Say what was promised, or empty the date.")]
        if self.due_on.data is None:
            self.due_on.errors = [_("Choose a date: without one it is forgotten.")]
        return not self.errors


class ReportForm(EditForm):
    """What came of the visit."""

    achieved = OptionField(
        _l("What did the visit achieve?"),
        choices=[SelectChoice(code, words) for code, words in choices("achieved")],
        validators=[required(_l("Choose one."))],
    )
    text = text_area(
        _l("In words"),
        required(_l("Write a sentence or two about what came of it.")),
        description=_l("What was agreed, learnt or started. It goes into the yearly report."),
        rows=5,
    )
    goals = SelectMultipleField(_l("Which goals did it serve?"), invalid_choice_message=NOT_A_CHOICE)
    follow_ups = FieldList(FormField(FollowUpForm), description=_l("Promise %(number)d"), max_entries=MOST_ROWS)

    def offer(self, goals: Iterable[Goal], owners: Iterable[User]) -> None:
        """Fill in the goals, under their frameworks, and the people who may own a follow-up."""
        language = page_language()
        self.known_goals = {goal.slug: goal for goal in goals}
        self.goals.choices = [
            SelectChoice(slug, _named(goal), optgroup=goal.framework.name_in(language))
            for slug, goal in self.known_goals.items()
        ]
        self.people = {str(user.id): user for user in owners}
        people = [SelectChoice("", _("Nobody in particular"))]
        people += [SelectChoice(key, user.name) for key, user in self.people.items()]
        while len(self.follow_ups.entries) < FIRST_ROWS:
            self.follow_ups.append_entry()
        for row in self.follow_ups.entries:
            row.form.owner.offer(people)

    @property
    def goal_groups(self) -> list[tuple[str, list[SelectChoice]]]:
        """The goals under the names of their frameworks, in the frameworks' order."""
        return [(name, list(goals)) for name, goals in groupby(self.goals.choices, key=lambda goal: goal.optgroup)]

    def add_row(self) -> None:
        """One more row, empty, with the same people."""
        if len(self.follow_ups.entries) < MOST_ROWS:
            people = self.follow_ups.entries[0].form.owner.choices
            self.follow_ups.append_entry().form.owner.offer(people)

    @property
    def goals_served(self) -> list[Goal]:
        """The goals that are ticked; only after validation."""
        return [self.known_goals[slug] for slug in self.goals.data or []]

    @property
    def commitments(self) -> list[Commitment]:
        """The promises that were written; only after validation."""
        return [
            Commitment(row.form.text.data, row.form.due_on.data, self.people.get(row.form.owner.data))
            for row in self.follow_ups.entries
            if not row.form.is_empty
        ]


class ReasonForm(FlaskForm):
    """Why the visit is called off: the visitor reads it."""

    reason = text_area(
        _l("Why?"),
        required(_l("Say why: the visitor reads it.")),
        description=_l("The visitor reads this, word for word."),
    )


class RemarkForm(FlaskForm):
    """A remark that may be left out."""

    text = text_area(_l("Anything to remember for next time?"), rows=3)


def _named(goal: Goal) -> str:
    return " ".join(filter(None, (goal_code(goal), goal.name_in(page_language()))))
