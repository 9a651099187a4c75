"""Others' iCalendar read: repetitions laid out, exceptions applied, every time made UTC; titles never get this far.

Runs in a process of its own (see sandbox.py): a file that is too much work for it must not take us along.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar, Event

from app.calendars.busy import MOST_OCCURRENCES, BusyTime, Horizon, NotTaken, Reading
from app.calendars.essentials import essentials_of
from app.calendars.freebusy import busy_periods
from app.calendars.moments import DAY, busy_within, moment
from app.calendars.recurrence import estimated_occurrences

_LENGTH: Final = "X-LENGTH"
# What the libraries raise for a calendar or a series that cannot be; OSError for a zone whose name is no file's.
NONSENSE: Final = (
    *(ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError, RecursionError),
    OSError,
)
_SERIES: Final = ("RRULE", "RDATE", "RECURRENCE-ID")
_FREE: Final = ("FREE", "WORKINGELSEWHERE")  # Outlook's own word says more than TRANSP


def read_busy(body: bytes, horizon: Horizon) -> Reading:
    """The times in the horizon when the owner is busy, in order; raises NotTaken where no answer can be trusted."""
    essentials = essentials_of(body, horizon)
    series, broken = _sound_series(_parsed(essentials.calendar), horizon)
    found, senseless = busy_periods(essentials.free_busy, horizon)
    for events in series:
        try:
            found.update(_busy_in(events, horizon))
        except NONSENSE:
            broken += 1
        if len(found) > MOST_OCCURRENCES:
            raise NotTaken("too-much")
    return Reading(tuple(joined(found)), broken + senseless)


def joined(times: set[BusyTime]) -> Iterator[BusyTime]:
    """The same times without overlaps among those of one kind: how many meetings lie in them is nobody's business."""
    done: list[BusyTime] = []
    for kind in (False, True):
        last: BusyTime | None = None
        for one in sorted(each for each in times if each.tentative is kind):
            if last is not None and one.starts_at <= last.ends_at:
                last = BusyTime(last.starts_at, max(last.ends_at, one.ends_at), kind)
                continue
            done += [last] if last else []
            last = one
        done += [last] if last else []
    return iter(sorted(done))


def _parsed(text: str) -> Calendar:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a guessed time zone is all right
        try:
            found = Calendar.from_ical(text)
        except NONSENSE as error:
            raise NotTaken("unreadable") from error
    if not isinstance(found, Calendar):
        raise NotTaken("unreadable")
    return found


def _sound_series(calendar: Calendar, horizon: Horizon) -> tuple[list[list[Event]], int]:
    """Events by what they belong to, and how many had to be left out; raises NotTaken for rules without end."""
    series: dict[str, list[Event]] = {}
    broken = 0
    for number, event in enumerate(calendar.events):
        try:
            _prepare(event)
            _refuse_endless(event, horizon.last)
        except NONSENSE:
            broken += 1
            continue
        series.setdefault(str(event.get("UID", "")) or f"without {number}", []).append(event)
    return list(series.values()), broken


def _refuse_endless(event: Event, last: date) -> None:
    for rule in _each(event.get("RRULE")):
        if estimated_occurrences(rule, _value(event, "DTSTART"), last) > MOST_OCCURRENCES:
            raise NotTaken("too-much")


def _prepare(event: Event) -> None:
    """A property that may stand once and stands twice counts once: the last wins, as in calendar programs."""
    for name in ("DTSTART", "DTEND", "DURATION", "UID", "STATUS", "TRANSP", "RECURRENCE-ID", "SEQUENCE"):
        values: Any = event.get(name)
        if isinstance(values, list):
            event[name] = values[-1]
    _value(event, "DTSTART")  # without it, it is no event
    if "DURATION" in event and "DTEND" not in event and _value(event, "DURATION").seconds:
        event[_LENGTH] = event["DURATION"]  # the library turns it into an end on the wall clock


def _value(event: Event, name: str) -> Any:
    """The property's date, time or length; raises one of NONSENSE where it has none."""
    found: Any = event[name]
    return found.dt


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if value is not None else []


def _busy_in(events: list[Event], horizon: Horizon) -> Iterator[BusyTime]:
    for occurrence in _occurrences(events, horizon):
        if (busy := _busy_time(occurrence, horizon)) is not None:
            yield busy


def _occurrences(events: list[Event], horizon: Horizon) -> list[Event]:
    """Each time the event takes place; a day more on both sides, as zones differ by that much."""
    if len(events) == 1 and not any(name in events[0] for name in _SERIES):
        return events
    holder = Calendar()
    for event in events:
        holder.add_component(event)
    query = recurring_ical_events.of(holder)
    return query.between(horizon.first - DAY, horizon.last + 2 * DAY)


def _busy_time(event: Event, horizon: Horizon) -> BusyTime | None:
    """When it keeps its owner busy within the horizon; None when it does not."""
    outlook = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    status = str(event.get("STATUS", "")).upper()
    if status == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT" or outlook in _FREE:
        return None
    begin, end = _span(event, ZoneInfo(horizon.zone))
    return busy_within(horizon, begin, end, tentative="TENTATIVE" in (status, outlook))


def _span(event: Event, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end. Hours of a DURATION are real hours, also in a night when the clock changes; days are days."""
    starts: date = _value(event, "DTSTART")
    begin = moment(starts, zone)
    length: timedelta | None = _value(event, _LENGTH) if _LENGTH in event else None
    if "DTEND" in event:
        ends: date = _value(event, "DTEND")
        if not isinstance(starts, datetime) and ends <= starts:  # some programs write a whole day as ending on itself
            return begin, moment(starts + DAY, zone)
        if length is None or ends - starts != length:
            return begin, moment(ends, zone)
    if length is not None:
        return begin, begin + length
    if "DURATION" in event:
        return begin, moment(starts + _value(event, "DURATION"), zone)
    return begin, begin if isinstance(starts, datetime) else moment(starts + DAY, zone)
