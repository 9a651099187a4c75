"""The catalogue's mails as the city wants them: switched off they stay notices, own words replace the usual ones.

Rows are asked once for each look at what happened, never for each mail that is made. What is switched off is still a
row of the outbox, so that it stands under Notices; what tells of a change within 48 hours of the start leaves even so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.notifications.batches import is_in_the_making, is_unclaimed
from app.notifications.claims import DONE, WAITING
from app.notifications.event_lines import CHANGES, Line, find_line
from app.notifications.event_models import EventMail
from app.notifications.inviting import invite
from app.notifications.kinds import KINDS
from app.notifications.models import Notification
from app.visits.models import Activity

Names = Collection[tuple[str, str]]
NOTED = "noted"
UNSENT = (*WAITING, "held")
SWITCHED_OFF = "switched off"  # why a row is a notice alone, besides what its reader chose


def changed_lines() -> Mapping[tuple[str, str], EventMail]:
    """Every row, under verb and kind."""
    return {(row.verb, row.kind): row for row in db.session.scalars(select(EventMail))}


def names_off() -> frozenset[tuple[str, str]]:
    """Verb and kind of what is switched off; what may never be is not among them, whatever the table says."""
    rows = db.session.execute(select(EventMail.verb, EventMail.kind).where(EventMail.is_on.is_(False)))
    return frozenset((verb, kind) for verb, kind in rows if (line := find_line(verb, kind)) and not line.locked)


def keep_back(rows: Iterable[Notification | None], verb: str, off: Names) -> None:
    """Of the mails just made, those that are switched off become notices alone."""
    for row in rows:
        if row is not None and (verb, row.kind) in off and not _leaves_even_so(row):
            _note(row)


def words_for(found: Notification) -> dict[str, Any]:
    """The city's own words for a mail that something happening sent; empty for every other mail."""
    activity = db.session.get(Activity, found.activity_id) if found.activity_id else None
    if activity is None or find_line(activity.verb, found.kind) is None:
        return {}
    asked = select(EventMail.words).where(EventMail.verb == activity.verb, EventMail.kind == found.kind)
    return db.session.scalar(asked) or {}


def switch(line: Line, *, on: bool, at: datetime) -> int:
    """On or off from now on; off, what waits becomes a notice too. Returns how many mails that kept back."""
    if not on and line.locked:
        return 0
    row_of(line).is_on = on
    db.session.flush()
    waiting = [] if on else _waiting(line, at)
    for row in waiting:
        _note(row)
    db.session.flush()
    for row in waiting:
        _bring_calendar(row, at)
    return len(waiting)


def put_words(line: Line, words: dict[str, Any]) -> None:
    """Own words in three languages; empty: the usual ones again."""
    row_of(line).words = words


def restore(line: Line) -> None:
    """As the catalogue has it."""
    row = find_row(line)
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def row_of(line: Line) -> EventMail:
    """The line's row, made where there is none yet."""
    row = find_row(line)
    if row is None:
        row = EventMail(verb=line.verb, kind=line.kind, is_on=True, words={})
        db.session.add(row)
    return row


def hold_row(line: Line) -> EventMail:
    """The line's row, made where there is none, which nobody else changes before the commit."""
    insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
    new = insert(EventMail).values(verb=line.verb, kind=line.kind, is_on=True, words={}).on_conflict_do_nothing()
    db.session.execute(new)
    mine = select(EventMail).where(EventMail.verb == line.verb, EventMail.kind == line.kind)
    return db.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()


def find_row(line: Line) -> EventMail | None:
    """The line's row, where something was changed."""
    return db.session.scalar(select(EventMail).where(EventMail.verb == line.verb, EventMail.kind == line.kind))


def _waiting(line: Line, at: datetime) -> list[Notification]:
    """Mails of that line that wait in no sender's hands."""
    free = or_(is_unclaimed(at), is_in_the_making())
    query = (
        select(Notification)
        .join(Activity, Activity.id == Notification.activity_id)
        .where(Activity.verb == line.verb, Notification.kind == line.kind, Notification.status.in_(UNSENT), free)
        .with_for_update(skip_locked=True, of=Notification)
    )
    return [row for row in db.session.scalars(query.order_by(Notification.id)) if not _leaves_even_so(row)]


def _leaves_even_so(row: Notification) -> bool:
    return row.status not in UNSENT or (row.kind in CHANGES and bool(row.facts.get("urgent")))


def _note(row: Notification) -> None:
    """The application alone tells of it; a sender that was paused with it sends nothing when it wakes."""
    row.status, row.error = NOTED, SWITCHED_OFF
    row.claim = (row.claim or 0) + 1
    for name, value in DONE.items():
        setattr(row, name, value)


def _bring_calendar(row: Notification, at: datetime) -> None:
    """What a mail kept back would have brought to a calendar comes as an invitation of its own."""
    activity = db.session.get(Activity, row.activity_id) if row.activity_id else None
    if activity is not None and row.visit is not None and KINDS[row.kind].brings_calendar:
        invite([row.visit], activity, at=at)
