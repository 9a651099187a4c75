"""When a person's or a host's own calendar elsewhere says that they are busy, for the page of their calendar.

Only in that person's or host's own calendar page, and so only for those whom agenda.may_open lets in; every other
calendar shows none. Of what takes the time nothing is known, so nothing can be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select

from app.calendars.models import BusyBlock, ExternalCalendar
from app.core.time import end_of_day, start_of_day, venue_date
from app.extensions import db
from app.visits.agenda import Entry, Of, Scope


@dataclass(frozen=True, slots=True)
class Source:
    """An own calendar as its page speaks of it: never its name or address."""

    fetched_at: datetime | None
    is_failing: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """What own calendars say: the times as entries, day by day, and how fresh they are; no sources, no calendars."""

    entries: Sequence[Entry] = ()
    sources: Sequence[Source] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    starts_at: datetime
    ends_at: datetime
    fetched_at: datetime | None


def taken_between(scope: Scope, start: datetime, end: datetime) -> Taken:
    """The busy times that touch the span from `start` up to `end`, overlapping ones as one; two queries."""
    whose = _whose(scope)
    if whose is None:
        return Taken()
    calendars = {row.id: row for row in db.session.scalars(select(ExternalCalendar).where(whose))}
    if not calendars:
        return Taken()
    query = select(BusyBlock.starts_at, BusyBlock.ends_at, BusyBlock.calendar_id, BusyBlock.tentative).where(
        BusyBlock.calendar_id.in_(calendars), BusyBlock.starts_at < end, BusyBlock.ends_at > start
    )
    sure: list[_Span] = []
    perhaps: list[_Span] = []
    for starts_at, ends_at, calendar_id, tentative in db.session.execute(query):
        span = _Span(max(starts_at, start), min(ends_at, end), calendars[calendar_id].fetched_at)
        (perhaps if tentative else sure).append(span)
    busy = merged(sure)
    found = [*_entries(busy, "confirmed"), *_entries(_without(merged(perhaps), busy), "tentative")]
    numbered = [replace(entry, id=-number) for number, entry in enumerate(sorted(found, key=_in_order), 1)]
    sources = [Source(row.fetched_at, row.state == "failed") for row in calendars.values()]
    return Taken(numbered, sources)


def merged(spans: Iterable[_Span]) -> list[_Span]:
    """Overlapping and touching ones as one, which is as old as the oldest of them."""
    found: list[_Span] = []
    for span in sorted(spans, key=lambda one: (one.starts_at, one.ends_at)):
        if found and span.starts_at <= found[-1].ends_at:
            last = found[-1]
            ages = [one for one in (last.fetched_at, span.fetched_at) if one is not None]
            found[-1] = _Span(last.starts_at, max(last.ends_at, span.ends_at), min(ages, default=None))
        else:
            found.append(span)
    return found


def _without(spans: Iterable[_Span], others: Sequence[_Span]) -> Iterator[_Span]:
    """What of the spans none of the others covers; both are in order and overlap nothing of their own."""
    for span in spans:
        begins = span.starts_at
        for other in others:
            if other.ends_at <= begins or other.starts_at >= span.ends_at:
                continue
            if other.starts_at > begins:
                yield replace(span, starts_at=begins, ends_at=other.starts_at)
            begins = max(begins, other.ends_at)
        if begins < span.ends_at:
            yield replace(span, starts_at=begins)


def _entries(spans: Iterable[_Span], status: str) -> Iterator[Entry]:
    """Each day of a span by itself, so that whole days can be told as days."""
    for span in spans:
        day, last = venue_date(span.starts_at), venue_date(span.ends_at - timedelta(seconds=1))
        while day <= last:
            yield _on(day, span, status)
            day += timedelta(days=1)


def _on(day: date, span: _Span, status: str) -> Entry:
    starts_at, ends_at = max(span.starts_at, start_of_day(day)), min(span.ends_at, end_of_day(day))
    whole = (starts_at, ends_at) == (start_of_day(day), end_of_day(day))
    fetched = span.fetched_at
    return Entry(0, starts_at, ends_at, status, is_busy=True, is_own=True, is_whole_day=whole, fetched_at=fetched)


def _in_order(entry: Entry) -> tuple[datetime, datetime]:
    return entry.starts_at, entry.ends_at


def _whose(scope: Scope) -> ColumnElement[bool] | None:
    match scope.of:
        case Of.PERSON:
            return ExternalCalendar.user_id == scope.id
        case Of.HOST:
            return ExternalCalendar.host_id == scope.id
    return None
