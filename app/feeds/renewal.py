"""A calendar of which only some weeks changed is made anew in those weeks alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select

from app.core.standing import StandingConnections, Statement
from app.feeds.parts import Body, with_weeks
from app.feeds.selection import CANCELLED_STAYS, Shown, by_week, events_of_weeks, time_decides
from app.visits.programme_models import FeedWeek

KNOWN_FEEDS = 256  # the same few are fetched again and again
# None: values given when it is carried out, also where the compiler looks at them before.
_CHANGED = select(FeedWeek.week).where(
    FeedWeek.kind == bindparam("kind", None),
    FeedWeek.scope_id == bindparam("scope_id", None),
    FeedWeek.version > bindparam("since", None),
)


@dataclass(frozen=True, slots=True)
class Anew:
    """The calendar as it is now, the weeks made anew for it, and when the first cancelled event of them leaves."""

    body: Body
    texts: Mapping[int, bytes]
    leaving_at: datetime | None


class Renewal:
    """Finds what changed since a version, through the driver's own cursor."""

    def __init__(self, connections: StandingConnections) -> None:
        self.connections = connections
        self._changed = connections.statement(_CHANGED)
        self._events = lru_cache(maxsize=KNOWN_FEEDS)(self._events_of)

    def renew(self, cursor: Any, shown: Shown, base: Body, *, since: int, at: datetime) -> Anew:
        """`base`, what the calendar was at version `since`, with the weeks that changed.

        The caller has read the version it becomes before, and which weeks changed is read before their events: a change
        in between is told with a version of its own, so the result looks old, never fresh.
        """
        scope = {"kind": shown.kind, "scope_id": shown.scope_id, "since": since}
        weeks = [week for (week,) in self._changed.run(cursor, **scope)]
        times = {name: self.connections.moment(moment) for name, moment in time_decides(at).items()}
        rows = self._events(shown).run(cursor, **scope, **times).fetchall()
        texts = dict.fromkeys(weeks, b"") | by_week((week, body) for week, body, _ in rows)
        cancelled = [self.connections.read_moment(cancelled_at) for _, _, cancelled_at in rows if cancelled_at]
        leaving_at = min(cancelled) + CANCELLED_STAYS if cancelled else None
        return Anew(with_weeks(base, texts), texts, leaving_at)

    def _events_of(self, shown: Shown) -> Statement:
        return self.connections.statement(events_of_weeks(shown, _CHANGED))
