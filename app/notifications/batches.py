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

from sqlalchemy import ColumnElement, and_, or_, update

from app.extensions import db
from app.notifications.groups import ALWAYS, DIGESTS
from app.notifications.models import Notification

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


def let_go(batch: Batch) -> None:
    """All are made: senders may take them."""
    for first in range(0, len(batch.ids), AT_ONCE):
        some = Notification.id.in_(batch.ids[first : first + AT_ONCE])
        free = update(Notification).where(some, is_in_the_making()).values(claimed_until=None)
        db.session.execute(free.execution_options(synchronize_session=False))


def is_in_the_making() -> ColumnElement[bool]:
    """Held by whoever makes it: no sender has had it."""
    return and_(Notification.claim == 0, Notification.claimed_until.is_not(None))


def is_unclaimed(at: datetime) -> ColumnElement[bool]:
    """In nobody's hands."""
    return or_(Notification.claimed_until.is_(None), Notification.claimed_until <= at)
