"""An edited word is put in force only if no labelled request comes out worse; what speaks against it, in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext

from app.city.labelled import OWN, count_own, own_cases
from app.core.database import reading
from app.core.errors import NotAllowed
from app.extensions import db
from app.visits.word_check import Edit, WordCheck, check_edit
from app.web import once
from app.web.admin.bench_faults import fault_words
from app.web.admin.bench_words import change_written, measure_words

TRIES = 3  # others may teach meanwhile
MOST_NAMED = 8  # labelled requests


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an edit: in force, or why not, in sentences; `worse`: it was checked, and harms."""

    against: tuple[str, ...] = ()
    cases: int = 0
    worse: bool = False


def put_in_force(edit: Edit, write: Callable[[WordCheck], object], *, all_the_same: bool = False) -> Outcome:
    """Check the edit on the city's labelled cases, then write it and commit; checked anew where others were faster.

    `all_the_same` writes it also where a measure falls; the verb may refuse that. Routing the cases takes a second or
    two: nobody is kept from writing meanwhile.
    """
    try:
        for _try in range(TRIES):
            checked = _checked(edit)
            if checked.fallen and not all_the_same:
                return Outcome(_worse(checked), checked.cases, worse=True)
            if _written(write, checked):
                return Outcome(cases=checked.cases, worse=bool(checked.fallen))
    except ValueError as error:
        words = _("Refused: the labelled requests (%(file)s) cannot be read to check it.", file=OWN)
        return Outcome((words, fault_words(error)))
    busy = _("Somebody else is changing words at this moment, so it could not be checked. Save it once more.")
    return Outcome((busy,))


def labelled_count() -> int:
    """How many labelled requests edits are checked against."""
    return count_own(current_app.config["CITY_DIR"])


def checked_words(cases: int) -> str:
    """That nothing got worse, and on how many requests that was seen."""
    if not cases:
        return _("The city has no labelled requests (%(file)s) to check it against.", file=OWN)
    return str(
        ngettext(
            "Checked against %(num)d labelled request: nothing is worse.",
            "Checked against %(num)d labelled requests: nothing is worse.",
            cases,
        )
    )


def _checked(edit: Edit) -> WordCheck:
    db.session.rollback()
    with reading():
        cases = own_cases(current_app.config["CITY_DIR"])
        found = check_edit(edit, cases, current_app.extensions["city-catalogue"])
        db.session.rollback()
    return found


def _written(write: Callable[[WordCheck], object], checked: WordCheck) -> bool:
    """Whether it was; not where others taught something since the check began."""
    once.claim_anew()
    try:
        write(checked)
        db.session.commit()
    except NotAllowed as refused:
        db.session.rollback()
        if refused.code != "taught-meanwhile":
            raise
        return False
    return True


def _worse(checked: WordCheck) -> tuple[str, ...]:
    falls = (f"{measure_words(name)}: {change_written(name, *values)}" for name, values in checked.fallen.items())
    first = ngettext(
        "Refused: on %(num)d labelled request routing gets worse by it. %(worse)s.",
        "Refused: on %(num)d labelled requests routing gets worse by it. %(worse)s.",
        checked.cases,
        worse="; ".join(falls),
    )
    ids, more = ", ".join(checked.wrong[:MOST_NAMED]), len(checked.wrong[MOST_NAMED:])
    named = ngettext(
        "This labelled request would come out wrong: %(ids)s.",
        "These labelled requests would come out wrong: %(ids)s.",
        len(checked.wrong),
        ids=_("%(ids)s and %(count)d more", ids=ids, count=more) if more else ids,
    )
    return (str(first), str(named)) if ids else (str(first),)
