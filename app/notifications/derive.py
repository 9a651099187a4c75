"""From what happened to who is told: each Activity once, however many schedulers look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import select

from app.extensions import db
from app.notifications.catalogue import RULES
from app.notifications.events import Names, keep_back, names_off
from app.notifications.happening import Happening, Tell
from app.notifications.inviting import invite
from app.notifications.restoration import cause_of
from app.notifications.stale_feeds import stale_tells
from app.notifications.write import put
from app.visits.models import Activity


def unannounced_ids(*, at: datetime | None = None, limit: int = 500) -> Sequence[int]:
    """The activities nobody has been told of yet, oldest first, whatever the time `at` is."""
    query = select(Activity.id).where(Activity.announced_at.is_(None)).order_by(Activity.id)
    return db.session.scalars(query.limit(limit)).all()


def announce(activity_id: int, *, at: datetime, off: Names | None = None) -> int:
    """Tell everybody concerned, once each, and mark the activity; returns how many mails that made.

    `off` is what the city has switched off, asked for here where the caller did not ask once for many.
    """
    query = select(Activity).where(Activity.id == activity_id, Activity.announced_at.is_(None))
    activity = db.session.scalar(query.with_for_update(skip_locked=True, of=Activity))
    if activity is None:
        return 0
    activity.announced_at = at
    tells = list(_tells(activity))
    cause_at = cause_of(activity)
    rows = [
        put(
            tell.kind, tell.recipient, visit=tell.visit, key=_key(activity, tell), about=tell.about,
            due_at=max(at, tell.not_before or at), at=at, activity=activity, cause_at=cause_at,
        )
        for tell in tells
    ]  # fmt: skip
    keep_back(rows, activity.verb, names_off() if off is None else off)
    db.session.flush()
    rows += invite([activity.visit, *(tell.visit for tell in tells)], activity, at=at)
    return sum(row is not None for row in rows)


def _tells(activity: Activity) -> Iterator[Tell]:
    """What the catalogue says, without the actor, each person's first line only (each of several commitments)."""
    told: set[tuple[str, int]] = set()
    rule, what = RULES.get(activity.verb), Happening(activity)
    for tell in chain(rule(what) if rule else (), stale_tells(what)):
        mark = (tell.recipient.key, tell.about.get("follow_up", 0))
        if mark not in told and not _is_actor(tell, activity):
            told.add(mark)
            yield tell


def _key(activity: Activity, tell: Tell) -> str:
    part = tell.about.get("follow_up")
    return f"a{activity.id}" + (f".{part}" if part else "")


def _is_actor(tell: Tell, activity: Activity) -> bool:
    """Nobody is told of their own act; a visitor gets receipts."""
    if tell.recipient.user is None:
        return activity.actor == "visitor" and not tell.is_receipt
    return tell.recipient.user.id == activity.user_id
