"""The programme as the visitor sees it: only what was proposed, by day; and as a calendar file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from app.core.time import now, venue_date
from app.feeds.files import visitor_calendar
from app.visits.known_stop import ShownStop, as_known
from app.visits.models import Visit
from app.web.formats import city_name
from app.web.language import page_language


@dataclass(frozen=True, slots=True)
class ProgrammeDay:
    """One day's stops in order."""

    on: date
    appointments: list[ShownStop]


def shown(visit: Visit) -> list[ShownStop]:
    """Stops that were proposed, in order: no holds; a cancelled one where the visitor had accepted it.

    What is changed greatly and not proposed yet is as the visitor knows it.
    """
    kept = [one for one in visit.appointments if one.status in ("tentative", "confirmed") or one.agreed]
    return sorted(map(as_known, kept), key=lambda one: (one.starts_at, one.id))


def by_day(appointments: Sequence[ShownStop]) -> list[ProgrammeDay]:
    """The stops under the venue's calendar dates."""
    days = groupby(appointments, key=lambda one: venue_date(one.starts_at))
    return [ProgrammeDay(day, list(stops)) for day, stops in days]


def mark_of(appointments: Sequence[ShownStop]) -> str:
    """A short text that changes whenever a stop does: the visitor accepts what was on the page, nothing newer."""
    return "-".join(f"{one.id}.{one.sequence}" for one in appointments)


def calendar_of(visit: Visit) -> bytes:
    """The programme as an iCalendar file; the same UIDs as in the hosts' calendars, without anything for hosts only."""
    return visitor_calendar(visit, language=page_language(), city=city_name(), at=now())
