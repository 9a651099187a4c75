"""Keeping others' calendars fresh: one is taken, fetched without a transaction, and its busy times are replaced.

Any number of schedulers may run: taking is one conditional UPDATE, and what was fetched counts only as long as nobody
else has taken the row meanwhile. When a fetch fails the old times stay; their age is shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, delete, insert, or_, select, update

from app.calendars.busy import BusyTime, FailureCode, Horizon, NotTaken, Reading
from app.calendars.fetching import Tags, fetch
from app.calendars.models import BusyBlock, ExternalCalendar
from app.calendars.sandbox import read_safely
from app.core.time import venue_date, venue_zone
from app.core.tokens import unseal
from app.extensions import db
from app.people.models import Host, User

AT_ONCE = 8  # fetches; ten servers that never answer hold up the others by half a minute at most
IN_ONE_GO = 40  # so that no round takes much more than a minute
EVERY = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=12)
LEASE = timedelta(minutes=2)  # longer than any fetch and reading may take
BACK, AHEAD = timedelta(days=14), timedelta(days=396)  # thirteen months
STALE = timedelta(days=7)  # then it is read anew even if unchanged: the horizon has moved


NONE = Tags()


@dataclass(frozen=True, slots=True)
class Order:
    """A calendar that was taken, and all that is needed to fetch it without the database."""

    calendar_id: int
    url: str
    tags: Tags
    horizon: Horizon
    taken_until: datetime


@dataclass(frozen=True, slots=True)
class News:
    """What came of it: a reading, or None where nothing has changed, or the code of a failure."""

    reading: Reading | None = None
    tags: Tags = NONE
    failure: FailureCode | None = None


def due_ids(*, at: datetime) -> Sequence[int]:
    """Some calendars to fetch now, those that wait longest first; not those of people and hosts who are gone."""
    mine = ExternalCalendar.user_id.in_(select(User.id).where(User.deactivated_at.is_(None)))
    ours = ExternalCalendar.host_id.in_(select(Host.id).where(Host.retired_at.is_(None)))
    query = select(ExternalCalendar.id).where(_free(at), mine | ours)
    return db.session.scalars(query.order_by(ExternalCalendar.due_at, ExternalCalendar.id).limit(IN_ONE_GO)).all()


def take(calendar_id: int, *, at: datetime) -> Order | None:
    """Take it for two minutes; None when somebody else has. Commit before fetching."""
    until = at + LEASE
    taking = update(ExternalCalendar).where(ExternalCalendar.id == calendar_id, _free(at))
    if not _changed(taking.values(taken_until=until, attempted_at=at)):
        return None
    found = db.session.get_one(ExternalCalendar, calendar_id, populate_existing=True)
    today = venue_date(at)
    horizon = Horizon(today - BACK, today + AHEAD, venue_zone().key)
    fresh = found.seen_until is not None and found.seen_until + STALE >= horizon.last
    tags = Tags(found.etag, found.modified) if fresh else NONE
    url = unseal(found.sealed_url, str(current_app.config["DATA_KEY"])) or ""
    return Order(calendar_id, url, tags, horizon, until)


def carry_out(order: Order) -> News:
    """Fetch and read; takes up to 20 seconds and never fails. Touches no database."""
    try:
        found = fetch(order.url, tags=order.tags, allowed=current_app.config["ICS_FETCH_ALLOW"])
        if found.body is None:
            return News(tags=found.tags)
        return News(read_safely(found.body, order.horizon), found.tags)
    except NotTaken as error:
        return News(failure=error.code)


def record(order: Order, news: News, *, at: datetime) -> bool:
    """Replace the times, or note the failure and keep the old ones; False when the calendar is not ours any more."""
    query = select(ExternalCalendar).where(
        ExternalCalendar.id == order.calendar_id, ExternalCalendar.taken_until == order.taken_until
    )
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        return False
    found.taken_until = None
    if news.failure:
        found.state, found.failure, found.failures = "failed", news.failure, found.failures + 1
        found.due_at = at + min(EVERY * 2 ** min(found.failures - 1, 10), LONGEST_PAUSE)
        return True
    if news.reading is not None:
        _replace(found.id, news.reading.busy)
        found.seen_until, found.unreadable = order.horizon.last, news.reading.unreadable
        found.etag, found.modified = news.tags.etag, news.tags.modified
    found.state, found.failure, found.failures, found.fetched_at = "ok", "", 0, at
    found.due_at = at + EVERY
    return True


def drop_old_blocks(at: datetime) -> int:
    """Busy times that are over: a fetch that goes well replaces them, one that fails must not keep them."""
    old = delete(BusyBlock).where(BusyBlock.ends_at < at - BACK)
    return db.session.connection().execute(old).rowcount


def drop_calendars_of_the_gone(at: datetime) -> int:
    """Addresses and busy times of people who may not sign in any more, thirty days later."""
    gone = select(User.id).where(User.deactivated_at < at - timedelta(days=30))
    old = delete(ExternalCalendar).where(ExternalCalendar.user_id.in_(gone))
    return db.session.connection().execute(old).rowcount


SWEEPS = (drop_old_blocks, drop_calendars_of_the_gone)


def _free(at: datetime) -> Any:
    taken = or_(ExternalCalendar.taken_until.is_(None), ExternalCalendar.taken_until <= at)
    return (ExternalCalendar.due_at <= at) & taken


def _changed(statement: Any) -> bool:
    return cast(CursorResult[Any], db.session.execute(statement)).rowcount == 1


def _replace(calendar_id: int, busy: Sequence[BusyTime]) -> None:
    """Write only what differs: most calendars are the same a quarter of an hour later."""
    mine = BusyBlock.calendar_id == calendar_id
    query = select(BusyBlock.starts_at, BusyBlock.ends_at, BusyBlock.tentative).where(mine)
    if sorted(BusyTime(*row) for row in db.session.execute(query)) == list(busy):
        return
    db.session.execute(delete(BusyBlock).where(mine))
    rows = [
        {"calendar_id": calendar_id, "starts_at": one.starts_at, "ends_at": one.ends_at, "tentative": one.tentative}
        for one in busy
    ]
    if rows:
        db.session.execute(insert(BusyBlock), rows)
