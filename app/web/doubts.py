"""What routing is not sure of, in a sentence of the reader's language, and what to ask the visitor about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.routing.availability import SERIOUS
from app.visits.models import Visit
from app.web.evidence import names
from app.web.formats import listed

# Until a host has the lead, what routing does not know still matters.
UNDECIDED = ("received", "offered")
# Only what can change who should receive them makes the proposal unsure; the rest is asked all the same.
ABOUT_THE_HOST = ("subject", "main-subject", "language")
REASONS: Mapping[str, LazyString] = {
    "subject": _l("The text names no subject that points to a host."),
    "main-subject": _l("Several hosts fit almost equally well: %(hosts)s."),
    "language": _l(
        "The language of the purpose is not one that routing reads: ticks, names and the other fields tell most."
    ),
    "dates": _l("All wished dates have passed."),
    "days": _l("All wished days are weekends or public holidays."),
    "group": _l("The group is larger than most hosts can receive."),
    "in-the-way": _l("Something stands in the way of a host that fits: what it is stands beside its name."),
    "": _l("Which host fits best could not be told surely."),
}
QUESTIONS: Mapping[str, LazyString] = {
    "subject": _l("What exactly would you like to see, learn or agree on?"),
    "main-subject": _l("What should most of the time be spent on?"),
    "language": _l("Could you tell us in English or Norwegian what you would like to see, learn or agree on?"),
    "dates": _l("Which dates do you wish now?"),
    "days": _l("Could you come on working days?"),
    "group": _l("Could fewer people come, or could you come in smaller groups?"),
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Whether it is unsure who should receive them, the reasons in sentences, and what to ask the visitor."""

    unsure: bool
    reasons: list[str]
    questions: list[str]


def doubt_of(visit: Visit) -> Doubt | None:
    """What routing does not know about the visit; None when it is sure, would decline, or is settled."""
    routing = visit.routing
    if not routing or routing.get("sure") or visit.status not in UNDECIDED:
        return None
    codes = _codes(visit)
    unsure = routing.get("decision") == "route" or any(code in ABOUT_THE_HOST for code in codes)
    if routing.get("decision") == "suggest-decline" or not (codes or unsure):
        return None
    hosts = listed(names().get(one["slug"], one["slug"]) for one in routing.get("ranked", [])[:2])
    reasons = [str(REASONS[code]) % {"hosts": hosts} for code in codes or [_without_question(visit)]]
    return Doubt(unsure, reasons, [_question(code, visit) for code in codes])


def questions_for(visit: Visit) -> list[str]:
    """What to ask the visitor, in the language that they read."""
    with force_locale(visit.language):
        doubt = doubt_of(visit)
    return doubt.questions if doubt else []


def _codes(visit: Visit) -> list[str]:
    return [code for code in visit.routing.get("questions", []) if code in QUESTIONS]


def _without_question(visit: Visit) -> str:
    """Why it is unsure though no answer of the visitor's would help: a host that fits may be away or full."""
    likeliest = visit.routing.get("ranked", [])[:3]
    against = any(reason["code"] in SERIOUS for one in likeliest for reason in one.get("reasons", []))
    return "in-the-way" if against else ""


def _question(code: str, visit: Visit) -> str:
    themes = [names()[one["code"]] for one in visit.routing.get("themes", []) if one["code"] in names()]
    if code == "main-subject" and len(themes) > 1:
        return _("Which matters more to you: %(first)s or %(second)s?", first=themes[0], second=themes[1])
    return str(QUESTIONS[code])


def init_app(app: Flask) -> None:
    """Give templates doubt_of()."""
    app.add_template_global(doubt_of, "doubt_of")
