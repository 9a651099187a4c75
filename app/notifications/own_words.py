"""Words of the city's own instead of a mail's: plain text with a few placeholders that are replaced, never run.

What stands between braces is looked up in a short list and put in as text; anything else between braces is refused
when the words are saved. Neither str.format nor a template engine ever sees what was typed (acceptance row IN-9).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.notifications.kinds import KINDS, SECRET_PAGES
from app.notifications.parts import Late
from app.notifications.render import render_open

# placeholder -> the value of the mail's context; a value that a mail does not have is left out
PLACEHOLDERS: Mapping[str, str] = {
    "city": "city",
    "reader": "reader",
    "organisation": "organisation",
    "contact": "contact_name",
    "people": "people",
    "themes": "themes",
    "lead host": "lead_host",
    "lead person": "lead_person",
    "day": "day",
    "programme of the day": "day_programme",
    "programme": "programme",
    "appointment": "stop",
    "zone": "zone",
    "reference": "ref",
    "commitment": "commitment",
    "message": "words",
    "answer by": "answer_by",
}
WITHOUT_BEFORE = ("proposed",)  # its programme says it stop by stop
WITH_TIMES = {"day_programme", "programme", "stop"}
BRACED = re.compile(r"\{([^{}]*)\}")
CODE = re.compile(r"%\(|\$\{|\{%|%\}|\{\{|\}\}")  # what other languages would run


def unknown_in(text: str) -> list[str]:
    """Everything in braces that is no placeholder, and signs of templates; empty where the text may be kept."""
    found = [match for match in BRACED.findall(text) if match.strip() not in PLACEHOLDERS]
    rest = BRACED.sub("", text)
    found += [sign for sign in ("{", "}") if sign in rest]
    return [*found, *CODE.findall(text)]


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The text with its placeholders replaced by plain text, each once: what is put in is not looked at again."""
    return BRACED.sub(lambda match: _as_words(_value(match.group(1), values)), text)


def paragraphs(text: str, values: Mapping[str, Any]) -> list[Any]:
    """The text, a paragraph each; a placeholder that stands alone may be a whole list."""
    found = [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
    alone = [BRACED.fullmatch(part) for part in found]
    return [
        _value(match.group(1), values) if match else fill(part, values)
        for part, match in zip(found, alone, strict=True)
    ]


def usual_words(kind: str, language: str) -> tuple[str, str]:
    """Subject and text of a mail as they are without own words, with the placeholders where they would stand."""
    return render_open(kind, {value: "{" + name + "}" for name, value in PLACEHOLDERS.items()}, language=language)


def worded(words: Mapping[str, Any], kind: str, values: dict[str, Any], language: str) -> tuple[str, dict[str, Any]]:
    """The template and its values: the city's own words in that language where there are some, else the mail's."""
    own = (words or {}).get(language) or {}
    if not own.get("subject") or not own.get("body"):
        return kind, values
    found = paragraphs(own["body"], values)
    if values.get("stop_before") and kind not in WITHOUT_BEFORE:  # what moved stands beside what was
        found.append(_("Before: %(stop_before)s", stop_before=values["stop_before"]))
    if _tells_times(own["subject"] + own["body"]):  # whoever travels must know on which clock they are
        found.append(values.get("zone", ""))
    filled = {"own_subject": fill(own["subject"], values), "own_paragraphs": [one for one in found if one]}
    is_for_visitor = KINDS[kind].page in SECRET_PAGES
    return ("own-words" if is_for_visitor else "host-own-words"), {**values, **filled}


def _tells_times(text: str) -> bool:
    """Whether times are put in and the zone is not."""
    names = {PLACEHOLDERS.get(name.strip(), "") for name in BRACED.findall(text)}
    return bool(names & WITH_TIMES) and "zone" not in names


def _value(name: str, values: Mapping[str, Any]) -> Any:
    value = values.get(PLACEHOLDERS.get(name.strip(), ""), "")
    return value.value if isinstance(value, Late) else value


def _as_words(value: Any) -> str:
    return "\n".join(f"- {line}" for line in value) if isinstance(value, tuple) else str(value or "")
