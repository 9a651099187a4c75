"""The page of somebody's time, for members and administrators alike: hours, quiet periods, own calendars, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from babel.dates import get_day_names
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.calendars.external import calendars_of, is_waiting, masked_url
from app.calendars.models import ExternalCalendar
from app.core.dates import EN_DASH, locale_of
from app.core.time import now, venue_date
from app.people.models import Host, User
from app.people.quiet import Hours, quiet_periods_of
from app.planning.hours import spans_of
from app.planning.scene import WEEKDAYS
from app.web.formats import listed
from app.web.host.absence_form import words_for
from app.web.host.hours_forms import CalendarForm, QuietForm
from app.web.language import page_language

FAILURES: dict[str, LazyString] = {
    "unreachable": _l("The calendar could not be fetched. Check that it is published, and that the address is whole."),
    "unreadable": _l("What lies at this address is no calendar. Copy the address for calendar programs (ICS)."),
    "too-much": _l("The calendar is too large to be read, or repeats itself too often."),
}
STATES: dict[str, LazyString] = {
    "never": _l("Not fetched yet"),
    "ok": _l("Up to date"),
    "failed": _l("Cannot be fetched"),
    "waiting": _l("Waits to be fetched"),
}
COLORS = {"never": "neutral", "ok": "success", "failed": "danger", "waiting": "info"}


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One own calendar as it is shown; the address itself never is."""

    row: ExternalCalendar
    address: str
    state: str
    color: str
    waiting: bool
    problem: str
    unreadable: str
    age: str


def hours_words(hours: Hours) -> list[str]:
    """ "Monday–Friday 08:00–11:00 and 12:00–15:00", equal weekdays together; nothing where it never opens."""
    names = get_day_names("wide", locale=locale_of(page_language()))
    groups: list[tuple[int, int, Any]] = []
    for number, day in enumerate(WEEKDAYS):
        span = [f"{opens}{EN_DASH}{closes}" for opens, closes in spans_of(hours, day)]
        if groups and groups[-1][1] == number - 1 and groups[-1][2] == span:
            groups[-1] = (groups[-1][0], number, span)
        elif span:
            groups.append((number, number, span))
    return [
        f"{names[first]}{f'{EN_DASH}{names[last]}' if last > first else ''} {listed(spans)}"
        for first, last, spans in groups
    ]


def lines_of(*owners: Host | User) -> list[CalendarLine]:
    """Their calendars, each with its state in words."""
    return [_line(row) for row in calendars_of(*owners)]


def page_parts(
    owners: Sequence[Host | User], quiet: QuietForm | None = None, calendar: CalendarForm | None = None
) -> dict[str, Any]:
    """What both pages show of these people and hosts; a form that was refused is shown again as it was sent."""
    return {
        "quiet_rows": quiet_periods_of(*owners, first=venue_date(now())),
        "calendar_lines": lines_of(*owners),
        "quiet_form": quiet or QuietForm(*owners, formdata=None),
        "calendar_form": calendar or CalendarForm(*owners, formdata=None),
        "hours_words": hours_words,
        "words_for": words_for,
    }


def _line(row: ExternalCalendar) -> CalendarLine:
    waiting = is_waiting(row, at=now())
    state = "waiting" if waiting else row.state
    unreadable = ngettext(
        "%(num)d entry in it makes no sense and is left out.",
        "%(num)d entries in it make no sense and are left out.",
        row.unreadable,
    )
    return CalendarLine(
        row=row,
        address=masked_url(row) or _("unreadable: the encryption key has changed"),
        state=str(STATES[state]),
        color=COLORS[state],
        waiting=waiting,
        problem=str(FAILURES[row.failure]) if row.state == "failed" else "",
        unreadable=unreadable if row.unreadable and row.state == "ok" else "",
        age=_age(row) if row.state == "failed" and row.fetched_at else "",
    )


def _age(row: ExternalCalendar) -> str:
    assert row.fetched_at is not None
    minutes = int((now() - row.fetched_at).total_seconds() // 60)
    if minutes < 60:
        return ngettext("The busy times are %(num)d minute old.", "The busy times are %(num)d minutes old.", minutes)
    hours = minutes // 60
    if hours < 48:
        return ngettext("The busy times are %(num)d hour old.", "The busy times are %(num)d hours old.", hours)
    return ngettext("The busy times are %(num)d day old.", "The busy times are %(num)d days old.", hours // 24)
