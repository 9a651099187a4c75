"""Forms of the coordinator's decisions on one visit: whom to ask, whom to give it to, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from app.visits.models import Visit
from app.visits.statuses import PLANNING
from app.web.coordinator.checks import Line, OneOf, Text, host_choices
from app.web.formats import listed
from app.web.host.fields import OptionField, required
from app.web.meanwhile import EditForm, print_of
from app.web.visitor.checks import Filled
from app.web.words import choices

REASON_HINT = _l("It stands in the visit's history, where every host of the visit reads it.")


class OfferForm(FlaskForm):
    """Which host to ask, as lead or with a part, and what for."""

    host = OneOf(_l("Host"), [Filled(_l("Choose a host."))])
    part = OptionField(_l("Asked to"), validators=[required(_l("Choose what the host is asked to do."))])
    note = Text(_l("A note to the host"), description=_l("What you want of them in particular. Only hosts read it."))

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ranked = [one["slug"] for one in visit.routing.get("ranked", [])]
        self.host.choices = host_choices(first=ranked, blank=_("Choose"))
        parts = [("lead", _("Take the lead")), ("part", _("Take a part"))]
        self.part.choices = parts[1:] if visit.status in PLANNING else parts
        if self.part.data is None:
            self.part.data = str(self.part.choices[0][0])


class ReassignForm(FlaskForm):
    """Who gets the lead, and why."""

    shown = ""  # which host has the lead, as meanwhile.py prints it
    host = OneOf(_l("New lead host"), [Filled(_l("Choose a host."))])
    reason = Text(_l("Why?"), _l("Say why, so that both hosts understand."), description=REASON_HINT)

    def __init__(self, visit: Visit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ranked = [one["slug"] for one in visit.routing.get("ranked", [])]
        lead = visit.lead_host.slug if visit.lead_host else ""
        self.shown = f"lead:{print_of([lead])}"
        named = [choice for choice in host_choices(first=ranked, blank=_("Choose")) if choice[0] != lead or not lead]
        self.host.choices = named


class DeclineForm(FlaskForm):
    """Why the city says no, in what words, and what the visitor could do instead."""

    reason = OptionField(
        _l("Reason"),
        choices=choices("decline_reason"),
        validators=[required(_l("Choose a reason. It is counted in the report on unmet demand."))],
        description=_l("Counted in the report on unmet demand, for each theme."),
    )
    text = Text(
        _l("In your own words"),
        description=_l("Stands after the reason. Write in the visitor's language."),
    )
    alternatives = Text(
        _l("What they could do instead"),
        description=_l("Other dates, other people, a video meeting. Left empty, a suggestion is filled in."),
    )


class ReopenForm(FlaskForm):
    """Why an ended visit is taken up again."""

    reason = Text(_l("Why?"), _l("Say why it is taken up again."), description=REASON_HINT)


class AskForm(FlaskForm):
    """What the visitor is asked."""

    body = Text(_l("Your question to the visitor"), _l("Write the question."), rows=6)


class GoalsForm(EditForm):
    """Which goals the visit serves, as a person sees it."""

    names: Mapping[str, str] = {}  # of goals, by slug

    def words_of(self, part: tuple[str, ...]) -> str:
        """The goals by name."""
        return listed(self.names.get(slug, slug) for slug in self.goals.data) or _("none")

    goals = SelectMultipleField(
        _l("Goals"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )


class MergeForm(FlaskForm):
    """Which other request is the same one, and which of the two is kept."""

    other = Line(_l("Reference of the other request"), _l("Write a reference such as K7M-4QX."), length=20)
    keep = RadioField(_l("Which one is kept?"), validate_choice=False)
