"""What is wrong with a file of labelled requests, in the reader's words, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.routing.labelled import DECISIONS, Unreadable

FAULTS: Mapping[str, LazyString] = {
    "not-json": _l("This is not JSON from character %(column)s on. Each line must be one JSON object."),
    "no-id": _l("The line must be a JSON object with a text “id”."),
    "same-id": _l("The id “%(case)s” occurs twice. Give each request an id of its own."),
    "decision": _l("In “%(case)s”, expected.decision must be one of %(choices)s."),
    "not-a-list": _l("In “%(case)s”, expected.%(name)s must be a list: texts, but numbers for sdgs."),
    "unknown-host": _l(
        "In “%(case)s”, expected.%(name)s names “%(value)s”, and no host of the city has that slug. "
        "Write the slug of one of its hosts, or take it out."
    ),
    "unknown-host/meant": _l(
        "In “%(case)s”, expected.%(name)s names “%(value)s”, and no host of the city has that slug. "
        "Did you mean “%(meant)s”? Correct it, or take it out."
    ),
    "unknown-priority": _l(
        "In “%(case)s”, expected.priorities names “%(value)s”, and the city's strategy has no such priority. "
        "Write one of these, or take it out: %(known)s."
    ),
    "unknown-sdg": _l(
        "In “%(case)s”, expected.sdgs names %(value)s, and the UN goals are numbered from 1 to 17. "
        "Correct it, or take it out."
    ),
    "unknown-flag": _l(
        "In “%(case)s”, expected.flags names “%(value)s”, and no flag has that name. "
        "Write one of these, or take it out: %(known)s."
    ),
    "unknown-flag/meant": _l(
        "In “%(case)s”, expected.flags names “%(value)s”, and no flag has that name. "
        "Did you mean “%(meant)s”? Correct it, or take it out."
    ),
    "no-request": _l(
        "The request of “%(case)s” cannot be read: it must be an object with “submitted_on”, its dates must be "
        "written as 2027-05-31, and “group_size” as a whole number."
    ),
}


def fault_words(error: ValueError) -> str:
    """The fault with its line, where it is known."""
    if isinstance(error, UnicodeDecodeError):
        return _("The file is not text in UTF-8. Save it as UTF-8, and choose it again.")
    if not isinstance(error, Unreadable):
        return _("The file cannot be read as labelled requests.")
    code = f"{error.code}/meant" if error.values.get("meant") else error.code
    said = str(FAULTS[code]) % {**error.values, "choices": ", ".join(DECISIONS)}
    return _("Line %(line)d: %(fault)s", line=error.line, fault=said) if error.line else said
