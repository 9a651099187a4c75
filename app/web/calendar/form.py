"""What a calendar is narrowed to: a form sent by GET, so that every choice is part of the page's address."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.people.models import Place
from app.strategy.models import Partnership, Theme
from app.visits.agenda import LIVE, Of, Scope, Wanted
from app.web import formats
from app.web.coordinator.checks import Choices, by_name, host_choices
from app.web.coordinator.filters import Known, Slug, Statuses, goal_choices
from app.web.form_words import PlainForm
from app.web.language import page_language
from app.web.words import choices

Pairs = list[tuple[str, str]]
# What a calendar is of need not be chosen once more; a visit's filter would tell what its page says anyway.
OWN = {"": _l("Shown"), "no": _l("Left out")}
WITH_OWN = (Of.PERSON, Of.HOST)  # calendars with busy times from elsewhere
POINTLESS = {Of.HOST: ("host",), Of.PLACE: ("place",), Of.VISIT: ("theme", "goal", "partnership")}


class CalendarForm(PlainForm):
    """Statuses, host, place and subject."""

    status = Statuses(_l("Status"), choices=choices("appointment_status"))
    host = Slug(_l("Host"), default="")
    place = Slug(_l("Place"), default="")
    theme = Slug(_l("Theme"), default="")
    goal = Slug(_l("Goal"), default="")
    partnership = Slug(_l("Partnership"), default="")
    own = Known(_l("Busy times from own calendars"), default="", choices=list(OWN.items()))

    def __init__(self, answers: MultiDict[str, str], scope: Scope) -> None:
        kept = [(name, value) for name, value in answers.items(multi=True) if value.strip()]
        super().__init__(MultiDict(kept))
        for name in POINTLESS.get(scope.of, ()):
            del self[name]
        if scope.of not in WITH_OWN:
            del self["own"]
        if not self.status.data:
            self.status.data = list(LIVE)
        for field in self:
            if isinstance(field, Slug):
                field.choices = [("", str(_("All"))), *_choices(field.name)]

    @property
    def wanted(self) -> Wanted:
        """What the form asks for; only after validation."""
        chosen = {field.name: field.data for field in self if isinstance(field, Slug)}
        return Wanted(status=tuple(self.status.data), **chosen)

    @property
    def wants_own(self) -> bool:
        """Whether busy times from own calendars are shown: not where stops of one kind are asked for."""
        return "own" in self and not self.own.data and not self.wanted.asks_about_visits

    @property
    def narrowed(self) -> Pairs:
        """What is filtered by, as pairs of label and words."""
        found = []
        for field in self:
            said = {str(value): str(words) for value, words, *_rest in field.iter_choices()}
            if isinstance(field, Statuses) and set(field.data) != set(LIVE):
                found.append((field.label.text, formats.listed(said[value] for value in field.data if value in said)))
            elif isinstance(field, Known) and field.data:
                found.append((field.label.text, said.get(field.data, "")))
        return found

    @property
    def pairs(self) -> Pairs:
        """The filter's part of the address; the same filter always has the same."""
        statuses = [] if set(self.status.data) == set(LIVE) else [("status", one) for one in sorted(self.status.data)]
        return statuses + [(field.name, field.data) for field in self if isinstance(field, Known) and field.data]


def _choices(name: str) -> Choices:
    match name:
        case "host":
            return host_choices(retired=True)
        case "place":
            return _named(db.session.scalars(select(Place)))
        case "theme":
            return _named(db.session.scalars(select(Theme)))
        case "goal":
            return goal_choices()
    return _named(db.session.scalars(select(Partnership)))


def _named(rows: Iterable[Place | Theme | Partnership]) -> Choices:
    return by_name((row.slug, row.name_in(page_language())) for row in rows)
