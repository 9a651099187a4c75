"""The steps of a request in their order, and the forms made again from what was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from app.web.visitor.forms import DelegationForm, StepForm, VisitForm, WhenForm, WhoForm

Typed = Mapping[str, list[str]]  # what was typed in one step: field name to values
Answers = dict[str, dict[str, list[str]]]  # the same by step


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form."""

    name: str
    form: type[StepForm]
    title: LazyString

    @property
    def url(self) -> str:
        """Where the step is; the first one is the front door of the form."""
        return url_for("visitor.who") if self.name == "who" else url_for("visitor.step", name=self.name)


STEPS = (
    Step("who", WhoForm, _l("Who you are")),
    Step("delegation", DelegationForm, _l("The delegation")),
    Step("visit", VisitForm, _l("The visit")),
    Step("when", WhenForm, _l("When")),
)
CHECK_TITLE = _l("Check your answers")
BY_NAME = {step.name: step for step in STEPS}


def position(step: Step) -> int:
    """The step's number, from 1."""
    return STEPS.index(step) + 1


def previous(step: Step) -> Step | None:
    """The step before, or None for the first."""
    return STEPS[position(step) - 2] if position(step) > 1 else None


def following(step: Step) -> Step | None:
    """The step after, or None where the answers are to be checked."""
    return STEPS[position(step)] if position(step) < len(STEPS) else None


def form_of(step: Step, typed: Typed | None) -> StepForm:
    """The step's form holding what was typed, not yet validated."""
    form = step.form(formdata=MultiDict(typed) if typed else None)
    form.fill_choices()
    return form


def typed_in(step: Step, sent: MultiDict[str, str]) -> dict[str, list[str]]:
    """What was sent for the step's own fields, raw; only the sign that no database takes is left out."""
    found = {field.name: sent.getlist(field.name) for field in step.form(formdata=None)}
    return {name: [value.replace("\x00", "") for value in values] for name, values in found.items() if values}


def forms_of(answers: Answers) -> dict[str, StepForm]:
    """Every step's form with its answers, validated."""
    forms = {step.name: form_of(step, answers.get(step.name)) for step in STEPS}
    for name, form in forms.items():
        if name in answers:
            form.validate()
    return forms


def unfinished(answers: Answers, forms: Mapping[str, StepForm]) -> Iterator[Step]:
    """Steps that are missing or have an error, in order."""
    for step in STEPS:
        if step.name not in answers or forms[step.name].errors:
            yield step
