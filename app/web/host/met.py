"""What the stops of a programme meet where they stand: marks beside them, and a warning after every save."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import flash
from flask_babel import gettext as _

from app.people.models import User
from app.visits.arranging import as_planned
from app.visits.conflicts import programme_conflicts
from app.visits.models import Visit
from app.visits.programme_models import Appointment
from app.visits.rules import may_plan
from app.visits.stand_ins import stand_ins
from app.web.host.acting import reader
from app.web.host.conflict_words import conflict_words

Marks = dict[int, list[str]]  # by the stop's id


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who could receive instead, what is in the way of that, and whether it would be refused."""

    user: User
    met: list[str]
    is_refused: bool


def marks_of(visit: Visit) -> Marks:
    """Sentences about what is in the way of each coming stop, for those who plan the visit."""
    if not may_plan(reader(), visit):
        return {}
    found = programme_conflicts(visit)
    plans = {stop.id: as_planned(stop) for stop in visit.appointments if stop.id in found}
    return {
        number: [conflict_words(conflict, plan, reader()) for conflict in found[number]]
        for number, plan in plans.items()
    }


def people_for(visit: Visit, stops: Sequence[Appointment]) -> dict[int, list[Choice]]:
    """By the stop's id who else of its host could receive: those with nothing in the way first, the refused last."""
    found = {
        number: [
            Choice(
                one.user, [conflict_words(conflict, one.plan, reader()) for conflict in one.conflicts], one.is_refused
            )
            for one in others
        ]
        for number, others in stand_ins(visit, stops).items()
    }
    return {number: sorted(some, key=lambda one: (one.is_refused, bool(one.met))) for number, some in found.items()}


def warn_of_what_is_met(visit: Visit, stops: Iterable[Appointment]) -> None:
    """Beside the word that something is saved, a warning for each of the stops that something is in the way of.

    Call after the commit.
    """
    marks = marks_of(visit)
    for stop in stops:
        if stop.id in marks:
            what = " ".join(marks[stop.id])
            flash(
                _("Saved, but mind what is in the way of “%(title)s”: %(what)s", title=stop.title, what=what), "warning"
            )
