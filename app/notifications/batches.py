"""The mails that one run makes leave no sooner than all are made: what is due for one person is one mail then.

A mail in the making is held like a mail in a sender's hands, under no number yet. Whoever makes it lets it go at the
end of the run; where the process ended before, the hold ends by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update

from app.extensions import db
from app.notifications.groups import ALWAYS, DIGESTS
from app.notifications.models import Notification

MOMENT = timedelta(seconds=3)  # a run that ends while another goes on waits for what that one has in hand
LONGEST = timedelta(seconds=20)  # a run that takes longer (after an outage) holds nothing back for its sake
ALONE = (*ALWAYS, *DIGESTS)  # kinds that never share a mail
AT_ONCE = 500


@dataclass(slots=True)
class Batch:
    """The mails that were made in one run so far."""

    ids: list[int] = field(default_factory=list)


_batch: ContextVar[Batch | None] = ContextVar("batch", default=None)


@contextmanager
def one_batch() -> Iterator[Batch]:
    """While it lasts, mails that may share one are held as they are made; `let_go` comes afterwards."""
    token = _batch.set(Batch())
    try:
        yield _batch.get() or Batch()
    finally:
        _batch.reset(token)


def hold(made: Notification, *, at: datetime) -> None:
    """A mail that was just made waits for the others of its run; one that is urgent or goes alone does not."""
    batch = _batch.get()
    if batch is None or made.status != "due" or made.kind in ALONE or made.facts.get("urgent"):
        return
    made.claimed_until = at + LONGEST
    batch.ids.append(made.id)


def let_go(batch: Batch, *, at: datetime) -> None:
    """All are made: senders may take them; a moment later where another run is still at it.

    Two schedulers share the rows of one list. Whoever ends first leaves its mails held for that moment: they go
    together with what the other one makes.
    """
    if not batch.ids:
        return
    _hold_until(None, batch)
    going_on = exists().where(Notification.status == "due", is_in_the_making(), Notification.claimed_until > at)
    if db.session.scalar(select(going_on)):
        _hold_until(at + MOMENT, batch)


def _hold_until(until: datetime | None, batch: Batch) -> None:
    mine = is_in_the_making() if until is None else and_(Notification.claim == 0, Notification.status == "due")
    for first in range(0, len(batch.ids), AT_ONCE):
        some = Notification.id.in_(batch.ids[first : first + AT_ONCE])
        held = update(Notification).where(some, mine).values(claimed_until=until)
        db.session.execute(held.execution_options(synchronize_session=False))


def is_in_the_making() -> ColumnElement[bool]:
    """Held by whoever makes it: no sender has had it."""
    return and_(Notification.claim == 0, Notification.claimed_until.is_not(None))


def is_unclaimed(at: datetime) -> ColumnElement[bool]:
    """In nobody's hands."""
    return or_(Notification.claimed_until.is_(None), Notification.claimed_until <= at)
