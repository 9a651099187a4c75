"""Spans of a day: what they share, what is left of them, and a calendar's hours and busy times on one day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from app.core.time import in_venue
from app.planning.scene import MIDNIGHT, Busy, Calendar, Span

BusyDays = Mapping[date, tuple[tuple[Span, Busy], ...]]


def shared(ones: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The time in both; each list in order and without overlaps."""
    found = [Span(max(a.starts, b.starts), min(a.ends, b.ends)) for a in ones for b in others]
    return sorted(span for span in found if span.starts < span.ends)


def without(spans: Sequence[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of spans in order when others are taken out."""
    left = list(spans)
    for hole in sorted(taken):
        rest: list[Span] = []
        for span in left:
            if hole.ends <= span.starts or span.ends <= hole.starts:
                rest.append(span)
                continue
            rest += [Span(span.starts, hole.starts)] if span.starts < hole.starts else []
            rest += [Span(hole.ends, span.ends)] if hole.ends < span.ends else []
        left = rest
    return left


def joined(spans: Iterable[Span]) -> list[Span]:
    """The time in any of them, in order and without overlaps."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.starts <= found[-1].ends:
            last = found.pop()
            found.append(Span(last.starts, max(last.ends, span.ends)))
        else:
            found.append(span)
    return found


def longest(spans: Iterable[Span]) -> int:
    """Minutes of the longest span, 0 when there is none."""
    return max((span.ends - span.starts for span in spans), default=0)


def busy_days(calendar: Calendar) -> BusyDays:
    """The calendar's busy times by the venue's day; one that runs past midnight is on each of its days."""
    days: defaultdict[date, list[tuple[Span, Busy]]] = defaultdict(list)
    for busy in calendar.busy:
        begins, ends = in_venue(busy.starts_at), in_venue(busy.ends_at)
        day = begins.date()
        while day < ends.date() or (day == ends.date() and (ends.hour or ends.minute or ends.second)):
            days[day].append((Span(_from(begins, day), _until(ends, day)), busy))
            day += timedelta(days=1)
    return {day: tuple(found) for day, found in days.items()}


def _from(begins: datetime, day: date) -> int:
    return begins.hour * 60 + begins.minute if begins.date() == day else 0


def _until(ends: datetime, day: date) -> int:
    """A minute that has begun is taken."""
    return ends.hour * 60 + ends.minute + (1 if ends.second else 0) if ends.date() == day else MIDNIGHT
