"""By when the reader is to do what a mail asks: every date that the application itself goes by, written out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from app.core.dates import written_day, written_moment
from app.core.time import venue_date
from app.notifications import facts
from app.notifications.facts import About
from app.notifications.parts import Late
from app.notifications.wording import zone_words
from app.people.links import LIFETIMES
from app.strategy.settings import city_rules
from app.visits.clocks import response_clock
from app.visits.models import Visit
from app.visits.waiting import NEAR_DAYS

TIME_TO_REPORT = timedelta(days=7)  # from each time it is asked for
SIGN_IN_MINUTES = LIFETIMES["sign-in"] // timedelta(minutes=1)
Moment = Callable[[Visit, About, datetime], datetime | None]


def confirmed_until(visit: Visit, _about: About, _at: datetime) -> datetime | None:
    """When a request is closed whose address nobody confirmed."""
    return visit.submitted_at + timedelta(hours=city_rules().confirm_hours)


def answer_promised(visit: Visit, _about: About, at: datetime) -> datetime | None:
    """When the visitor is to have an answer."""
    clock = response_clock(visit, at=at)
    return clock.due_at if clock else None


def next_open_begins(visit: Visit, _about: About, at: datetime) -> datetime | None:
    """When the first stop begins that waits for the visitor's yes and has not begun yet."""
    waiting = [stop.starts_at for stop in visit.appointments if stop.status == "tentative"]
    return min((start for start in waiting if start > at), default=None)


def stop_begins(visit: Visit, about: About, _at: datetime) -> datetime | None:
    """When the one stop begins."""
    return facts.stop_begins(visit, about)


def part_answered(visit: Visit, about: About, _at: datetime) -> datetime | None:
    """Until when the asked host may take the stop: while it is held, else until it begins."""
    stop = facts.find_appointment(about)
    held_until = stop.hold_until if stop and stop.status == "hold" else None
    return held_until or facts.stop_begins(visit, about)


def holds_end(visit: Visit, about: About, _at: datetime) -> datetime | None:
    """When the first of the holds of that day lapses."""
    return facts.holds_end(visit, about) if "day" in about else None


MOMENTS: dict[str, Moment] = {
    "confirm_by": confirmed_until,
    "promised_by": answer_promised,
    "accept_by": next_open_begins,
    "stop_begins": stop_begins,
    "part_by": part_answered,
    "holds_end": holds_end,
}


def dates_for(visit: Visit, about: About, language: str, city: str, *, at: datetime) -> dict[str, Any]:
    """Each of these dates as words, worked out where a mail asks for it; empty where there is none."""

    def words(moment: Moment) -> Late:
        return Late(lambda: written_moment(found, language, city) if (found := moment(visit, about, at)) else "")

    def zone(moment: Moment) -> Late:
        return Late(lambda: zone_words(found, city) if (found := moment(visit, about, at)) else "")

    return {name: words(moment) for name, moment in MOMENTS.items()} | {
        "confirm_zone": zone(confirmed_until),
        "promised_zone": zone(answer_promised),
        "plan_by": Late(lambda: _plan_by(visit, language, at)),
        "report_by": written_day(venue_date(at + TIME_TO_REPORT), language),
    }


def _plan_by(visit: Visit, language: str, at: datetime) -> str:
    """The day on which a programme should stand, before the first wished one; empty where that is no time ahead."""
    first = min((window.starts_on for window in visit.windows), default=None)
    day = first - timedelta(days=NEAR_DAYS) if first else None
    return written_day(day, language) if day and day > venue_date(at) else ""
