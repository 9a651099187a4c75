"""The venue's time zone as a VTIMEZONE with yearly rules, read off the system's time zone data.

Yearly rules (RRULE) rather than lists of dates: Thunderbird and Outlook misread the dated form.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from app.core.time import venue_zone

_YEARS: Final = range(1996, 2037)  # Europe's present rules began in 1996; beyond 2036 there is only what rules say
_LASTING: Final = 10  # years that a rule must hold at the end of them
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the clock: when, on the clock before it, and the offsets and the name it leads to."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def rules(self) -> set[tuple[object, ...]]:
        """The yearly rules it may be an instance of: such a weekday of the month, and the last one."""
        at = (self.wall.month, self.wall.time(), self.before, self.after)
        weekday = _WEEKDAYS[self.wall.weekday()]
        nth = {f"{(self.wall.day - 1) // 7 + 1}{weekday}"}
        if (self.wall + timedelta(days=7)).month != self.wall.month:
            nth.add(f"-1{weekday}")
        return {(one, *at) for one in nth}


def on_the_wall(moment: datetime) -> datetime:
    """The moment in the venue's zone; in UTC for the one hour a year that its wall clock shows twice.

    A TZID time means the first of the two (RFC 5545, 3.3.5), but Thunderbird's reader takes it for the second. Raises
    ValueError for a naive moment.
    """
    if moment.tzinfo is None:
        raise ValueError(f"naive datetime: {moment!r}")
    local = moment.astimezone(venue_zone())
    comes_twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return moment.astimezone(UTC) if comes_twice else local


def venue_vtimezone() -> str:
    """The venue's zone for every file that names it."""
    return vtimezone(venue_zone().key)


@lru_cache(maxsize=8)
def vtimezone(name: str) -> str:
    """The zone as text; raises ValueError for one whose clock does not change by the same rules every year."""
    zone = Timezone()
    zone.add("tzid", name)
    local = ZoneInfo(name)
    changes = {year: list(_changes(local, year)) for year in _YEARS}
    for number in range(len(changes[_YEARS[-1]])):
        _add(zone, *_ruled(changes, number))
    if not zone.subcomponents:
        _add(zone, _unchanging(local, changes), None)
    serialised: bytes = zone.to_ical()
    return serialised.decode()


def _ruled(changes: dict[int, list[Change]], number: int) -> tuple[Change, str]:
    """The first change of that place in the year from which the same rule has held ever since, and its weekday."""
    last = _YEARS[-1]
    same = changes[last][number].rules
    first = last
    for year in reversed(_YEARS):
        if len(changes[year]) != len(changes[last]) or not (still := same & changes[year][number].rules):
            break
        same, first = still, year
    if last - first < _LASTING:
        raise ValueError("no yearly rules")
    return changes[first][number], str(min(same, key=str)[0])


def _unchanging(local: ZoneInfo, changes: dict[int, list[Change]]) -> Change:
    """The clock of a zone without summer time; raises ValueError where it did change lately."""
    if any(changes[year] for year in _YEARS[-_LASTING:]):
        raise ValueError("no yearly rules")
    moment = datetime(_YEARS[-1], 1, 1, tzinfo=local)
    offset = moment.utcoffset() or timedelta()
    return Change(datetime(1970, 1, 1), offset, offset, moment.tzname() or "")  # noqa: DTZ001 (on the wall clock)


def _add(zone: Timezone, change: Change, weekday: str | None) -> None:
    part = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    part.add("tzname", change.name)
    part.add("dtstart", change.wall)
    if weekday:
        part.add("rrule", {"freq": "yearly", "bymonth": change.wall.month, "byday": weekday})
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", change.after)
    zone.add_component(part)


def _changes(local: ZoneInfo, year: int) -> Iterator[Change]:
    """The changes of the clock in that year, in order."""
    day = datetime(year, 1, 1, tzinfo=UTC)
    while day.year == year:
        following = day + timedelta(days=1)
        if _offset(local, day) != _offset(local, following):
            yield _change(local, day, following)
        day = following


def _change(local: ZoneInfo, before: datetime, after: datetime) -> Change:
    """The one change between the two moments, to the minute."""
    old = _offset(local, before)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        before, after = (middle, after) if _offset(local, middle) == old else (before, middle)
    new = after.astimezone(local)
    return Change((after + old).replace(tzinfo=None), old, new.utcoffset() or timedelta(), new.tzname() or "")


def _offset(local: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(local).utcoffset() or timedelta()
