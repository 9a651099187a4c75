"""Who is reminded of what and when: reminders.yaml of the city, or the application's own."""

from __future__ import annotations

from pathlib import Path

from app.city.nodes import Entry, Register
from app.city.rows import SOURCES
from app.city.types import ReminderRow, Reminders
from app.city.yamlfile import open_entry
from app.notifications.audiences import AUDIENCES
from app.notifications.fitting_people import is_for_visitor
from app.notifications.reminder_moments import ANCHORS
from app.notifications.reminder_rules import LONGEST, VERBS, kinds_fitting
from app.notifications.reminder_timing import CLOCKS, DIRECTIONS, UNITS

NAME = "reminders.yaml"
DEFAULTS = Path(__file__).parent / "data" / NAME
REQUIRED = ("slug", "anchor", "amount", "unit", "direction", "clock", "audience", "kind")


def read_reminders(path: Path, register: Register) -> Reminders:
    """The rules in the file, in their order; the application's own where the city has no such file."""
    fields = open_entry(path if path.exists() else DEFAULTS).fields(["source", "reminders"])
    rows = tuple(_rule(entry, position, register) for position, entry in enumerate(fields["reminders"].items()))
    return Reminders(rows, fields["source"].one_of(SOURCES))


def _rule(entry: Entry, position: int, register: Register) -> ReminderRow:
    fields = entry.fields(REQUIRED, ("verb", "on"))
    anchor = fields["anchor"].one_of(tuple(ANCHORS))
    if (anchor == "activity") != ("verb" in fields):
        entry.fail("a rule names a verb when its anchor is an activity, and only then")
    verb = fields["verb"].one_of(VERBS) if "verb" in fields else ""
    unit = fields["unit"].one_of(UNITS)
    return ReminderRow(
        slug=register.declare("reminder", fields["slug"]),
        anchor=anchor,
        verb=verb,
        amount=fields["amount"].whole(0, LONGEST[unit]),
        unit=unit,
        direction=fields["direction"].one_of(DIRECTIONS),
        clock=fields["clock"].one_of(CLOCKS),
        audience=tuple(_audience(fields)),
        kind=fields["kind"].one_of(kinds_fitting(anchor, verb)),
        is_on=fields["on"].flag() if "on" in fields else True,
        position=position,
    )


def _audience(fields: dict[str, Entry]) -> list[str]:
    """The words of the audience; a mail with the visitor's secret link goes to the visitor alone."""
    words = [item.one_of(tuple(AUDIENCES)) for item in fields["audience"].items()]
    if (
        not words
        or (words == ["visitor"]) != is_for_visitor(fields["kind"].text())
        or ("visitor" in words and len(words) > 1)
    ):
        fields["audience"].fail("the visitor gets mails for visitors, alone; everybody else gets the others")
    return words
