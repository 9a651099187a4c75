"""From the finished forms to a request, and to the list that the visitor checks before sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from wtforms import Field

from app.core.languages import known_language
from app.visits.lifecycle import Request
from app.web.formats import country, days, language_name, listed
from app.web.language import page_language
from app.web.visitor.checks import MARKS
from app.web.visitor.forms import WISHED_HOSTS, StepForm
from app.web.visitor.steps import STEPS, Step

Forms = Mapping[str, StepForm]
FROM_WHO = (
    *("organisation", "organisation_type", "country", "city", "website", "on_behalf_of"),
    *("contact_name", "contact_email", "contact_phone"),
)
FROM_DELEGATION = ("group_size", "head_name", "head_title", "head_level", "interpreter_needed")
FROM_VISIT = ("purpose", "themes", "previous_visit", "in_return")
FROM_WHEN = ("duration_hours", "flexibility", "rest_of_stay")


@dataclass(frozen=True, slots=True)
class Section:
    """One step's answers as they are read back: what was asked, what was answered."""

    step: Step
    entries: list[tuple[str, str]]


def request_from(forms: Forms) -> Request:
    """The request that the four valid forms make together."""
    visit = forms["visit"]
    return Request(
        **_columns(forms["who"], FROM_WHO),
        **_columns(forms["delegation"], FROM_DELEGATION),
        **_columns(visit, FROM_VISIT),
        **_columns(forms["when"], FROM_WHEN),
        languages=_languages(forms["delegation"]),
        wanted_hosts=_wished_hosts(visit),
        relation=_chosen_and_typed(visit["partnership"], visit["relation"]),
        partnership=str(visit["partnership"].data or ""),
        event=_chosen_and_typed(visit["occasion"], visit["event"]),
        occasion=str(visit["occasion"].data or ""),
        windows=forms["when"].windows,
        language=known_language(page_language()),
    )


def _columns(form: StepForm, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _plain(form[name].data) for name in names if form[name].data is not None}


def _plain(value: Any) -> Any:
    return value.translate(MARKS).strip() if isinstance(value, str) else value


def _languages(form: StepForm) -> list[str]:
    chosen = [*(form["languages"].data or ()), form["other_language"].data]
    return list(dict.fromkeys(code for code in chosen if code))


def _wished_hosts(form: StepForm) -> list[str]:
    typed = [str(form[f"host_{number}"].data or "").strip() for number in WISHED_HOSTS]
    return list(dict.fromkeys(filter(None, typed)))


def _chosen_and_typed(chosen: Field, typed: Field) -> str:
    """The name chosen from the list beside what was typed: routing reads both as words."""
    return "; ".join(filter(None, (_chosen(chosen), str(typed.data or "").strip())))


def _chosen(field: Field) -> str:
    return next((str(name) for value, name, selected, *_rest in field.iter_choices() if selected and value), "")


def sections(forms: Forms) -> list[Section]:
    """Every answer given, in the order of the steps; what was left empty is not listed."""
    entries = {
        "who": _who(forms["who"]),
        "delegation": _delegation(forms["delegation"]),
        "visit": _visit(forms["visit"]),
        "when": _when(forms["when"]),
    }
    return [Section(step, [pair for pair in entries[step.name] if pair[1]]) for step in STEPS]


def _answer(form: StepForm, name: str) -> tuple[str, str]:
    value = form[name].data
    return str(form[name].label.text), "" if value is None else str(value)


def _choice(form: StepForm, name: str) -> tuple[str, str]:
    return str(form[name].label.text), _chosen(form[name])


def _who(form: StepForm) -> list[tuple[str, str]]:
    return [
        _answer(form, "organisation"),
        _choice(form, "organisation_type"),
        (_("Country"), country(form["country"].data)),
        *(_answer(form, name) for name in FROM_WHO[3:]),
    ]


def _delegation(form: StepForm) -> list[tuple[str, str]]:
    return [
        _answer(form, "group_size"),
        _answer(form, "head_name"),
        _answer(form, "head_title"),
        _choice(form, "head_level"),
        (_("Languages"), listed(language_name(code) for code in _languages(form))),
        (_("Interpreter"), _("We need an interpreter") if form["interpreter_needed"].data else ""),
    ]


def _visit(form: StepForm) -> list[tuple[str, str]]:
    themes = [str(name) for _value, name, selected, *_rest in form["themes"].iter_choices() if selected]
    return [
        _answer(form, "purpose"),
        (_("Themes"), listed(themes)),
        (_("Hosts you would like to meet"), "; ".join(_wished_hosts(form))),
        (_("Twin city, network or other tie"), _chosen_and_typed(form["partnership"], form["relation"])),
        _answer(form, "previous_visit"),
        (_("Larger event"), _chosen_and_typed(form["occasion"], form["event"])),
        _answer(form, "in_return"),
    ]


def _when(form: StepForm) -> list[tuple[str, str]]:
    wishes = [days(window) for window in form.windows]
    labels = (_("Dates"), _("Other dates"), _("Still other dates"))
    hours = form["duration_hours"].data
    return [
        *zip(labels, wishes, strict=False),
        (_("Hours of programme"), "" if hours is None else format_decimal(hours)),
        _answer(form, "flexibility"),
        _answer(form, "rest_of_stay"),
    ]
